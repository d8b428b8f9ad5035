"""The chart of an evaluation by group: recall as a dot in its exact interval, as SVG without script."""

from __future__ import annotations

from collections.abc import Sequence

from comity.oversight.evaluation import Evaluation
from comity.oversight.groups import Grouping

WIDTH = 520
_ROW = 26
_INK = "#1b1b1b"
_FAINT = "#d5d5d5"
_DOT = "#2b5c8a"


def groups_chart(found: Sequence[Evaluation]) -> str:
    """SVG: for every column and every evidence a panel of its groups; those too small to say are left out."""
    import altair as alt
    import vl_convert

    panels = [_panel(evaluation, grouping) for evaluation in found for grouping in evaluation.groups]
    dressed = alt.vconcat(*panels).configure(background="white", font="sans-serif").configure_view(stroke=None)
    dressed = dressed.configure_axis(labelColor=_INK, titleColor=_INK, gridColor=_FAINT, labelLimit=260)
    return str(vl_convert.vegalite_to_svg(dressed.to_dict()))


def _panel(evaluation: Evaluation, grouping: Grouping):  # type: ignore[no-untyped-def]  # noqa: ANN202
    # Altair's charts share no public type.
    import altair as alt

    rows = [
        {"group": f"{group.group} ({group.recall.of:,})", "recall": rate.share, "low": rate.low, "high": rate.high}
        for group in grouping.groups
        if (rate := group.recall).share is not None
    ]
    percent = alt.Axis(format=".0%", title=f"recall by {grouping.column}, evidence {evaluation.evidence}", tickCount=6)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("group:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False))
    )
    span = base.mark_rule(color=_DOT, strokeWidth=2).encode(
        x=alt.X("low:Q", axis=percent, scale=alt.Scale(zero=False)), x2="high:Q"
    )
    dot = base.mark_point(color=_DOT, filled=True, size=70, opacity=1).encode(x="recall:Q")
    return (span + dot).properties(width=WIDTH, height=_ROW * max(len(rows), 1))
