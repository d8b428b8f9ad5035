"""Small hand-built worlds: invented people, what is on file about them, and one request about each, with its truth."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from comity.synthetic.places import towns

YEARS = (2019, 2020, 2021)

_GIVEN = (
    "Adela",
    "Alan",
    "Beatrix",
    "Boris",
    "Camille",
    "Conrad",
    "Dahlia",
    "Desmond",
    "Edwina",
    "Elias",
    "Felicia",
    "Franz",
    "Gemma",
    "Gordon",
    "Hilda",
    "Hugo",
    "Imogen",
    "Isidor",
    "Jocelyn",
    "Julius",
    "Katya",
    "Kenneth",
    "Leona",
    "Ludwig",
    "Mabel",
    "Magnus",
    "Nadine",
    "Norbert",
    "Octavia",
    "Oswald",
    "Petra",
    "Quentin",
    "Ramona",
    "Rupert",
    "Selma",
    "Sidney",
    "Thelma",
    "Tobias",
    "Ursula",
    "Valerie",
    "Vernon",
    "Wanda",
)
_FAMILY = (
    "Abbotson",
    "Barlowe",
    "Castellane",
    "Dunmore",
    "Eastlake",
    "Farnham",
    "Goodspeed",
    "Hollister",
    "Ingleby",
    "Jarndyce",
    "Kettering",
    "Lockridge",
    "Merriweather",
    "Northcote",
    "Oakhurst",
    "Pennyfeather",
    "Quillfeather",
    "Ravenscroft",
    "Silverton",
    "Thistlewood",
    "Underhill",
    "Vantongeren",
    "Westerfield",
    "Yarborough",
    "Zimmerling",
)
_STREETS = (
    "Acorn",
    "Bramble",
    "Clover",
    "Dogwood",
    "Elderberry",
    "Foxglove",
    "Gooseberry",
    "Hawthorn",
    "Ironwood",
    "Juniper",
    "Larkspur",
    "Mulberry",
)
_TYPES = ("ST", "AVE", "RD", "LN", "DR", "CT")


@dataclass(frozen=True)
class Person:
    """An invented person at an address; two persons are the same when their `id` is."""

    id: str
    given: str = field(repr=False)
    middle: str | None = field(repr=False)
    family: str = field(repr=False)
    born: date = field(repr=False)
    tin: str = field(repr=False)
    number: str = field(repr=False)
    street: str = field(repr=False)
    town: tuple[str, str, str] = field(repr=False)
    unit: str | None = field(default=None, repr=False)
    suffix: str | None = field(default=None, repr=False)

    def row(self) -> dict[str, object]:
        """The identity columns of the table contract."""
        city, state, zip_code = self.town
        return {
            "given_name": self.given,
            "middle_name": self.middle,
            "family_name": self.family,
            "name_suffix": self.suffix,
            "street_line": f"{self.number} {self.street}",
            "unit_line": self.unit,
            "city": city,
            "state": state,
            "zip": zip_code,
            "date_of_birth": self.born,
            "tin": self.tin,
        }


class Scene:
    """A world under construction; everything it draws comes from `seed`."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._towns = [town[1:] for town in towns()]
        self._people = 0
        self.registry: list[dict[str, object]] = []
        self.requests: list[dict[str, object]] = []
        self.truth: list[dict[str, object]] = []

    def person(self, **known: object) -> Person:
        """A new person at a new address; `known` fixes fields of Person."""
        self._people += 1
        draw = self._chance
        born = date(1950, 1, 1) + timedelta(days=draw.randrange(18_000))
        street = f"{draw.choice(_STREETS)} {draw.choice(_TYPES)}".upper()
        made = Person(
            f"S{self._people:05d}",
            draw.choice(_GIVEN),
            draw.choice("ABCDEFGHJKLMNPRSTW"),
            draw.choice(_FAMILY),
            born,
            f"{draw.randrange(900, 1000)}-{draw.randrange(70, 80)}-{self._people:04d}",
            str(draw.randrange(100, 9900)),
            street,
            draw.choice(self._towns),
        )
        return replace(made, **known)  # type: ignore[arg-type]

    def housemate(self, person: Person, **known: object) -> Person:
        """Another person of the same family name at the same address."""
        fresh = self.person()
        shared = replace(person, id=fresh.id, given=fresh.given, middle=fresh.middle, born=fresh.born, tin=fresh.tin)
        return replace(shared, **known)  # type: ignore[arg-type]

    def file(
        self,
        person: Person,
        *,
        years: Sequence[int] = YEARS,
        form: str = "W2",
        role: str = "primary",
        **changed: object,
    ) -> Person:
        """Put `person` on a form in each of `years`; `changed` alters fields on the form."""
        written = replace(person, **changed).row()  # type: ignore[arg-type]
        upper = {name: value.upper() if isinstance(value, str) else value for name, value in written.items()}
        for year in years:
            said = {"taxpayer_id": person.id, "tax_year": year, "source_form": form, "role": role}
            self.registry.append({**said, **upper})
        return person

    def ask(
        self,
        kind: str,
        person: Person,
        written: Mapping[str, object] | None = None,
        *,
        confirmable: bool,
        known: bool = True,
        years: Sequence[int] = (2020,),
        born: date | None = None,
    ) -> None:
        """Ask about `person`, who is in the registry if `known`; `written` alters columns of the request.

        The birth date is sent only if `born` says which.
        """
        request_id = f"SMALL-{len(self.requests) + 1:05d}"
        sent = {**person.row(), "middle_name": None, "tin": None, "date_of_birth": born, **(written or {})}
        self.requests.append({"request_id": request_id, **sent, "tax_years": list(years)})
        taxpayer = person.id if known else None
        self.truth.append({"request_id": request_id, "taxpayer_id": taxpayer, "confirmable": confirmable, "kind": kind})
