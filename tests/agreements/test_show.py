"""What `agreement show` prints: every passage, value, rule and case, the rule under the law it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from comity.agreements import Agreement, excerpt, load, render_html, render_markdown, render_terminal
from comity.agreements.page import MARKS
from comity.case.errors import BadInput

AGREEMENT = load("irs_ice_2025")


@pytest.mark.parametrize("render", [render_markdown, render_terminal])
def test_everything_is_shown(render: Callable[[Agreement], str]) -> None:
    shown = render(AGREEMENT)
    assert AGREEMENT.digest in shown
    wanted = [*AGREEMENT.clauses, *(case.what for case in AGREEMENT.cases)]
    wanted += [word for gate in AGREEMENT.gates for word in (gate.name, gate.says, gate.unless)]
    wanted += [spoken.says for spoken in (*AGREEMENT.office_codes, *AGREEMENT.orders)]
    wanted += [value.says for value in AGREEMENT.values]
    assert [text for text in wanted if text not in shown] == []


@pytest.mark.parametrize("render", [render_markdown, render_terminal])
def test_the_rule_stands_between_its_law_and_its_cases(render: Callable[[Agreement], str]) -> None:
    shown = render(AGREEMENT)
    law = shown.index("within a period of 90 days")
    rule = shown.index("INTERVAL 90 DAY")
    case = shown.index("the ninety-first day")
    assert law < rule < case


class Page(HTMLParser):
    """The elements of a page and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.started: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.started.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def every(self, attribute: str) -> list[str]:
        """Every value of that attribute on the page."""
        return [str(attributes[attribute]) for _, attributes in self.started if attribute in attributes]


def test_the_page_shows_everything_and_fetches_nothing() -> None:
    text = render_html(AGREEMENT)
    page = Page(text)
    said = " ".join(" ".join(page.said).split())
    wanted = [AGREEMENT.digest, *AGREEMENT.clauses, *(case.what for case in AGREEMENT.cases)]
    wanted += [word for gate in AGREEMENT.gates for word in (gate.name, gate.says, gate.unless)]
    wanted += [value.says for value in AGREEMENT.values]
    wanted += [spoken.says for spoken in (*AGREEMENT.office_codes, *AGREEMENT.orders)]
    assert [words for words in wanted if " ".join(words.split()) not in said] == []
    assert {tag for tag, _ in page.started} & {"script", "link", "img", "iframe", "form"} == set()
    assert page.every("src") == []
    assert re.search(r"url\(|@import|https?:", text) is None


def test_every_link_of_the_page_leads_to_a_place_on_it_and_no_place_is_there_twice() -> None:
    page = Page(render_html(AGREEMENT))
    places = page.every("id")
    assert len(places) == len(set(places))
    assert set(page.every("href")) <= {f"#{place}" for place in places}
    assert {f"p{passage.number}" for passage in AGREEMENT.law} <= set(places)


def test_the_page_can_be_read_without_seeing_it() -> None:
    page = Page(render_html(AGREEMENT))
    tags = [tag for tag, _ in page.started]
    assert ("html", {"lang": "en"}) in page.started
    assert (tags.count("h1"), tags.count("main"), tags.count("nav")) == (1, 1, 1)
    assert tags.count("caption") == tags.count("table")
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    marks = [attributes["class"] for _, attributes in page.started if "mark" in str(attributes.get("class")).split()]
    assert len(marks) == len(AGREEMENT.law) + len(MARKS)
    assert all(page.said.count(f" {mark}") for mark in ("verbatim", "reported", "policy"))


def test_what_an_agreement_says_is_text_on_the_page_and_never_markup() -> None:
    hostile = replace(AGREEMENT, title="<script>alert(1)</script>", version='"><b>')
    page = Page(render_html(hostile))
    assert "script" not in {tag for tag, _ in page.started}
    assert "b" not in {tag for tag, _ in page.started}


def test_an_excerpt_has_the_rules_about_the_words_and_everything_that_they_rest_on() -> None:
    found = excerpt(AGREEMENT, "ninety_days_not_run")
    assert {gate.code for gate in found.gates} == {"NINETY_DAYS_NOT_RUN"}
    assert {passage.clause for passage in found.law} == {basis.clause for gate in found.gates for basis in gate.basis}
    assert {case.gate for case in found.cases} == {gate.name for gate in found.gates}
    for render in (render_html, render_markdown, render_terminal):
        assert "NINETY_DAYS_NOT_RUN" in render(found)
        assert "ADDRESS_PLACEHOLDER" not in render(found)


def test_an_excerpt_about_a_passage_has_the_rules_beside_it() -> None:
    found = excerpt(AGREEMENT, "8 USC 1325")
    assert found.gates
    assert any("1325" in passage.clause for passage in found.law)


def test_an_excerpt_about_nothing_is_the_whole_and_can_leave_out_the_cases() -> None:
    whole = excerpt(AGREEMENT, "", cases=False)
    assert (whole.law, whole.gates, whole.cases) == (tuple(AGREEMENT.law), tuple(AGREEMENT.gates), ())
    assert "| case |" not in render_markdown(whole)
    assert "Cases of" not in render_html(whole)


def test_words_that_stand_nowhere_are_said_to() -> None:
    with pytest.raises(BadInput, match="NOTHING_ABOUT"):
        excerpt(AGREEMENT, "a word that no statute has")
