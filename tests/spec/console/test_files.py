"""Copies of the files of a batch on the pages: offered by right, recorded before they leave, byte for byte."""

from __future__ import annotations

import hashlib

import pytest

from tests.spec.console.conftest import BATCH, session
from tests.spec.console.test_rules import code, events, text
from tests.world import World

PAGE = f"/b/{BATCH}/files/"
TAKE = f"{PAGE}take"


def offered(world: World, officer: str) -> list[str]:
    page = text(session(world, officer).get(PAGE))
    return [part.partition('"')[0] for part in page.split('name="file" value="')[1:]]


ASKED, FOUND = ["requests", "recipients", "rulings", "settled"], ["candidates", "determinations"]


@pytest.mark.parametrize(
    ("officer", "files"),
    [("examiner", ASKED), ("operator", FOUND), ("auditor", ASKED + FOUND), ("reviewer-1", []), ("screener", [])],
)
def test_an_officer_is_offered_what_the_roles_may_read(compared: World, officer: str, files: list[str]) -> None:
    assert offered(compared, officer) == files


def test_a_copy_is_byte_for_byte_what_the_log_names_and_who_has_it_is_in_the_log(compared: World) -> None:
    copied = session(compared, "auditor").post(TAKE, {"file": "rulings"})

    digest = compared.office.batch(BATCH).ruled.rulings["digest"]
    assert hashlib.sha256(b"".join(copied.streaming_content)).hexdigest() == digest
    assert copied["Content-Disposition"] == f'attachment; filename="rulings-{digest}.parquet"'
    assert events(compared, "copy_taken") == ["auditor"]
    assert not list(compared.office.home.directory.glob(".copy-*"))


@pytest.mark.parametrize(
    ("officer", "file", "said"),
    [
        ("examiner", "candidates", "RIGHT_MISSING"),
        ("reviewer-1", "requests", "RIGHT_MISSING"),
        ("auditor", "answers", "FILE_UNKNOWN"),
        ("auditor", "withholdings", "FILE_UNKNOWN"),
        ("auditor", "", "FILE_UNKNOWN"),
    ],
)
def test_what_a_form_asks_for_without_right_is_refused(compared: World, officer: str, file: str, said: str) -> None:
    assert code(session(compared, officer).post(TAKE, {"file": file})) == said
    assert events(compared, "copy_taken") == []
