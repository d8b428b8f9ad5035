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
    (("Sra. Ana", None, "Ruiz, Ph.D.", None), {"n_given": "ANA", "n_family": "RUIZ"}),
    (("Tim", "Lee Jr", "Ross", None), {"n_middle": "LEE", "n_suffix": "JR"}),
    (("Tim", "V", "Ross", None), {"n_middle": "V", "n_suffix": None}),
    (("Tim", "X", "Ross", "V"), {"n_middle": "X", "n_suffix": "V"}),
    (("Tim", "No Middle Name", "Ross (Sr.)", None), {"n_middle": None, "n_family": "ROSS", "n_suffix": "SR"}),
    (("Tim", None, "D' Angelo", None), {"n_family_joined": "DANGELO"}),
    (("Tim", None, "O\u02bbNeill", None), {"n_family": "ONEILL"}),
    (("Tim", None, "Al-Rashid", None), {"n_family_parts": ["AL RASHID"]}),
    (("\uff2d\uff21\uff32\uff29\uff21", None, "Re\u0301tif", None), {"n_given": "MARIA", "n_family": "RETIF"}),
    (("\u041cARIA", None, "Œuvré", None), {"n_given": "MARIA", "n_family": "OEUVRE"}),
    (("Anna\u200b\u202e", None, "A\u00a0B", None), {"n_given": "ANNA", "n_family": "A B"}),
    (("Łukasz", None, "Żółć", None), {"n_given": "LUKASZ", "n_family": "ZOLC"}),
    (("Rufus", None, "Last Name", None), {"n_given": "RUFUS", "n_family": None, "n_family_parts": None}),
    (("Mr", None, "Ross", None), {"n_given": None, "n_family": "ROSS", "n_class": "placeholder"}),
    (("NA", None, "NA", None), {"n_given": None, "n_family": None}),
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


# Two names that differ by a mark or a script are two names; only Latin letters lose their accents.
TOLD_APART = [("か", "が"), ("राम", "रम"), ("Ира", "Йра"), ("АННА", "ANNA"), ("李", "王"), ("ΑΝΝΑ", "АННА")]


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


def test_names_of_another_script_stay_themselves(names):
    for one, other in TOLD_APART:
        found = [read["n_given"] for read in names([(one, None, "Ruiz", None), (other, None, "Ruiz", None)])]
        assert None not in found
        assert found[0] != found[1]


@pytest.mark.parametrize("sent", ["😀", "\u200b", "\u202e\u202c", "٠١", "--", "\u0301", "( )"])
def test_a_name_without_a_letter_is_no_name(names, sent):
    (read,) = names([(sent, None, "Ruiz", None)])
    assert read["n_class"] in ("insufficient", "placeholder")
    assert read["n_given"] is None


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
    found = names([(name, None, "Ruiz", None) for (name,) in listed])
    assert [name for (name,), read in zip(listed, found, strict=True) if read["n_given_joined"] != name] == []
