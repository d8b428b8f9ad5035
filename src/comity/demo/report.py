"""The report of a run as one HTML file that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from comity.demo import charts
from comity.demo.facts import AccuracyFacts, RunFacts
from comity.demo.report_cases import case_section
from comity.demo.report_proof import hold_section, log_section, reply_section
from comity.markup import Markup, element, join, table

_ANSWER_COLOURS = {"CONFIRMED": "yes", "NO_DISCLOSURE": "no", "RETURNED": "returned"}
_DETERMINATION_COLOURS = {"confirmed": "yes", "unclear": "people", "ambiguous": "people"}
_CODES_DRAWN = 20


def render(run: RunFacts) -> str:
    """The HTML report of `run`, complete with style and charts; the same facts give the same text."""
    sections = [
        element("section", element("h2", f"{number}. {title}"), body(run), id=f"s{number}")
        for number, (title, body) in enumerate(_SECTIONS, start=1)
    ]
    style = Markup((files("comity.demo") / "report.css").read_text(encoding="utf-8"))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"Rehearsal {run.submission}: report of a run"),
        element("style", style),
    )
    main = element("main", _figures(run), _contents(), *sections, class_="wide")
    body = element("body", _banner(), _top(run), main, _foot(run))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _banner() -> Markup:
    return element("p", "REHEARSAL. Every person, record and request in this report is synthetic.", class_="banner")


def _top(run: RunFacts) -> Markup:
    lede = (
        f"{run.requester} asked {run.custodian} to confirm the addresses of {run.requests:,} people under the "
        f"agreement {run.agreement}. This is what was asked, what was answered, and under which words of which law."
    )
    particulars = (
        f"Submission {run.submission} · agreement version {run.agreement_version} · {run.at:%d %B %Y, %H:%M} UTC · "
        f"seed {run.seed}"
    )
    inner = element(
        "div",
        element("h1", "Report of a rehearsal"),
        element("p", lede),
        element("p", particulars, class_="particulars"),
    )
    return element("header", inner, class_="page")


def _figures(run: RunFacts) -> Markup:
    accuracy = run.accuracy
    shown = {
        "Requests": f"{run.requests:,}",
        "Returned to the sender": f"{run.answers.get('RETURNED', 0):,}",
        "Confirmed": f"{run.answers.get('CONFIRMED', 0):,}",
        "No disclosure": f"{run.answers.get('NO_DISCLOSURE', 0):,}",
        "Of the confirmable, confirmed": f"{accuracy.recall:.1%}",
        "Wrong persons, by rule": f"{accuracy.wrong_person:,}",
        "Wrong persons, by vote": f"{accuracy.wrong_person_by_vote:,}",
        "Log entries": f"{run.log.size:,}",
    }
    pairs = (element("div", element("dt", name), element("dd", figure)) for name, figure in shown.items())
    return element("dl", *pairs, class_="figures")


def _contents() -> Markup:
    links = (
        element("li", element("a", title, href=f"#s{number}")) for number, (title, _) in enumerate(_SECTIONS, start=1)
    )
    return element("nav", element("ol", *links), aria_label="Contents")


def _steps(run: RunFacts) -> Markup:
    said = element(
        "p",
        "A request passes seven steps. No step can be skipped: a reply is sealed only on two officers' signatures over "
        "exactly these answers and on the log's receipt for them.",
    )
    rows = ((f"{step.number}. {step.name}", step.did, f"{step.seconds:.1f}") for step in run.steps)
    return join([said, _ways(run), table(("Step", "What happened", "Seconds"), rows, "The seven steps of this run")])


def _ways(run: RunFacts) -> Markup:
    looked_up = [
        ("Determinations", word, count, _DETERMINATION_COLOURS.get(word, "no"))
        for word, count in run.determinations.items()
    ]
    answered = [("Answers", word, count, _ANSWER_COLOURS.get(word, "no")) for word, count in run.answers.items()]
    ruled = [("Rulings", "passed", run.passed, "yes"), ("Rulings", "returned", run.returned, "returned")]
    drawn = charts.ways(
        [*ruled, *looked_up, *answered], "How the requests went through rulings, comparison and answers"
    )
    key = join(
        [
            _key("yes", "passed or confirmed"),
            _key("people", "left to people"),
            _key("no", "no disclosure"),
            _key("returned", "returned to the sender"),
        ]
    )
    return element("figure", drawn, element("figcaption", key))


def _key(colour: str, words: str) -> Markup:
    return join([element("span", class_=f"key {colour}"), words])


def _rulings(run: RunFacts) -> Markup:
    said = (
        f"{run.returned:,} requests went back with all their codes, because their own paper did not meet the statute, "
        "the agreement or a court's reading of them; they were not looked up. A code marked “review” waited for an "
        "examiner. A request may carry several codes."
    )
    most = sorted(run.codes, key=lambda code: -code.requests)[:_CODES_DRAWN]
    colours = {code.code: "returned" if code.outcome == "return" else "people" for code in most}
    drawn = charts.counts({code.code: code.requests for code in most}, colours, "Requests by code of ruling")
    key = join([_key("returned", "returned"), _key("people", "waited for an examiner")])
    rows = (
        (element("code", code.code), code.says, code.clause, code.outcome, f"{code.requests:,}") for code in run.codes
    )
    listed = table(("Code", "Says", "Rests on", "Outcome", "Requests"), rows, "Every code that was given")
    return join([element("p", said), element("figure", drawn, element("figcaption", key)), listed])


def _comparison(run: RunFacts) -> Markup:
    said = (
        f"{run.passed:,} requests were compared with {run.registry_rows:,} rows about {run.taxpayers:,} people. The "
        "decision is a rule in words. Without an agreeing address of record there is no confirmation, on any path; a "
        "differing birth date rules a confirmation out; and where two people fit, the rule does not choose."
    )
    drawn = charts.counts(run.determinations, _DETERMINATION_COLOURS, "Requests by determination")
    review = run.review
    people = (
        f"{_DETERMINATION_WORDS} go to people, and a sample of all else. Three reviewers cast {review.votes:,} votes "
        f"on {review.voted_requests:,} requests without seeing each other's; two agreeing votes for one named person "
        f"confirmed {review.confirmed_by_vote:,}. In this rehearsal reviewers vote from the truth and err in "
        f"{review.reviewer_error:.1%} of votes, on purpose. An examiner settled {review.settled:,} rulings, "
        f"{review.settled_as_pass:,} of them as passed. {' and '.join(review.approvers)} signed the answers."
    )
    audit = review.audit
    audited = (
        f"How wrong is the rule? Before anything left, people who were not told what it said read {audit.read:,} of "
        f"the {audit.confirmed:,} requests that it confirmed, and {audit.noes_read:,} that it did not. They did not "
        f"share {audit.found:,} confirmations, which became noes, and found {audit.missed:,} that it missed. Of the "
        f"rest no more than {audit.at_most:,} confirmations are wrong, with 95 % confidence, as far as two readers of "
        "the same record can see."
    )
    measured = (
        f"How wrong are the reviewers? Of {audit.known_votes:,} votes on cases whose answer the office knew, "
        f"{audit.known_wrong:,} were wrong: with 95 % confidence, {audit.known_share}."
    )
    paragraphs = (element("p", text) for text in (people, audited, measured))
    return join([element("p", said), element("figure", drawn), *paragraphs])


_DETERMINATION_WORDS = "“Unclear” and “ambiguous” requests"


def _accuracy(run: RunFacts) -> Markup:
    accuracy = run.accuracy
    rows = [(name, f"{figure:,}", says) for name, figure, says in _measured(accuracy)]
    said = (
        f"{accuracy.recall:.1%} of the requests that could be confirmed were. Because the people are synthetic, the "
        "truth of every answer is known, and every error is counted:"
    )
    return join([element("p", said), table(("Measured", "Requests", "Meaning"), rows, "Answers against the truth")])


def _measured(accuracy: AccuracyFacts) -> list[tuple[str, int, str]]:
    return [
        ("Confirmable", accuracy.confirmable, "in order, and the address is the person's own in a stated year"),
        ("Confirmed", accuracy.confirmed, "answered CONFIRMED"),
        ("Wrong person, by rule", accuracy.wrong_person, "confirmed about somebody else, without a person deciding"),
        ("Wrong person, by vote", accuracy.wrong_person_by_vote, "confirmed about somebody else by two reviewers"),
        ("Wrong address", accuracy.wrong_address, "the right person, but not the address of a stated year"),
    ]


def _cases(run: RunFacts) -> Markup:
    said = element(
        "p",
        f"{len(run.cases)} requests of this run, as an auditor sees them. The people are synthetic, so their names and "
        "addresses may be shown here; no other page, log or message of the system prints them.",
    )
    return join([said, *(case_section(number, case) for number, case in enumerate(run.cases, start=1))])


def _limits(_: RunFacts) -> Markup:
    return element("ul", *(element("li", limit) for limit in _LIMITS))


_LIMITS = (
    (
        "CONFIRMED says that a record for a stated period shows this name at this address. It does not say where "
        "anyone lives now; it is a lead, not proof."
    ),
    (
        "The people come from a simulation of some ten thousand. Father and son of one name, large apartment houses "
        "and missing middle names are rarer there than in life, so errors in life will be more frequent than here."
    ),
    "No wrong person in a run of this size bounds the rate of errors; it does not make it zero.",
    "Reviewers of a rehearsal are a program with a stated error rate. They exercise the procedure, not judgement.",
)


def _commands(run: RunFacts) -> Markup:
    rows = ((element("code", command), does) for command, does in run.commands)
    return table(("Command", "What it does"), rows, "Commands to try next")


def _foot(run: RunFacts) -> Markup:
    return element(
        "footer",
        element("div", f"Made in {run.seconds:.0f} seconds by comity demo, seed {run.seed}. REHEARSAL.", class_="wide"),
    )


_SECTIONS: tuple[tuple[str, Callable[[RunFacts], Markup]], ...] = (
    ("The seven steps", _steps),
    ("Rulings on the requester's paper", _rulings),
    ("Comparison and review", _comparison),
    ("How right it was", _accuracy),
    ("Cases", _cases),
    ("The reply", lambda run: reply_section(run.reply)),
    ("The log", lambda run: log_section(run.log)),
    ("A hold", lambda run: hold_section(run.hold)),
    ("What this does not show", _limits),
    ("Try it yourself", _commands),
)
