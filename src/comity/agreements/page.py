"""Renders an agreement as one HTML page that needs nothing else: law on the left, what is made of it on the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from comity.agreements.base import Agreement
from comity.agreements.beside import cases_of, gates_beside, plain, said_beside, spoken_by, values_beside, written
from comity.agreements.cases import Case
from comity.agreements.gates import EVERYWHERE, RETURN, Gate
from comity.agreements.law import POLICY, REPORTED, VERBATIM, Passage
from comity.agreements.terms import Value
from comity.markup import Markup, element, join, table

MARKS = {
    VERBATIM: ("§", "the words of a statute, as they stood on the day given"),
    REPORTED: ("“ ”", "known through the source that is named"),
    POLICY: ("✎", "adopted by the custodian; counsel may set it otherwise"),
}
"""How each mark is shown beside its word, and what it means."""


def render_html(agreement: Agreement) -> str:
    """The agreement as one self-contained page; the same agreement gives the same text."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", agreement.title),
        element("style", Markup((files("comity.agreements") / "page.css").read_text(encoding="utf-8"))),
    )
    passages = (_passage(agreement, passage) for passage in agreement.law)
    main = element("main", _contents(agreement), *passages)
    body = element("body", element("a", "To the first passage", href="#p1", class_="skip"), _top(agreement), main)
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _top(agreement: Agreement) -> Markup:
    counted = (
        f"{len(agreement.law)} passages of law, {len(agreement.values)} values, {len(agreement.gates)} rules, "
        f"{len(agreement.cases)} cases, {len(agreement.orders)} court orders"
    )
    marks = (join([element("dt", _mark(mark)), element("dd", means)]) for mark, (_, means) in MARKS.items())
    return element(
        "header",
        element("h1", agreement.title),
        element("p", f"{agreement.name}, version {agreement.version}. {counted}."),
        element("p", "Digest ", element("code", agreement.digest)),
        element("dl", *marks, class_="marks"),
    )


def _mark(mark: str) -> Markup:
    sign = element("span", MARKS[mark][0], aria_hidden="true")
    return element("span", sign, f" {mark}", class_=f"mark {mark}")


def _contents(agreement: Agreement) -> Markup:
    entries = (
        element(
            "li",
            element("a", f"{passage.number}. {passage.clause}", href=f"#p{passage.number}"),
            " ",
            element("span", passage.mark, class_="soft"),
            _inner(element("a", gate.name, href=f"#{_anchor(gate)}") for gate in gates_beside(agreement, passage)),
        )
        for passage in agreement.law
    )
    return element("nav", element("h2", "Contents"), element("ol", *entries), aria_label="Contents")


def _inner(links: Iterable[Markup]) -> Markup:
    items = [element("li", link) for link in links]
    return element("ul", *items) if items else Markup("")


def _passage(agreement: Agreement, passage: Passage) -> Markup:
    heading = element("h2", f"{passage.number}. {passage.clause}")
    sides = element("div", _law(passage), _made_of_it(agreement, passage), class_="sides")
    return element("section", heading, sides, id=f"p{passage.number}")


def _law(passage: Passage) -> Markup:
    day = f", text of {passage.text_of}" if passage.text_of else ""
    words = (element("p", paragraph) for paragraph in passage.text.split("\n\n"))
    duty = element("p", element("strong", "Duty. "), passage.duty) if passage.duty else Markup("")
    source = element("p", _mark(passage.mark), f" {passage.source}{day}", class_="source")
    return element("div", source, element("blockquote", *words, class_=passage.mark), duty, class_="law")


def _made_of_it(agreement: Agreement, passage: Passage) -> Markup:
    values = values_beside(agreement, passage)
    parts = [_values(values, passage)] if values else []
    parts += [_said(name, says) for name, says in said_beside(agreement, passage)]
    parts += [_gate(agreement, gate) for gate in gates_beside(agreement, passage)]
    elsewhere = [gate for gate in agreement.gates if passage.clause in (basis.clause for basis in gate.basis[1:])]
    if elsewhere:
        links = _inner(element("a", gate.name, href=f"#{_anchor(gate)}") for gate in elsewhere)
        parts.append(element("div", element("p", "It also bears:"), links))
    return element("div", *parts, class_="made")


def _values(values: Iterable[Value], passage: Passage) -> Markup:
    rows = (
        (element("code", value.name), element("code", written(value)), f"{value.says} ({value.basis.level})")
        for value in values
    )
    return table(("Value", "Is", "Says"), rows, f"Values that rest on {passage.clause}")


def _said(name: str, says: str) -> Markup:
    return element("p", element("strong", name), f" {says}")


def _gate(agreement: Agreement, gate: Gate) -> Markup:
    anchors = {passage.clause: f"#p{passage.number}" for passage in agreement.law}
    rests = (
        element(
            "li", element("a", basis.clause, href=anchors[basis.clause]), f" ({basis.level}) ", _quoted(basis.quote)
        )
        for basis in gate.basis
    )
    cases = cases_of(agreement, gate)
    lines = (join([element("dt", name), element("dd", element("code", said))]) for name, said in _rule(agreement, gate))
    return element(
        "article",
        element("h3", gate.name),
        element("p", f"{gate.says} {gate.next}"),
        element("p", _standing(gate), class_="soft"),
        element("ul", *rests),
        element("dl", *lines, class_="rule"),
        table(("Case", "What differs", "Gives"), map(_case, cases), f"Cases of {gate.name}") if cases else "",
        id=_anchor(gate),
    )


def _rule(agreement: Agreement, gate: Gate) -> Iterator[tuple[str, str]]:
    if gate.applies != EVERYWHERE:
        yield "applies if", gate.applies
    yield "must hold", gate.unless
    yield from ((f":{value.name}", written(value)) for value in spoken_by(agreement, gate))
    yield from ((f"no {column}", code) for column, code in gate.absent.items())
    if gate.may_be_absent:
        yield "may be absent", ", ".join(gate.may_be_absent)


def _standing(gate: Gate) -> str:
    follows = f"A {gate.scope} that fails it {'is returned' if gate.outcome == RETURN else 'waits for an examiner'}"
    where = " It can be checked at the office alone." if gate.needs else ""
    return f"{follows}. In force from {gate.starts}.{where}"


def _quoted(quote: str) -> Markup:
    return element("q", quote) if quote else Markup("")


def _case(case: Case) -> tuple[object, ...]:
    return case.what, _differs(case.given, case.absent), element("code", case.gives)


def _differs(given: Mapping[str, object], absent: Iterable[str]) -> str:
    changed = [f"{name} = {plain(value)}" for name, value in given.items()]
    return "; ".join((*changed, *(f"no {name}" for name in absent)))


def _anchor(gate: Gate) -> str:
    return "g-" + gate.key.replace(" ", "-")
