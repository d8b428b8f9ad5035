"""The report's charts: drawn once as SVG without script, in colours that follow the reader's light or dark page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comity.markup import Markup

WIDTH = 760
_BAR = 26
_WIDE = 0.06

# Vega wants colours it can read; each is replaced by a variable of the style sheet once the drawing is text.
_INK = "#010101"
_FAINT = "#020202"
_PALETTE = {
    "yes": "#030303",
    "no": "#040404",
    "returned": "#050505",
    "people": "#060606",
    "paper": "#070707",
}
_VARIABLES = {
    _INK: "var(--ink)",
    _FAINT: "var(--line)",
    **{colour: f"var(--{name})" for name, colour in _PALETTE.items()},
}


def counts(values: Mapping[str, int], meaning: Mapping[str, str], title: str) -> Markup:
    """Horizontal bars, one a word of `values`, each with its number; `meaning` names the colour of a word."""
    import altair as alt

    rows = [
        {"word": word, "count": count, "colour": _PALETTE[meaning.get(word, "no")]} for word, count in values.items()
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("word:N", sort=None, title=None, axis=alt.Axis(labelLimit=320, domain=False, ticks=False)),
        x=alt.X("count:Q", title=None, axis=None, scale=alt.Scale(domainMin=0)),
    )
    bars = base.mark_bar(height=_BAR * 0.62, aria=False).encode(color=alt.Color("colour:N", scale=None))
    numbers = base.mark_text(align="left", dx=5, color=_INK, aria=False).encode(text=alt.Text("count:Q", format=","))
    return _svg((bars + numbers).properties(width=WIDTH - 300, height=_BAR * max(len(rows), 1)), title)


def ways(rows: Sequence[tuple[str, str, int, str]], title: str) -> Markup:
    """Bars, one a stage, divided into parts; `rows` are (stage, part, count, colour name) in reading order."""
    import altair as alt

    base = alt.Chart(alt.InlineData(values=_stacked(rows))).encode(
        y=alt.Y("stage:N", sort=None, title=None, axis=alt.Axis(labelLimit=160, domain=False, ticks=False))
    )
    axis = alt.Axis(format=",d", gridColor=_FAINT, tickCount=5)
    bars = base.mark_bar(height=34, stroke=_PALETTE["paper"], strokeWidth=2, aria=False).encode(
        x=alt.X("start:Q", title="requests", axis=axis), x2="end:Q", color=alt.Color("colour:N", scale=None)
    )
    numbers = base.transform_filter("datum.wide").mark_text(color=_PALETTE["paper"], fontWeight="bold", aria=False)
    labelled = numbers.encode(x="middle:Q", text=alt.Text("count:Q", format=","))
    stages = len({stage for stage, *_ in rows})
    return _svg((bars + labelled).properties(width=WIDTH - 130, height=52 * stages), title)


def _stacked(rows: Sequence[tuple[str, str, int, str]]) -> list[dict[str, object]]:
    """Each part with its place along its stage's bar, and whether it is wide enough to bear its number."""
    ends: dict[str, int] = {}
    placed: list[dict[str, object]] = []
    whole = max(sum(count for stage, _, count, _ in rows if stage == name) for name in {row[0] for row in rows})
    for stage, _, count, colour in rows:
        start = ends.get(stage, 0)
        ends[stage] = start + count
        place = {"stage": stage, "start": start, "end": start + count, "middle": start + count / 2, "count": count}
        placed.append({**place, "colour": _PALETTE[colour], "wide": count > whole * _WIDE})
    return placed


def _svg(chart: Any, title: str) -> Markup:  # noqa: ANN401 -- Altair's charts share no public type
    import vl_convert

    dressed = chart.configure(background="transparent", font="sans-serif").configure_view(stroke=None)
    dressed = dressed.configure_axis(
        labelColor=_INK, titleColor=_INK, domainColor=_FAINT, tickColor=_FAINT, labelFontSize=13, titleFontSize=13
    ).configure_text(fontSize=13)
    drawn = vl_convert.vegalite_to_svg(dressed.to_dict())
    for colour, variable in _VARIABLES.items():
        drawn = drawn.replace(colour, variable)
    return Markup(drawn.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1))
