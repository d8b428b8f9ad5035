"""The cases of the report: what was asked, the words of law or the comparison, and what followed."""

from __future__ import annotations

from comity.demo.facts import ComparedField, ComparisonCase, RulingCase
from comity.markup import Markup, element, join, table

_MARKS = {"agrees": "agrees", "in part": "absent", "differs": "differs", "not compared": "absent"}


def case_section(number: int, case: RulingCase | ComparisonCase) -> Markup:
    """One case as an article, numbered; a ruling quotes its clause, a comparison puts both sides next to each other."""
    body = _ruling(case) if isinstance(case, RulingCase) else _comparison(case)
    heading = element("h3", f"Case {number}. {case.title}")
    return element("article", element("span", case.request_id, class_="id"), heading, body, class_=_class(case.answer))


def _class(answer: str) -> str:
    return {"RETURNED": "case returned", "CONFIRMED": "case confirmed"}.get(answer, "case")


def _ruling(case: RulingCase) -> Markup:
    quote = element("blockquote", f"“{case.quote}”", element("cite", f"{case.clause} ({case.level}); gate {case.gate}"))
    told = element("p", element("strong", "The requester is told: "), f"{case.says} {case.next}")
    answer = element("p", "Answer: ", element("span", f"{case.answer} ({case.code})", class_="answer"))
    return join([_particulars(case.sent), quote, told, answer])


def _particulars(pairs: tuple[tuple[str, str], ...]) -> Markup:
    return element("dl", *(join([element("dt", name), element("dd", value or "—")]) for name, value in pairs))


def _comparison(case: ComparisonCase) -> Markup:
    sides = table(
        ("Field", "As sent", "As recorded", "Comparison"),
        (_line(field) for field in case.fields),
        "The request beside the record (synthetic)",
    )
    determined = element("p", element("strong", f"Determined {case.determination}: "), case.because)
    decided = element("p", element("strong", "Decided: "), case.decided)
    answer = element("p", "Answer: ", element("span", case.answer, class_="answer"), f". Truth: {case.truth}")
    return join([sides, determined, decided, answer])


def _line(field: ComparedField) -> tuple[object, ...]:
    level = element("span", field.level, class_=f"mark {_MARKS[field.level]}")
    said = join([level, element("br"), field.says])
    return field.name, element("span", field.sent or "—"), element("span", field.recorded or "—"), said
