"""The layers hold, no package stands outside them, and each contract would be seen to break."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import grimp
import pytest
from importlinter.configuration import configure
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.protected import ProtectedContract

from docs.source import packages, project
from tests.structure.may_import import MayImport, parse

KINDS = {kind.type_name: kind for kind in (MayImport, ForbiddenContract, ProtectedContract, AcyclicSiblingsContract)}
CONTRACTS = {contract["name"]: contract for contract in project()["tool"]["importlinter"]["contracts"]}

# One import that must not be, for every contract and every kind of row.
FORBIDDEN_IMPORTS = [
    ("Who may import whom", "comity.linkage", "comity.agreements"),
    ("Who may import whom", "comity.case.tables", "comity.workspace"),
    ("Who may import whom", "comity.accounting.tree", "comity.case.errors"),
    ("Who may import whom", "comity.oversight", "comity.store"),
    ("Who may import whom", "comity.requester", "comity.accounting.log"),
    ("Who may import whom", "comity.cli", "comity.disclosure"),
    ("Who may import whom", "comity.newcomer", "comity.case"),
    ("Only disclosure seals", "comity.office", "comity.crypto.seal"),
    ("Only the requester opens", "comity.office", "comity.crypto.open"),
    ("Only crypto knows the cryptography libraries", "comity.review", "cryptography"),
    ("Only crypto knows the cryptography libraries", "comity.office", "joserfc"),
    ("Only store and the console know Django", "comity.office", "django"),
    ("Only the accounts know allauth", "comity.console", "allauth"),
    ("Only the benchmarks know the peer", "comity.oversight", "splink"),
    ("Only the Spark engine knows Spark", "comity.office", "pyspark"),
    ("case is pure", "comity.case.tables", "duckdb"),
    ("No import cycles", "comity.case", "comity.office"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    configure()
    return grimp.build_graph("comity", include_external_packages=True, cache_dir=None)


def _kept(name: str, graph: grimp.ImportGraph) -> bool:
    options: dict[str, Any] = {
        key: str(value) if isinstance(value, bool) else value for key, value in CONTRACTS[name].items()
    }
    contract = KINDS[options["type"]](name, {"root_packages": ["comity"], "include_external_packages": "True"}, options)
    return contract.check(graph, verbose=False).kept


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_code_keeps_every_contract(name: str, graph: grimp.ImportGraph) -> None:
    assert _kept(name, deepcopy(graph))


@pytest.mark.parametrize(("name", "importer", "imported"), FORBIDDEN_IMPORTS)
def test_an_import_that_must_not_be_breaks_its_contract(
    name: str, importer: str, imported: str, graph: grimp.ImportGraph
) -> None:
    changed = deepcopy(graph)
    for module in (importer, imported):
        if module not in changed.modules:
            changed.add_module(module)
    # The rest of the cycle, for the contract that is about cycles.
    changed.add_import(importer="comity.office", imported="comity.case")
    changed.add_import(importer=importer, imported=imported)

    assert not _kept(name, changed)


def test_every_contract_is_seen_to_break() -> None:
    assert {name for name, _, _ in FORBIDDEN_IMPORTS} == set(CONTRACTS)


def test_every_package_has_its_row_and_every_row_its_package() -> None:
    rows = parse(CONTRACTS["Who may import whom"]["table"])

    assert {row for row in rows if "." not in row} == set(packages())


def test_a_row_names_only_what_is_there() -> None:
    rows = parse(CONTRACTS["Who may import whom"]["table"])

    assert {name.split(".")[0] for row in rows.values() for name in row} <= set(packages())
