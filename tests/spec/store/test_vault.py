"""An artefact exists because an event names it; whatever else lies there is swept."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.case.errors import Integrity, Usage
from comity.store import Vault, connect
from comity.workspace import workspace


def test_an_artefact_is_found_by_what_an_event_says_of_it(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with workspace(vault.folder("B1")) as ws:
        made = ws.write("requests", "SELECT 1 AS row_number", "row_number")
    assert vault.artefact("B1", made.named()) == made


def test_an_artefact_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    with pytest.raises(Integrity) as caught:
        Vault(tmp_path).artefact("B1", {"kind": "requests", "digest": "a" * 64, "rows": 1})
    assert caught.value.code == "ARTEFACT_MISSING"


def test_what_no_event_names_is_swept_and_what_one_names_stays(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with workspace(vault.folder("B1")) as ws:
        kept = ws.write("requests", "SELECT 1 AS row_number", "row_number")
        ws.write("rulings", "SELECT 2 AS row_number", "row_number")
    (vault.folder("B1") / ".requests-x.draft").touch()
    (vault.folder("B1") / "segment-000001-000001-00.json").touch()
    assert vault.sweep("B1", [kept.named()]) == 2
    assert vault.artefact("B1", kept.named()) == kept
    assert (vault.folder("B1") / "segment-000001-000001-00.json").exists()


def test_a_new_batch_replaces_what_an_unfinished_intake_left(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    (vault.folder("B1") / "left").touch()
    (vault.folder(".incoming") / "fresh").touch()
    vault.adopt("B1", vault.folder(".incoming"))
    assert [path.name for path in vault.folder("B1").iterdir()] == ["fresh"]


def test_a_database_url_that_names_no_postgresql_is_refused_without_being_printed(tmp_path: Path) -> None:
    with pytest.raises(Usage) as caught:
        connect(tmp_path, "mysql://ann:hush@host/db")
    assert caught.value.code == "DATABASE_URL_UNREADABLE"
    assert "hush" not in str(caught.value)
