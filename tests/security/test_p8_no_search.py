"""P8: nothing is looked up by name, number or attribute, and nothing lists people: there is no way to ask so."""

from __future__ import annotations

import ast

from comity.case.tables import IDENTITY
from docs.printing.cli import commands
from docs.source import functions, modules

# What a person could be searched by; a request's own id and the years it names find nobody, and a `state` is also what
# events fold to.
ATTRIBUTES = set(IDENTITY.names()) - {"request_id", "tax_years", "state"} | {"taxpayer_id", "ssn", "address", "origin"}
SEARCHES = {"search", "find_person", "lookup", "query_people", "list_people", "rank"}
# Packages that make or standardise people's names and addresses; the office and its steps are not among them.
MAKERS = ("comity.synthetic", "comity.standard", "comity.demo")


def test_no_command_takes_what_a_person_could_be_searched_by() -> None:
    words = {(name, parameter.name) for name, command in commands() for parameter in getattr(command, "params", [])}

    assert words
    assert [word for word in words if word[1] in ATTRIBUTES] == []


def test_no_command_is_a_search() -> None:
    assert [name for name, _ in commands() if set(name.split()) & {*SEARCHES, "find", "people", "person"}] == []


def test_no_function_of_the_office_takes_what_a_person_could_be_searched_by() -> None:
    found = [
        f"{module.where} {function.name}({argument.arg})"
        for module in modules()
        if not module.name.startswith(MAKERS)
        for function in functions(module.tree)
        if not function.name.startswith("_")
        for argument in (*function.args.args, *function.args.kwonlyargs)
        if argument.arg in ATTRIBUTES
    ]

    assert found == []


def test_no_function_is_a_search() -> None:
    assert [
        f"{module.where} {function.name}"
        for module in modules()
        for function in functions(module.tree)
        if function.name.lstrip("_") in SEARCHES
    ] == []


def test_linkage_takes_tables_and_no_person() -> None:
    entry = next(
        function
        for module in modules()
        if module.name.startswith("comity.linkage")
        for function in functions(module.tree)
        if function.name == "link"
    )

    kinds = {argument.arg: ast.unparse(argument.annotation) for argument in entry.args.args if argument.annotation}
    assert {"requests": "Artefact", "settled": "Artefact"}.items() <= kinds.items()
