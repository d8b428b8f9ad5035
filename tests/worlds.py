"""Worlds at the points of the story where tests begin; each is made once in a test run and copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live import LiveWorld, make_live_world
from tests.world import World, make_world


def _stage(name: str, before: str, advance: Callable[[World], object], make: Callable[[Path], World] = make_world):
    @pytest.fixture(scope="session", name=f"{name}_template")
    def template(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> World:
        place = tmp_path_factory.mktemp(name)
        world = request.getfixturevalue(f"{before}_template").copied(place) if before else make(place)
        advance(world)
        return world

    @pytest.fixture(name=name)
    def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
        world = request.getfixturevalue(f"{name}_template").copied(tmp_path)
        yield world
        world.office.store.close()

    copy.__doc__ = f"A world that is {name}."
    return template, copy


prepared_template, prepared = _stage("prepared", "", lambda world: None)
received_template, received = _stage("received", "prepared", World.receive)
answered_template, answered = _stage("answered", "received", World.to_answers)
signed_template, signed = _stage("signed", "answered", World.to_signed)
sealed_template, sealed = _stage("sealed", "signed", World.release)
live_template, live = _stage("live", "", lambda world: None, make_live_world)


def _sign_in_live(world: LiveWorld) -> None:
    world.lift_all()
    world.receive()
    world.to_signed()


live_signed_template, live_signed = _stage("live_signed", "live", _sign_in_live)
