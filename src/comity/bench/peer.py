"""The peer: Splink's probabilistic linkage of the same requests with the same registry, set up as well as we know how.

Whatever can be spared the peer is spared it: both sides come to it standardised, a registry row per spell rather than
per form, with the very blocking keys of linkage; its model is trained beforehand, with care; and of the records that
it finds probable, the choice is made by role and stated year.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from comity.bench.measuring import out_of_memory
from comity.bench.stages import Stages
from comity.case.artefact import Artefact
from comity.case.errors import Integrity, Usage
from comity.linkage import Index, LinkageTerms
from comity.linkage.asked import ask, prepare
from comity.linkage.standing import NAME_COLUMNS
from comity.workspace import quoted, workspace
from comity.workspace.workspace import THREADS

if TYPE_CHECKING:
    from splink import Linker, SettingsCreator

THRESHOLD = 0.999
TRAINING_PAIRS = 1e7
SEED = 1
LAYING_OUT = "8GB"
SIDES = ("asked", "registry")
KEYS = ("key_place", "key_name", "key_town")
# What the model compares, by the name that it has on both sides.
COMPARED = {
    "given": "n_given",
    "middle": "n_middle",
    "family": "n_family",
    "number": "a_number",
    "street": "concat_ws(' ', a_pre, a_name, a_suffix, a_post)",
    "unit": "a_unit",
    "zip": "a_zip",
    "born": "born",
}
# Jaro and Winkler's similarity from which two names nearly agree, and from which they are alike.
ALIKE = [0.95, 0.88]
# What the model is trained on: pairs that share these, and what to estimate the chance of a match from.
TRAINED_ON = (("born", "zip"), ("given", "family"))
CERTAIN = ("given", "family", "number", "street", "zip")
CERTAIN_RECALL = 0.8


def determine(home: Path, requests: Artefact, settled: Artefact, index: Index, terms: LinkageTerms) -> Artefact:
    """Determine as the peer would, trained on these very tables; what `comity evaluate` puts beside linkage.

    Takes what `link` takes. Gives the artefact `peer` (row_number, request_id, determination `confirmed`, reason,
    taxpayer_id), one row per request that the peer confirms. Raises Usage `PEER_MISSING`.
    """
    require_peer()
    directory = home / "peer"
    directory.mkdir()
    lay_out(directory, requests, settled, index, terms)
    train(directory)
    predict(directory)
    return choose(directory)


def require_peer() -> None:
    """Raises Usage `PEER_MISSING` where Splink is not installed."""
    try:
        import splink  # noqa: F401
    except ImportError:
        raise Usage(
            "PEER_MISSING",
            "Splink, the peer to measure against, is not installed.",
            "Install Comity with its extra `bench`, or leave `--against` out.",
        ) from None


def lay_out(directory: Path, requests: Artefact, settled: Artefact, index: Index, terms: LinkageTerms) -> None:
    """Write what the peer reads to `directory`: `asked.parquet` and `registry.parquet`, each with `unique_id` (the row
    number of a request, the spell of the index), the columns of `COMPARED` standardised, and the blocking keys.

    Beside them `asked_facts.parquet` (unique_id, request_id, filed) and `registry_facts.parquet` (unique_id,
    taxpayer_id, role, filed), which no model reads and `choose` does.
    """
    side = ", ".join((*(f"{sql} AS {name}" for name, sql in COMPARED.items()), *KEYS))
    reads = [requests.path, settled.path, index.path.parent]
    with workspace(directory, reads=reads, memory_limit=LAYING_OUT) as ws:
        prepare(ws, requests, settled, index, terms)
        ask(ws)
        for name, columns, source in (
            ("asked", f"row_number AS unique_id, {side}", "asked"),
            ("asked_facts", "row_number AS unique_id, request_id, filed", "asked JOIN stated USING (stated)"),
            ("registry", f"s.spell AS unique_id, {side}", _INDEXED),
            ("registry_facts", "unique_id, taxpayer_id, role, filed", _FILED),
        ):
            written = quoted(directory / f"{name}.parquet")
            ws.con.execute(f"COPY (SELECT {columns} FROM {source}) TO {written} (FORMAT parquet)")


# Of the names of a person, the last in the alphabet: a whole name comes behind its initial.
_NAMES = ", ".join(f"arg_max({name}, name) AS {name}" for name in (*NAME_COLUMNS, "key_name"))
_INDEXED = f"""
registry.spells AS s JOIN registry.addresses AS a USING (address) JOIN (
    SELECT spell, {_NAMES} FROM (SELECT *, concat_ws(' ', {", ".join(NAME_COLUMNS)}) AS name FROM registry.known)
    GROUP BY spell
) AS k USING (spell)
"""
_FILED = "(SELECT s.spell AS unique_id, * FROM registry.spells AS s JOIN filings AS f USING (filing))"


def train(directory: Path, seed: int = SEED) -> None:
    """Train the model on what `lay_out` wrote to `directory`, and save it there as `model.json`.

    Expectation maximisation looks at pairs that share birth date and ZIP, then at pairs that share the full name.
    Pairs at one address, the obvious choice, would take housemates for one person. At most `TRAINING_PAIRS` are drawn.
    Raises Integrity `PEER_FAILED` when there are too few such pairs.
    """
    from splink import block_on

    with _opened(directory, _settings()) as (linker, _):
        training = linker.training
        training.estimate_probability_two_random_records_match([block_on(*CERTAIN)], recall=CERTAIN_RECALL)
        training.estimate_u_using_random_sampling(max_pairs=TRAINING_PAIRS, seed=seed)
        for shared in TRAINED_ON:
            training.estimate_parameters_using_expectation_maximisation(block_on(*shared), max_pairs=TRAINING_PAIRS)
        linker.misc.save_model_to_json(str(directory / "model.json"), overwrite=True)


def predict(directory: Path, *, streamed: bool = False) -> dict[str, float]:
    """Load what `lay_out` and `train` left in `directory`; write the pairs at `THRESHOLD` or above to `pairs.parquet`.

    `streamed` leaves both sides on file and reads them from there each time, instead of loading them into memory as
    the peer's own examples do. Gives the seconds of `load` and `predict`.
    """
    stages = Stages()
    with _opened(directory, str(directory / "model.json"), streamed=streamed) as (linker, sides):
        stages.end("load")
        pairs = linker.inference.predict_between(*sides, threshold_match_probability=THRESHOLD)
        pairs.as_duckdbpyrelation().write_parquet(str(directory / "pairs.parquet"))
        stages.end("predict")
    return stages.seconds


def choose(directory: Path) -> Artefact:
    """The artefact `peer`: of the pairs that `predict` wrote, the most probable record of each request, if it is a
    taxpayer's of a stated year. A record of another year or of a dependent that fits better stands in the way."""
    with workspace(directory) as ws:
        for name in ("pairs", "asked_facts", "registry_facts"):
            ws.con.execute(f"CREATE VIEW {name} AS FROM read_parquet({quoted(directory / f'{name}.parquet')})")
        return ws.write("peer", _CHOSEN, "row_number")


_CHOSEN = """
SELECT row_number, request_id, 'confirmed' AS determination, 'all_agree' AS reason, taxpayer_id
FROM (
    SELECT asked.unique_id AS row_number, asked.request_id, found.taxpayer_id,
        found.role <> 'dependent' AND list_has_any(asked.filed, found.filed) AS of_record
    FROM pairs
    JOIN asked_facts AS asked ON asked.unique_id = pairs.unique_id_l
    JOIN registry_facts AS found ON found.unique_id = pairs.unique_id_r
    QUALIFY row_number() OVER (
        PARTITION BY pairs.unique_id_l ORDER BY match_weight DESC, of_record DESC, pairs.unique_id_r) = 1
)
WHERE of_record
"""


@contextmanager
def _opened(
    directory: Path, settings: SettingsCreator | str, *, streamed: bool = False
) -> Iterator[tuple[Linker, list[Any]]]:
    """The peer's linker over both sides, and the sides, in the order asked, registry."""
    from splink import DuckDBAPI, Linker
    from splink.internals.exceptions import SplinkException

    con = duckdb.connect()
    try:
        con.execute(f"SET threads = {THREADS}; SET temp_directory = {quoted(directory / '.spill')}")
        for side in SIDES:
            kind, file = "VIEW" if streamed else "TABLE", quoted(directory / f"{side}.parquet")
            con.execute(f"CREATE {kind} {side} AS FROM read_parquet({file})")
        database = DuckDBAPI(con)
        sides = [database.register(side, dataset_display_name=side) for side in SIDES]
        yield Linker(sides, settings, log_level=logging.ERROR), sides
    except duckdb.OutOfMemoryException:
        raise out_of_memory() from None
    except (duckdb.Error, SplinkException):
        raise Integrity(
            "PEER_FAILED", "The peer could not be trained or run on these tables.", "Measure with more requests."
        ) from None
    finally:
        con.close()


def _settings() -> SettingsCreator:
    """The model before training: what is compared at which levels, and which pairs are looked at."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons
    from splink import SettingsCreator, block_on

    initial = {"sql_condition": "left(middle_l, 1) = left(middle_r, 1)", "label_for_charts": "Same initial"}
    middle = comparisons.CustomComparison(
        output_column_name="middle",
        comparison_levels=[levels.NullLevel("middle"), levels.ExactMatchLevel("middle"), initial, levels.ElseLevel()],
    )
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            *(comparisons.JaroWinklerAtThresholds(name, ALIKE) for name in ("given", "family", "street")),
            *(comparisons.ExactMatch(name) for name in ("number", "unit", "zip", "born")),
            middle,
        ],
        blocking_rules_to_generate_predictions=[block_on(key) for key in KEYS],
        retain_matching_columns=False,
    )
