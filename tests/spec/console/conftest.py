"""A console on a small office, and a browser without a browser: Django's test client, signed in as an officer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from comity.console.opened import Console, the_console
from comity.site.serving import prepare
from tests.world import World, submission_id

# Of a hundred and twenty requests: initials are for reviewers, a box waits for an examiner, no purpose goes back.
_NUMBER = "row_number() OVER (ORDER BY request_id)"
MIXED = f"""CASE WHEN {_NUMBER} <= 6 THEN left(given_name, 1) ELSE given_name END AS given_name,
    CASE WHEN {_NUMBER} BETWEEN 7 AND 9 THEN 'PO BOX 77' ELSE street_line END AS street_line,
    CASE WHEN {_NUMBER} BETWEEN 10 AND 14 THEN 'Civil removal' ELSE purpose END AS purpose"""
BATCH = submission_id(2)


@pytest.fixture(scope="session")
def mixed_template(prepared_template: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = prepared_template.copied(tmp_path_factory.mktemp("mixed"))
    world.receive(world.sent(2, changed=MIXED))
    assert world.work(BATCH) == "RULINGS_OPEN"
    return world


@pytest.fixture
def ruled(mixed_template: World, tmp_path: Path) -> Iterator[World]:
    """A world whose batch `BATCH` has rulings that wait for an examiner."""
    world = mixed_template.copied(tmp_path)
    yield world
    world.office.store.close()


@pytest.fixture(scope="session")
def compared_template(mixed_template: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = mixed_template.copied(tmp_path_factory.mktemp("compared"))
    world.settle(BATCH)
    assert world.work(BATCH) == "VOTES_OPEN"
    return world


@pytest.fixture
def compared(compared_template: World, tmp_path: Path) -> Iterator[World]:
    """A world whose batch `BATCH` has cases that wait for reviewers."""
    world = compared_template.copied(tmp_path)
    yield world
    world.office.store.close()


def console_of(world: World) -> Console:
    """The console on a world, its pages set up as the server sets them up; one for each world."""
    if getattr(settings, "COMITY_CONSOLE", None) and the_console().office is world.office:
        return the_console()
    console = Console(world.office, world.stage.cast.officers)
    world.office.progress = console.running.tell
    prepare(console)
    return console


def session(world: World, officer: str = "") -> Client:
    """A session of `officer` on a console of that world; of nobody without one."""
    console_of(world)
    browser = Client(headers={"host": "localhost"}, raise_request_exception=False)
    if officer:
        assert browser.post("/sign-in", {"officer": officer}).status_code == 302
    return browser
