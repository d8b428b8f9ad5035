"""The engine that an operator chose is the one that links, and the event says so."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from comity.case.errors import Waiting
from comity.linkage import EngineChoice
from comity.linkage.duckdb import DuckDBEngine
from comity.office import story
from tests.world import World


def worked(world: World, engine: EngineChoice | None) -> str:
    """The engine that the event of a batch names once it is linked."""
    with pytest.raises(Waiting):
        story.work(world.office, world.actor("operator"), world.batch, engine)
    determined = world.office.batch(world.batch).determined
    assert determined is not None
    return determined.engine


def test_without_a_word_duckdb_links(received: World) -> None:
    assert worked(received, None).startswith("duckdb, ")


def test_a_batch_is_linked_on_the_cluster_that_was_named(received: World, monkeypatch: pytest.MonkeyPatch) -> None:
    masters = []

    def engine_at(master: str) -> nullcontext[DuckDBEngine]:
        masters.append(master)
        return nullcontext(DuckDBEngine())

    monkeypatch.setattr("comity.linkage.spark.SparkEngine", engine_at)
    assert worked(received, EngineChoice("spark", "spark://cluster:7077")).startswith("spark, ")
    assert masters == ["spark://cluster:7077"]
