"""People who are easily taken for somebody else, or for nobody: one function a kind, named as the truth table names it.

A kind that ends in `(unavoidable)` looks exactly like a true request; `(ambiguous)` is confirmable, but two people fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from comity.synthetic.scene import Person, Scene

Kind = Callable[[Scene, str], None]


def _slipped(name: str) -> str:
    return name[:2] + name[3] + name[2] + name[4:]


def _other_name(**changed: object) -> Kind:
    """On file under the name of the person; the request writes `changed`."""

    def make(scene: Scene, kind: str) -> None:
        person = scene.file(scene.person())
        scene.ask(kind, person, confirmable=True, written={"middle_name": person.middle, **changed})

    return make


def _named(given: str, family: str, **asked: object) -> Kind:
    """On file as `given` `family`; the request writes `asked`."""

    def make(scene: Scene, kind: str) -> None:
        person = scene.file(scene.person(given=given, family=family))
        scene.ask(kind, person, confirmable=True, written={"middle_name": person.middle, **asked})

    return make


def _child(*, born_sent: bool = False, middle_sent: bool = False, **child: object) -> Kind:
    """A child with the parent's name who is not on file; the parent is."""

    def make(scene: Scene, kind: str) -> None:
        parent = scene.file(scene.person())
        named = {"given": parent.given, "born": parent.born + timedelta(days=9000), **child}
        asked = scene.housemate(parent, **named)
        middle = asked.middle if middle_sent else None
        scene.ask(
            kind,
            asked,
            confirmable=False,
            known=False,
            born=asked.born if born_sent else None,
            written={"middle_name": middle},
        )

    return make


def _namesake_suffix(scene: Scene, kind: str) -> None:
    parent = scene.file(scene.person(), suffix="SR")
    scene.ask(
        kind, scene.housemate(parent, given=parent.given), confirmable=False, known=False, written={"name_suffix": "Jr"}
    )


def _child_listed(scene: Scene, kind: str) -> None:
    parent = scene.file(scene.person(), form="1040")
    child = scene.housemate(parent, given=parent.given, born=date(2010, 3, 4))
    scene.file(child, form="1040", role="dependent", middle=None)
    scene.ask(kind, child, confirmable=False, known=False)


def _parent_asked(*, listed: bool) -> Kind:
    """The parent is asked about, with the birth date; the namesake child may be listed."""

    def make(scene: Scene, kind: str) -> None:
        parent = scene.file(scene.person(), form="1040")
        if listed:
            child = scene.housemate(parent, given=parent.given, born=date(2008, 5, 6))
            scene.file(child, form="1040", role="dependent", middle=None)
        scene.ask(kind, parent, confirmable=True, born=parent.born)

    return make


def _both_filed(scene: Scene, *, suffixes: bool = False) -> Person:
    parent = scene.file(scene.person(suffix="Sr" if suffixes else None))
    child = scene.housemate(parent, given=parent.given, suffix="Jr" if suffixes else None)
    return scene.file(replace(child, born=parent.born + timedelta(days=9100)))


def _both_with_birth(scene: Scene, kind: str) -> None:
    child = _both_filed(scene)
    scene.ask(kind, child, confirmable=True, born=child.born)


def _both_without_birth(scene: Scene, kind: str) -> None:
    scene.ask(kind, _both_filed(scene), confirmable=True)


def _both_with_suffix(scene: Scene, kind: str) -> None:
    scene.ask(kind, _both_filed(scene, suffixes=True), confirmable=True)


def _both_suffix_in_surname(scene: Scene, kind: str) -> None:
    child = _both_filed(scene, suffixes=True)
    scene.ask(kind, child, confirmable=True, written={"name_suffix": None, "family_name": f"{child.family} Jr"})


def _twin(*, both: bool, born_sent: bool = True) -> Kind:
    """Twins, Maria and Mariah: one birth date, one address."""

    def make(scene: Scene, kind: str) -> None:
        first = scene.file(scene.person(given="Maria"))
        second = scene.housemate(first, given="Mariah", born=first.born)
        if both:
            scene.file(second)
        scene.ask(kind, second, confirmable=both, known=both, born=second.born if born_sent else None)

    return make


def _spouse(*, on_file: bool) -> Kind:
    """A husband's wife with the same initial, on the joint return or on none."""

    def make(scene: Scene, kind: str) -> None:
        husband = scene.file(scene.person(given="Martin"), form="1040")
        wife = scene.housemate(husband, given="Monica")
        if on_file:
            scene.file(wife, form="1040", role="spouse")
        scene.ask(kind, wife, confirmable=on_file, known=on_file)

    return make


def _spouse_initial(*, on_file: bool) -> Kind:
    """The wife by an initial that the husband shares."""

    def make(scene: Scene, kind: str) -> None:
        husband = scene.file(scene.person(given="Martin"), form="1040")
        wife = scene.housemate(husband, given="Monica")
        if on_file:
            scene.file(wife, form="1040", role="spouse")
        scene.ask(kind, wife, confirmable=on_file, known=on_file, written={"given_name": "M"})

    return make


def _swapped_is_another(scene: Scene, kind: str) -> None:
    owner = scene.file(scene.person(given="Henry", family="Martin"))
    asked = scene.housemate(owner, given="Martin", family="Henry")
    scene.ask(kind, asked, confirmable=False, known=False)


def _birth_slip(scene: Scene, kind: str) -> None:
    person = scene.file(scene.person(born=date(1971, 4, 9)))
    scene.ask(kind, person, confirmable=True, born=date(1971, 9, 4))


def _married(*, stated_name_new: bool) -> Kind:
    """Another family name in an earlier year than in the later ones."""

    def make(scene: Scene, kind: str) -> None:
        person = scene.person(given="Rosalind", family="Farnham")
        scene.file(person, years=(2019,))
        scene.file(person, years=(2020, 2021), family="Underhill")
        scene.ask(
            kind, person, confirmable=True, written={"family_name": "Underhill" if stated_name_new else "Farnham"}
        )

    return make


def _shelter(*, born_sent: bool) -> Kind:
    """Two unrelated people of one name at an address that many share."""

    def make(scene: Scene, kind: str) -> None:
        first = scene.file(scene.person(given="Jose", family="Castellane"))
        second = scene.file(scene.housemate(first, given="Jose"))
        scene.ask(kind, second, confirmable=True, born=second.born if born_sent else None)

    return make


HARD_PEOPLE: dict[str, Kind] = {
    "accents_request": _named("Jose", "Nunez", given_name="José", family_name="Núñez"),
    "all_in_family_field": _named("Ramona", "Oakhurst", given_name=None, family_name="Ramona Oakhurst"),
    "compound_given_joined": _named("Mary Ann", "Eastlake", given_name="Maryann"),
    "compound_given_first_only": _named("Juan Carlos", "Eastlake", given_name="Juan"),
    "dob_slip_same_person": _birth_slip,
    "double_surname_first_only": _named("Elena", "Garcia Barlowe", family_name="Garcia"),
    "double_surname_hyphen": _named("Elena", "Garcia Barlowe", family_name="Garcia-Barlowe"),
    "double_surname_reversed": _named("Elena", "Garcia Barlowe", family_name="Barlowe Garcia"),
    "double_surname_second_only": _named("Elena", "Garcia Barlowe", family_name="Barlowe"),
    "given_family_swapped": _named("Leona", "Kettering", given_name="Kettering", family_name="Leona"),
    "given_misspelt": _named("Beatrix", "Hollister", given_name=_slipped("Beatrix")),
    "hyphenated_joined": _named("Selma", "Lock-Ridge", family_name="Lockridge"),
    "hyphenated_space": _named("Selma", "Dunmore-Abbot", family_name="Dunmore Abbot"),
    "initial_only_given": _named("Wilfred", "Quillfeather", given_name="W"),
    "maiden_name_of_earlier_year": _married(stated_name_new=False),
    "married_name_in_stated_year": _married(stated_name_new=True),
    "married_name_unknown_to_registry": _other_name(family_name="Thistlewood-Unknown"),
    "named_as_fathers_middle_not_in_registry": _child(given="Conrad", middle=None),
    "namesake_child_is_listed_dependent": _child_listed,
    "namesake_child_not_in_registry_dob": _child(born_sent=True),
    "namesake_child_not_in_registry_no_info(unavoidable)": _child(),
    "namesake_child_not_in_registry_suffix": _namesake_suffix,
    "namesake_child_other_middle": _child(middle_sent=True, middle="Z"),
    "namesake_parent_true": _parent_asked(listed=False),
    "namesake_parent_with_listed_dependent_dob": _parent_asked(listed=True),
    "nickname_same_person": _named("William", "Northcote", given_name="Bill"),
    "shelter_same_name_dob": _shelter(born_sent=True),
    "shelter_same_name_no_dob(ambiguous)": _shelter(born_sent=False),
    "sibling_near_name_both": _twin(both=True, born_sent=False),
    "sibling_near_name_other_only": _twin(both=False, born_sent=False),
    "spouse_initial_only(ambiguous)": _spouse_initial(on_file=True),
    "spouse_initial_only_not_in_registry(unavoidable)": _spouse_initial(on_file=False),
    "spouse_same_initial_joint": _spouse(on_file=True),
    "spouse_same_initial_not_in_registry": _spouse(on_file=False),
    "srjr_both_no_suffix_dob": _both_with_birth,
    "srjr_both_no_suffix_no_dob(ambiguous)": _both_without_birth,
    "srjr_both_suffix_given": _both_with_suffix,
    "srjr_both_suffix_in_surname": _both_suffix_in_surname,
    "swapped_is_another_person": _swapped_is_another,
    "transliteration": _named("Yusuf", "Ingleby", given_name="Youssef"),
    "twin_near_name_both_same_dob": _twin(both=True),
    "twin_near_name_other_only_same_dob": _twin(both=False),
    "typo_family": _named("Imogen", "Westerfield", family_name="Westrefield"),
}
