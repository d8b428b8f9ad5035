"""Whatever anybody writes into the fields gets one row and one class, and a standard form stays what it is."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

CLASSES = {
    "sufficient", "missing", "placeholder", "zip_only", "incomplete", "unreadable",
    "po_box", "general_delivery", "foreign", "institutional",
}  # fmt: skip
# Many rows a draw, few draws, no shrinking: planning is what takes the time, and the row at fault is in the message.
FEW = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

ANYTHING = st.none() | st.text(max_size=40)
WORDS = st.sampled_from(
    [
        *(
            "12",
            "12-34",
            "1/2",
            "77001",
            "300",
            "N",
            "S",
            "NORTH",
            "W",
            "E",
            "ST",
            "AVE",
            "STREET",
            "AVENUE",
            "KEY",
            "LA",
        ),
        *(
            "#",
            "APT",
            "4B",
            "UNIT",
            "FL",
            "BLDG",
            "REAR",
            "LOT",
            "BOX",
            "PO",
            "RR",
            "HC",
            "HWY",
            "COUNTY",
            "ROAD",
            "CR",
        ),
        *("FM", "I-35", "US", "SAINT", "MAIN", "ELM", "OF", "THE", "EL", "CALLE", "W198N", "C/O", "UNKNOWN", "N/A"),
        *("GENERAL", "DELIVERY", "-", "&", ".", ",", "½", "é"),
    ]
)
LINES = st.lists(WORDS, max_size=9).map(" ".join)
STREETS = st.tuples(
    st.integers(1, 99999).map(str),
    st.sampled_from(["", "N", "South", "nw"]),
    st.sampled_from(
        ["Elm", "St Charles", "Mt Olive", "5th", "Fifth", "Camino Real", "King George", "Avenue", "County Line"]
    ),
    st.sampled_from(["St", "avenue", "BLVD.", "Ct", "Lane", "Pkwy"]),
    st.sampled_from(["", "N", "East"]),
).map(lambda parts: " ".join(filter(None, parts)))


@FEW
@given(rows=st.lists(st.tuples(*[ANYTHING] * 7), max_size=30))
def test_any_text_gets_exactly_one_class(addresses, rows):
    found = addresses(rows)
    assert len(found) == len(rows)
    assert {read["a_class"] for read in found} <= CLASSES


@FEW
@given(lines=st.lists(LINES, min_size=20, max_size=60))
def test_any_words_of_an_address_get_exactly_one_class(addresses, lines):
    found = addresses([[line, None, "Houston", "TX", "77001", None, None] for line in lines])
    assert len(found) == len(lines)
    for read in found:
        assert read["a_class"] in CLASSES
        assert read["a_class"] != "sufficient" or (read["a_number"] and read["a_name"]), read


@FEW
@given(lines=st.lists(STREETS, min_size=20, max_size=60))
def test_a_standard_form_read_again_stays_the_same(addresses, lines):
    parts = ("a_number", "a_pre", "a_name", "a_suffix", "a_post", "a_street", "a_class")
    once = addresses([[line, None, "Houston", "TX", "77001", None, None] for line in lines])
    twice = addresses(
        [[read["a_street"], None, read["a_city"], read["a_state"], read["a_zip"], None, None] for read in once]
    )
    assert [[read[part] for part in parts] for read in twice] == [[read[part] for part in parts] for read in once]


@FEW
@given(rows=st.lists(st.tuples(*[ANYTHING] * 4), max_size=30))
def test_any_name_gets_exactly_one_class(names, rows):
    found = names(rows)
    assert len(found) == len(rows)
    assert {read["n_class"] for read in found} <= {"sufficient", "missing", "insufficient", "placeholder"}
    for read in found:
        if read["n_class"] == "sufficient":
            assert read["n_given"]
            assert read["n_family"]
