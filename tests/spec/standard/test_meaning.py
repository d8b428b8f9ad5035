"""Drawn addresses: another spelling never changes what is read, another part always does."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

FEW = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PLACE = ("a_number", "a_pre", "a_name", "a_suffix", "a_post", "a_unit", "a_street", "a_class")

# A part as it is read, and spellings that mean it.
DIRECTIONS = {
    None: ("",),
    "N": ("N", "North", "N.", "NORTH"),
    "SE": ("SE", "Southeast", "S.E.", "South East", "se"),
    "W": ("W", "West", "w."),
}
NAMES = {
    "ELM": ("Elm", "ELM", "elm"),
    "SAINT CHARLES": ("St Charles", "Saint Charles", "ST. CHARLES"),
    "5TH": ("5th", "Fifth", "5TH"),
    "42ND": ("42nd", "Forty-Second", "42"),
    "MOUNT OLIVE": ("Mt Olive", "Mount Olive", "MT. OLIVE"),
    "OLD MILL": ("Old Mill", "OLD MILL", "Old  Mill"),
    "ONEILL": ("O'Neill", "ONeill", "O’Neill"),
    "LAKE SHORE": ("Lake Shore", "Lk Shore", "LAKE SHORE"),
}
TYPES = {
    "ST": ("St", "Street", "STREET", "St.", "str"),
    "AVE": ("Ave", "Avenue", "Av.", "AVE"),
    "BLVD": ("Blvd", "Boulevard", "BLVD."),
    "LN": ("Ln", "Lane", "LANE"),
    "PKWY": ("Pkwy", "Parkway", "Pky"),
}
UNITS = {
    None: ("",),
    "4": ("Apt 4", "#4", "Unit 4", "# 4", "Apartment 4", "Apt. No. 4", "apto 4"),
    "12B": ("Apt 12B", "#12-B", "Unit 12 B", "APT 12-b", "# 12B"),
    "C5": ("Bldg C Apt 5", "Apt C5", "Building C #5", "Apt C-5"),
    "BSMT": ("Bsmt", "Basement", "(basement)"),
    "FL3": ("3rd Floor", "Fl 3", "3rd Fl", "Third Floor"),
}
NUMBERS = {"12": ("12", "012"), "4501": ("4501",), "12A": ("12A", "12-A", "12a"), "37-20": ("37-20",)} | {
    "8-1/2": ("8 1/2", "8½", "8-1/2")
}
PARTS = (NUMBERS, DIRECTIONS, NAMES, TYPES, DIRECTIONS, UNITS)
MEANT = st.tuples(*[st.sampled_from(list(part)) for part in PARTS])


@st.composite
def spelled(draw, meant):
    """A row of the seven columns that means `meant`, the unit in the line or in a column of its own."""
    *street, unit = [draw(st.sampled_from(part[value])) for part, value in zip(PARTS, meant, strict=True)]
    apart = draw(st.booleans())
    comma = draw(st.sampled_from(["", ","])) if unit and not apart else ""
    line = " ".join(filter(None, street)) + comma + (f" {unit}" if not apart and unit else "")
    change = draw(st.sampled_from([str, str.upper, str.lower, lambda text: f"  {text} "]))
    return [change(line), unit if apart else None, "Houston", "TX", "77001", None, None]


@st.composite
def pairs(draw):
    meant = draw(MEANT)
    return meant, draw(spelled(meant)), draw(spelled(meant))


@st.composite
def neighbours(draw):
    meant = list(draw(MEANT))
    which = draw(st.integers(0, len(PARTS) - 1))
    other = meant.copy()
    other[which] = draw(st.sampled_from([value for value in PARTS[which] if value != meant[which]]))
    return draw(spelled(meant)), draw(spelled(other))


def place(found):
    return tuple(found[column] for column in PLACE)


@FEW
@given(drawn=st.lists(pairs(), min_size=40, max_size=60))
def test_another_spelling_is_read_as_the_same_parts(addresses, drawn):
    found = addresses([row for _, *rows in drawn for row in rows])
    for (meant, *rows), one, other in zip(drawn, found[::2], found[1::2], strict=True):
        assert place(one) == place(other), (rows, place(one), place(other))
        assert [one[c] for c in ("a_number", "a_pre", "a_name", "a_suffix", "a_post", "a_unit")] == list(meant), rows
        assert one["a_class"] == "sufficient", rows


@FEW
@given(drawn=st.lists(neighbours(), min_size=40, max_size=60))
def test_another_part_is_another_place(addresses, drawn):
    found = addresses([row for rows in drawn for row in rows])
    for rows, one, other in zip(drawn, found[::2], found[1::2], strict=True):
        assert place(one) != place(other), rows
