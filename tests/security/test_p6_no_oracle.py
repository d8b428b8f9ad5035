"""Counting, timing and sizing what the log shows of a submission of one request tells nothing about its answer (P6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from comity.accounting.leaf import commit
from comity.office import handing
from tests.world import World

# One request of the small set, as it is, and changed so that another answer follows, each by another way.
ONE = "request_id = 'SMALL-00001'"
KINDS = {
    "confirmed": "",
    "not on file": "'Zebulon' AS given_name, 'Quarrington' AS family_name",
    "another address": "'9917 Nowhere Parkway' AS street_line",
    "another birth date": "DATE '1931-01-01' AS date_of_birth",
    "unclear, and voted down": "NULL::DATE AS date_of_birth",
}


class Seen:
    """What the log and its files show of one released batch, and the entry that stays in the vault."""

    def __init__(self, world: World, changed: str) -> None:
        log = world.office.log
        before = log.checkpoint().size
        batch = world.receive(world.sent(2, ONE, changed))
        world.to_signed(batch)
        assert world.release(batch) == 1
        size = log.checkpoint().size
        state = world.office.batch(batch)
        self.answer = dict(state.answers.counts)
        self.leaves = [json.loads(leaf) for leaf in log.entries(before, size)]
        self.lengths = [len(leaf) for leaf in log.entries(before, size)]
        self.files = {
            str(path.relative_to(log.directory)): path.stat().st_size
            for path in sorted((log.directory / "tile").rglob("*"))
            if path.is_file()
        }
        self.entry = self._entry(world.place / "home" / "batches" / batch)
        entry = handing.reply_entry(world.office, state, handing.recipients(world.office, state)[0])
        self.reply = (world.place / "home" / "batches" / batch / entry["file"]).stat().st_size

    @property
    def clear(self) -> list[dict[str, Any]]:
        """The leaves without their commitments, which are salted and of one length."""
        return [{key: said for key, said in leaf.items() if key not in COMMITMENTS} for leaf in self.leaves]

    def _entry(self, folder: Path) -> Mapping[str, Any]:
        [path] = folder.glob("accounting-*.parquet")
        with duckdb.connect() as con:
            names = ("outer_body", "outer_salt", "inner_body", "inner_salt")
            [row] = con.execute(f"SELECT {', '.join(names)} FROM '{path}'").fetchall()
        return dict(zip(names, row, strict=True))


COMMITMENTS = frozenset({"outer", "inner", "events"})


@pytest.fixture(scope="module")
def seen(prepared_template: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    found = {}
    for kind, changed in KINDS.items():
        world = prepared_template.copied(tmp_path_factory.mktemp("oracle"))
        found[kind] = Seen(world, changed)
        world.office.store.close()
    return found


def test_the_pairs_do_differ_in_their_answers(seen: dict[str, Seen]) -> None:
    answers = {kind: one.answer for kind, one in seen.items()}
    assert answers.pop("confirmed") == {"CONFIRMED": 1}
    assert set(map(str, answers.values())) == {"{'NO_DISCLOSURE': 1}"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "confirmed"])
def test_the_log_shows_the_same_whatever_was_answered(seen: dict[str, Seen], kind: str) -> None:
    yes, no = seen["confirmed"], seen[kind]
    # Their kinds, order, batch, hour and office version are in clear; so this compares all of these.
    assert no.clear == yes.clear
    assert no.lengths == yes.lengths
    assert no.files == yes.files
    assert no.reply == yes.reply


def test_what_is_compared_would_show_a_leaf_more(seen: dict[str, Seen]) -> None:
    kinds = [leaf["type"] for leaf in seen["confirmed"].clear]
    stages = ["received", "ruled", "determined", "countersigned", "intended", "sealed"]
    assert [kind.removesuffix("/1") for kind in kinds if not kind.startswith(("office", "request"))] == stages
    assert kinds.count("request/1") == 1
    assert {"at", "office_version", "intent"} <= set(seen["confirmed"].clear[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_what_opens_the_outer_commitment_does_not_open_the_inner_one(seen: dict[str, Seen], kind: str) -> None:
    one = seen[kind]
    [leaf] = [leaf for leaf in one.leaves if leaf["type"] == "request/1"]
    entry = {name: said.encode() if isinstance(said, str) else bytes(said) for name, said in one.entry.items()}
    outer, inner = entry["outer_body"], entry["inner_body"]
    assert commit(entry["outer_salt"], outer) == leaf["outer"]
    assert commit(entry["inner_salt"], inner) == leaf["inner"]
    # Whoever holds the outer body and salt, and guesses the inner body right, still cannot tell that it is right.
    assert commit(entry["outer_salt"], inner) != leaf["inner"]
    for secret in (entry["inner_salt"], entry["inner_salt"].hex().encode()):
        assert secret not in outer


def test_every_no_opens_to_the_same_outer_words(seen: dict[str, Seen]) -> None:
    said = {}
    for kind, one in seen.items():
        outer = json.loads(one.entry["outer_body"])
        said[kind] = (outer["answer"], outer["codes"], sorted(outer))
    yes = said.pop("confirmed")
    assert len(set(map(str, said.values()))) == 1
    assert yes[2] == said["not on file"][2]
