"""The report of a run: one file that needs nothing else, and says everything the run established."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from comity.demo.report import render
from comity.demo.report_proof import log_section, reply_section
from comity.markup import element, table

from .invented_run import COMPARISON, RULING, RUN


@pytest.fixture(scope="module")
def report():
    return render(RUN)


class Outline(HTMLParser):
    """Every element is closed in its turn, and links within the page lead somewhere."""

    def __init__(self, page):
        super().__init__()
        self.open, self.ids, self.links, self.astray = [], set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.ids.add(said.get("id"))
        self.links += [said["href"]] if tag == "a" else []
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            self.astray.append(tag)


def test_every_element_closes_and_every_link_stays_on_the_page(report):
    outline = Outline(report)
    assert (outline.open, outline.astray) == ([], [])
    assert {link.removeprefix("#") for link in outline.links} <= outline.ids


def test_the_page_loads_nothing_and_runs_nothing(report):
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:", report)
    assert set(re.findall(r'https?://[^"\s]+', report)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_it_says_rehearsal_first_and_last(report):
    body = report[report.index("<body>") :]
    assert "REHEARSAL" in body[:200]
    assert "REHEARSAL" in body[-200:]


def test_every_count_code_and_determination_is_there(report):
    for code in RUN.codes:
        assert code.code in report
        assert code.clause in report
    for word in (*RUN.determinations, *RUN.answers):
        assert word in report or word.replace("_", " ").capitalize() in report
    for figure in ("8,315", "5,710", "1,301", "1,304", "95.3%", "8,343", RUN.log.root):
        assert figure in report


def test_a_ruling_is_quoted_with_its_clause_and_a_comparison_stands_side_by_side(report):
    assert RULING.quote in report
    assert "26 USC 6103(i)(2)(A) (statute); gate G-33" in report
    for compared in COMPARISON.fields:
        assert compared.says in report
        assert compared.level in report


def test_what_was_sent_is_text_and_never_markup(report):
    assert "&lt;at dawn&gt; &amp; return." in report
    assert "<at dawn>" not in report


def test_a_log_that_did_not_verify_is_not_said_to_have():
    failed = log_section(replace(RUN.log, verified=False))
    assert "did not verify" in failed
    assert "verified from its files alone" not in failed


def test_a_reply_that_did_not_open_is_not_said_to_have():
    assert "could not be opened" in reply_section(replace(RUN.reply, opened=False))


def test_the_same_run_gives_the_same_report(report):
    assert render(RUN) == report


def test_colours_follow_the_reader_s_page(report):
    drawings = "".join(re.findall(r"<svg.*?</svg>", report, re.DOTALL))
    assert "var(--yes)" in drawings
    assert not re.search(r'(fill|stroke)="#', drawings)


def test_the_facts_do_not_print_the_people_of_the_cases():
    assert "duchess" not in repr(RUN)
    assert "at dawn" not in repr(RUN)


def test_a_column_of_numbers_lines_up_and_a_mixed_one_does_not():
    made = table(("a", "b", "c"), [("x", "1,000", "1"), ("y", "2", "two")], "Caption")
    assert made.count('class="number"') == 3
    assert element("p", "a < b", title='"') == '<p title="&quot;">a &lt; b</p>'
