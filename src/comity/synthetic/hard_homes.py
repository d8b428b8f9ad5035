"""Addresses that are one place written two ways, or two places written nearly alike; and addresses that are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from comity.synthetic.scene import Scene

Kind = Callable[[Scene, str], None]


def _written(on_file: str, asked: str, unit: str | None = None, asked_unit: str | None = None) -> Kind:
    """One place: `on_file` in the registry, `asked` in the request, behind the person's own house number."""

    def make(scene: Scene, kind: str) -> None:
        person = scene.file(scene.person(street=on_file, unit=unit))
        scene.ask(
            kind, person, confirmable=True, written={"street_line": f"{person.number} {asked}", "unit_line": asked_unit}
        )

    return make


def _stranger(street: str, other_street: str) -> Kind:
    """Somebody of the same name in another street, who is not on file."""

    def make(scene: Scene, kind: str) -> None:
        owner = scene.file(scene.person(street=street))
        asked = scene.housemate(owner, given=owner.given, street=other_street)
        scene.ask(kind, asked, confirmable=False, known=False)

    return make


def _other_number(scene: Scene, kind: str) -> None:
    owner = scene.file(scene.person(number="112"))
    scene.ask(kind, scene.housemate(owner, given=owner.given, number="12"), confirmable=False, known=False)


def _numbers_all_filed(scene: Scene, kind: str) -> None:
    owner = scene.file(scene.person(number="12"))
    for number in ("21", "112"):
        scene.file(scene.housemate(owner, given=owner.given, number=number))
    scene.ask(kind, owner, confirmable=True)


def _other_unit(scene: Scene, kind: str) -> None:
    owner = scene.file(scene.person(unit="APT 4"))
    scene.ask(kind, scene.housemate(owner, given=owner.given, unit="APT 14"), confirmable=False, known=False)


def _units_both_filed(*, asked: bool) -> Kind:
    """Two people of one name in two units of a building; the request names the unit or does not."""

    def make(scene: Scene, kind: str) -> None:
        first = scene.file(scene.person(unit="APT 4"))
        second = scene.file(scene.housemate(first, given=first.given, unit="APT 7"))
        scene.ask(kind, second, confirmable=asked, written={"unit_line": "Apt. 7" if asked else None})

    return make


def _other_town(scene: Scene, kind: str) -> None:
    owner = scene.file(scene.person(town=("Alderburg", "CA", "95803")))
    asked = scene.housemate(owner, given=owner.given, town=("Birchdale", "TX", "77021"))
    scene.ask(kind, asked, confirmable=False, known=False)


def _both_directions(scene: Scene, kind: str) -> None:
    north = scene.file(scene.person(street="N ACORN ST"))
    scene.file(scene.housemate(north, given=north.given, street="S ACORN ST"))
    scene.ask(kind, north, confirmable=True)


HARD_HOMES: dict[str, Kind] = {
    "directional_both_in_registry": _both_directions,
    "directional_omitted_same_person": _written("N BRAMBLE AVE", "Bramble Ave"),
    "directional_opposite_not_in_registry": _stranger("N CLOVER RD", "S CLOVER RD"),
    "directional_spelled_out": _written("N DOGWOOD ST", "North Dogwood Street"),
    "same_name_12_21_112_all_in_registry": _numbers_all_filed,
    "same_name_other_number_not_in_registry": _other_number,
    "same_name_other_unit_not_in_registry": _other_unit,
    "same_name_same_street_other_city": _other_town,
    "same_name_two_units_both": _units_both_filed(asked=True),
    "same_name_two_units_no_unit_given": _units_both_filed(asked=False),
    "street_type_omitted_same_person": _written("ELDERBERRY LN", "Elderberry"),
    "street_type_other_not_in_registry": _stranger("FOXGLOVE ST", "FOXGLOVE AVE"),
    "street_type_spelled_out": _written("HAWTHORN BLVD", "Hawthorn Boulevard"),
    "unit_format_variant": _written("IRONWOOD CT", "Ironwood Ct", "# 4B", "Apt. 4-B"),
    "unit_inside_street_line": _written("JUNIPER DR", "Juniper Dr Apt 9", "APT 9"),
}


def _instead(**changed: object) -> Kind:
    """A person on file; in the request `changed` stands where the address was."""

    def make(scene: Scene, kind: str) -> None:
        person = scene.file(scene.person())
        scene.ask(kind, person, confirmable=False, born=person.born, written=changed)

    return make


_NOWHERE: dict[str, object] = {"street_line": None, "unit_line": None, "city": None, "state": None, "zip": None}

BAD_ADDRESSES: dict[str, Kind] = {
    "blank": _instead(**_NOWHERE),
    "dash": _instead(**{**_NOWHERE, "street_line": " - "}),
    "failed_to_provide": _instead(**{**_NOWHERE, "street_line": "Failed to Provide", "zip": "77001"}),
    "failed_to_provide_with_zip_inside": _instead(**{**_NOWHERE, "street_line": "FAILED TO PROVIDE 77001"}),
    "unknown_address": _instead(**{**_NOWHERE, "street_line": "UNKNOWN ADDRESS", "zip": "77001"}),
    "does_not_care": _instead(**{**_NOWHERE, "street_line": "Don't Care 12345"}),
    "zip_only": _instead(**{**_NOWHERE, "street_line": "12345"}),
    "town_only": _instead(**{**_NOWHERE, "city": "Alderburg", "state": "CA"}),
    "number_only": _instead(**{**_NOWHERE, "street_line": "482913377"}),
    "placeholder": _instead(street_line="N/A", unit_line=None),
    "example_street": _instead(street_line="123 Main St", unit_line=None),
    "homeless": _instead(street_line="Homeless", unit_line=None),
    "po_box": _instead(street_line="PO Box 117", unit_line=None),
    "general_delivery": _instead(street_line="General Delivery", unit_line=None),
    "detention": _instead(street_line="Pine Hollow Detention Center", unit_line=None),
    "in_custody": _instead(street_line="IN CUSTODY", unit_line=None),
}


def _moved(*, stated: bool) -> Kind:
    """A person with another address in the later years than in the first."""

    def make(scene: Scene, kind: str) -> None:
        person = scene.person()
        later = replace(scene.person(), id=person.id, given=person.given, middle=person.middle, family=person.family)
        scene.file(person, years=(2019,))
        scene.file(replace(later, born=person.born, tin=person.tin), years=(2020, 2021))
        scene.ask(kind, person, confirmable=stated, years=(2019,) if stated else (2020, 2021), born=person.born)

    return make


def _never_filed(scene: Scene, kind: str) -> None:
    person = scene.person()
    scene.ask(kind, person, confirmable=False, known=False, born=person.born)


MOVERS: dict[str, Kind] = {
    "same_address": _moved(stated=True),
    "other_years_address": _moved(stated=False),
    "not_in_registry": _never_filed,
}
