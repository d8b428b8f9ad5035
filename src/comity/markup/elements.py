"""HTML from Python values: text is always escaped, and only what these functions made counts as markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"meta", "br", "hr", "col"})


class Markup(str):
    """HTML that is already escaped."""

    __slots__ = ()


def element(tag: str, /, *children: object, **attributes: object) -> Markup:
    """The HTML element `tag`; a child that is not Markup is escaped, an attribute that is None is left out.

    An attribute's trailing underscore is dropped and inner ones become hyphens: `class_`, `aria_label`.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Markup(f"<{tag}{said}>")
    return Markup(f"<{tag}{said}>{join(children)}</{tag}>")


def join(children: Iterable[object]) -> Markup:
    """The children one after another, each escaped unless it is Markup."""
    return Markup("".join(child if isinstance(child, Markup) else escape(str(child)) for child in children))


def table(headings: Iterable[str], rows: Iterable[Iterable[object]], caption: str) -> Markup:
    """A table with a caption; the first cell of a row is its heading, and columns of numbers line up on the right."""
    cells = [list(row) for row in rows]
    numeric = [all(_is_number(row[place]) for row in cells) for place in range(len(cells[0]))] if cells else []
    kinds = ["number" if number else None for number in numeric]
    titles = [*headings]
    head = element(
        "tr", *(_heading(title, kind) for title, kind in zip(titles, kinds or [None] * len(titles), strict=True))
    )
    body = element("tbody", *(_row(row, kinds) for row in cells))
    whole = element("table", element("caption", caption), element("thead", head), body)
    return element("div", whole, class_="table", tabindex="0", role="region", aria_label=caption)


def _heading(title: str, kind: str | None) -> Markup:
    return element("th", title, scope="col", class_=kind)


def _row(cells: list[object], kinds: list[str | None]) -> Markup:
    first, *rest = cells
    others = (element("td", cell, class_=kind) for cell, kind in zip(rest, kinds[1:], strict=True))
    return element("tr", element("th", first, scope="row"), *others)


def _is_number(cell: object) -> bool:
    return not isinstance(cell, Markup) and str(cell).replace(",", "").replace(".", "").isdigit()
