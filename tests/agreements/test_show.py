"""What `agreement show` prints: every passage, value, rule and case, the rule under the law it rests on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.agreements import Agreement, load, render_markdown, render_terminal

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
