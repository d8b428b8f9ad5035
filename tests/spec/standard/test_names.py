"""Names are folded and taken apart without being changed into other names."""

import pytest

from comity import standard

READ = [
    # given, middle, family, suffix → what is read
    (("José  Luis", "J.", "García-López", None), {"n_given": "JOSE LUIS", "n_middle": "J", "n_family": "GARCIA LOPEZ"}),
    (("José  Luis", "J.", "García-López", None), {"n_family_parts": ["GARCIA", "LOPEZ"], "n_given_joined": "JOSELUIS"}),
    (("Juan", None, "de la Cruz y Peña", None), {"n_family_parts": ["DE LA CRUZ", "PENA"]}),
    (("Ana", None, "Garcia de la Cruz", None), {"n_family_parts": ["GARCIA", "DE LA CRUZ"]}),
    (("Maria de los Angeles", None, "Ruiz", None), {"n_given_parts": ["MARIA", "DE LOS ANGELES"]}),
    (("Piet", None, "van der Berg", None), {"n_family_parts": ["VAN DER BERG"], "n_family_joined": "VANDERBERG"}),
    (("Tim", None, "O'Neill III", None), {"n_family": "ONEILL", "n_suffix": "III"}),
    (("Tim", None, "O’Neill", None), {"n_family": "ONEILL"}),
    (("Tim Jr.", None, "Ross", None), {"n_given": "TIM", "n_suffix": "JR"}),
    (("Tim", "Jr", "Ross", None), {"n_middle": None, "n_suffix": "JR"}),
    (("Tim", None, "Ross", "Junior"), {"n_suffix": "JR"}),
    (("Tim", None, "Ross", "2nd"), {"n_suffix": "II"}),
    (("Tim", None, "Ross", "Esq"), {"n_suffix": None}),
    (("Junior", None, "Ross", None), {"n_given": "JUNIOR", "n_suffix": None}),
    (("Tim", "NMN", "Ross", None), {"n_middle": None}),
    (("Tim", "Lee", "Ross", None), {"n_middle": "LEE", "n_middle_initial": "L"}),
    (("Mrs. Ada", None, "Ross", None), {"n_given": "ADA"}),
    ((None, None, "Diaz, Sara", None), {"n_given": "SARA", "n_family": "DIAZ", "n_class": "sufficient"}),
    (("Łukasz", None, "Żółć", None), {"n_given": "LUKASZ", "n_family": "ZOLC"}),
    (("J.R.", None, "Ross", None), {"n_given": "JR", "n_suffix": None}),
]

CLASSED = [
    ((None, None, None, None), "missing"),
    ((" ", None, "-", None), "missing"),
    (("Ana", None, None, None), "insufficient"),
    ((None, "J", "Ruiz", None), "insufficient"),
    (("FNU", None, "Khan", None), "placeholder"),
    (("Ana", None, "LNU", None), "placeholder"),
    (("Unknown", None, "Unknown", None), "placeholder"),
    (("Unknown", None, None, None), "placeholder"),
    (("NA", None, "NA", None), "placeholder"),
    (("XXX", None, "XXX", None), "placeholder"),
    (("Test", None, "Test", None), "placeholder"),
    (("Baby Boy", None, "Ruiz", None), "placeholder"),
    (("123", None, "Ruiz", None), "placeholder"),
    (("John", None, "Doe", None), "sufficient"),
    (("Yuna", None, "Na", None), "sufficient"),
    (("Dana", None, "Null", None), "sufficient"),
    (("Dana", None, "None", None), "sufficient"),
    (("李", None, "王", None), "sufficient"),
    (("A", None, "Ruiz", None), "sufficient"),
]


def test_each_name_is_read_into_its_parts(names):
    found = names([sent for sent, _ in READ])
    wrong = [
        (sent, column, read[column])
        for (sent, expected), read in zip(READ, found, strict=True)
        for column, value in expected.items()
        if read[column] != value
    ]
    assert wrong == []


def test_each_name_falls_into_its_class(names):
    found = names([sent for sent, _ in CLASSED])
    wrong = [
        (sent, read["n_class"]) for (sent, name), read in zip(CLASSED, found, strict=True) if read["n_class"] != name
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("table", "one", "other"),
    [
        ("std_nicknames", "WILLIAM", "BILL"),
        ("std_nicknames", "FRANCISCO", "PACO"),
        ("std_nicknames", "ELIZABETH", "BETTY"),
        ("std_variants", "MOHAMMED", "MUHAMMAD"),
        ("std_variants", "CATHERINE", "KATHRYN"),
    ],
)
def test_two_forms_of_a_name_share_a_group(con, table, one, other):
    standard.load_lists(con)
    group = "canonical_group" if table == "std_nicknames" else "variant_group"
    shared = f"SELECT count(*) > 0 FROM {table} a JOIN {table} b USING ({group}) WHERE a.name = ? AND b.name = ?"
    assert con.execute(shared, [one, other]).fetchall() == [(True,)]


@pytest.mark.parametrize(("one", "other"), [("MARIA", "MARIO"), ("JUAN", "JUANA"), ("CARLOS", "CARLA")])
def test_two_names_that_are_both_known_are_told_apart(con, one, other):
    standard.load_lists(con)
    assert con.execute("SELECT count(*) FROM std_known_given WHERE name IN (?, ?)", [one, other]).fetchall() == [(2,)]
    pairs = "SELECT count(*) FROM std_nicknames a JOIN std_nicknames b USING (canonical_group)"
    assert con.execute(f"{pairs} WHERE a.name = ? AND b.name = ?", [one, other]).fetchall() == [(0,)]


def test_every_listed_name_is_folded_as_names_are(con, names):
    standard.load_lists(con)
    listed = con.execute(
        "SELECT name FROM std_nicknames UNION SELECT name FROM std_variants UNION "
        "SELECT name FROM std_known_given UNION SELECT name FROM std_known_family ORDER BY 1"
    ).fetchall()
    found = names([(name, None, name, None) for (name,) in listed])
    assert [name for (name,), read in zip(listed, found, strict=True) if read["n_given_joined"] != name] == []
