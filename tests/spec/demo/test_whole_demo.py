"""The demonstration as a newcomer runs it, from the terminal, on people drawn afresh."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

KEYS = {
    "requests",
    "returned",
    "by_code",
    "determinations",
    "confirmed",
    "no_disclosure",
    "confirmable",
    "recall",
    "wrong_person",
    "wrong_person_by_vote",
    "wrong_address",
    "log_size",
    "log_verified",
    "reply_opened",
    "held_release_refused",
    "seconds",
    "report",
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """The folder of one demonstration, and the object it ended with."""
    pytest.importorskip("pseudopeople", reason="the extra `synthetic` is not installed")
    place = tmp_path_factory.mktemp("demo") / "demo"
    command = [str(Path(sys.executable).with_name("comity")), "demo", "--out", str(place), "--seed", "3", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return place, json.loads(done.stdout)


def test_it_confirms_nobody_wrong_and_proves_what_it_did(played: tuple[Path, dict[str, object]]) -> None:
    _, found = played
    assert set(found) == KEYS
    assert found["requests"] >= 7500
    assert found["returned"] + found["confirmed"] + found["no_disclosure"] == found["requests"]
    assert (found["wrong_person"], found["wrong_address"]) == (0, 0)
    assert found["recall"] > 0.8
    assert [found[name] for name in ("log_verified", "reply_opened", "held_release_refused")] == [True] * 3


@pytest.mark.parametrize(
    "code", ["REMOVAL_ORDER_DATE_MISSING", "PURPOSE_NOT_CRIMINAL", "ELEMENT_OUT_OF_SCOPE", "ADDRESS_PLACEHOLDER"]
)
def test_the_named_defects_are_among_what_came_back(played: tuple[Path, dict[str, object]], code: str) -> None:
    assert played[1]["by_code"][code] > 0


def test_its_report_stands_on_its_own(played: tuple[Path, dict[str, object]]) -> None:
    report = Path(str(played[1]["report"])).read_text(encoding="utf-8")
    assert "REHEARSAL" in report
    assert not re.search(r"""(src|href)=["'](?!#)""", report)
    assert "<script" not in report
    assert report.count("<article") == 10


def test_a_case_shows_the_person_whom_its_answer_is_about(played: tuple[Path, dict[str, object]]) -> None:
    report = Path(str(played[1]["report"])).read_text(encoding="utf-8")
    confirmed = [case for case in report.split("<article")[1:] if "CONFIRMED" in case]
    assert confirmed
    assert [case for case in confirmed if "the record is somebody else" in case] == []


def test_the_story_ends_before_today(played: tuple[Path, dict[str, object]]) -> None:
    report = Path(str(played[1]["report"])).read_text(encoding="utf-8")
    said = re.findall(r"&quot;at&quot;:&quot;(\d{4}-\d\d-\d\d)|\"at\":\"(\d{4}-\d\d-\d\d)", report)
    days = [one or other for one, other in said]
    assert days
    assert max(days) <= datetime.now(UTC).date().isoformat()


def test_no_officers_key_lies_in_the_home(played: tuple[Path, dict[str, object]]) -> None:
    place, _ = played
    assert {key.name for key in (place / "home").rglob("*.key")} == {
        "office.key",
        "log.key",
        "sampling.key",
        "pseudonym.key",
    }
    assert (place / "keys" / "officers" / "approver-1.key").exists()
