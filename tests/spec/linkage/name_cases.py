"""Names: which differences are one person's, which are for people, and which are two people."""

from __future__ import annotations

from .drawing import Case

CONFIRMED = ("confirmed", "all_agree")
SOFT = ("unclear", "soft_name_unsupported")
OTHER = ("name_differs", "other_name")


def _named(says: str, registered: str, asked: str, becomes: tuple[str, str], evidence: str = "names") -> Case:
    """A case in which one taxpayer and one request differ in the name alone; columns given | middle | family."""
    columns = "given | middle | family | suffix | born"
    return Case(says, f"{columns}\n{registered}", f"{columns}\n{asked}", becomes, evidence)


NAME_CASES = [
    _named(
        "the same name in other letters is the same", "ANA | - | SILVA | - | -", "Ana | - | Silva | - | -", CONFIRMED
    ),
    _named("accents make no difference", "Jose | - | Nunez | - | -", "José | - | Núñez | - | -", CONFIRMED),
    _named("a hyphen makes no difference", "Ana | - | Lima Cruz | - | -", "Ana | - | Lima-Cruz | - | -", CONFIRMED),
    _named("a joined particle makes no difference", "Ana | - | Del Rio | - | -", "Ana | - | Delrio | - | -", CONFIRMED),
    _named(
        "two surnames in the other order agree", "Ana | - | Lima Cruz | - | -", "Ana | - | Cruz Lima | - | -", CONFIRMED
    ),
    _named(
        "a second given name sent as middle name agrees",
        "Maria Jose | - | Silva | - | -",
        "Maria | Jose | Silva | - | -",
        CONFIRMED,
    ),
    _named(
        "a first surname sent as middle name agrees",
        "Luis | - | Morales Garcia | - | -",
        "Luis | Morales | Garcia | - | -",
        CONFIRMED,
    ),
    _named(
        "two compound given names with one part in common differ",
        "Luis Manuel | - | Ayers | - | -",
        "Luis Carlos | - | Ayers | - | -",
        OTHER,
    ),
    _named(
        "one part of a compound given name is for people",
        "Anne Marie | - | Pearson | - | -",
        "Anne | - | Pearson | - | -",
        SOFT,
    ),
    _named(
        "one part of it with the other's initial agrees",
        "Anne Marie | - | Pearson | - | -",
        "Anne | M | Pearson | - | -",
        CONFIRMED,
    ),
    _named("a nickname alone is for people", "William | - | Pearson | - | -", "Bill | - | Pearson | - | -", SOFT),
    _named(
        "a nickname with the middle name agrees",
        "William | K | Pearson | - | -",
        "Bill | K | Pearson | - | -",
        CONFIRMED,
    ),
    _named(
        "a nickname with the birth date alone is for people",
        "William | - | Pearson | - | 1970-02-03",
        "Bill | - | Pearson | - | 1970-02-03",
        SOFT,
    ),
    _named(
        "another spelling of a name is for people",
        "Mohammed | - | Pearson | - | -",
        "Muhammad | - | Pearson | - | -",
        SOFT,
    ),
    _named(
        "a slip in the given name is for people", "Theodosia | - | Silva | - | -", "Theodsia | - | Silva | - | -", SOFT
    ),
    _named(
        "a slip in the given name with the middle name agrees",
        "Theodosia | K | Silva | - | -",
        "Theodsia | Karen | Silva | - | -",
        CONFIRMED,
    ),
    _named(
        "a slip in the family name with the birth date agrees",
        "Ana | - | Quackenbush | - | 1970-02-03",
        "Ana | - | Quackenbsh | - | 1970-02-03",
        CONFIRMED,
    ),
    _named(
        "a slip in the family name alone is for people",
        "Ana | - | Quackenbush | - | -",
        "Ana | - | Quackenbsh | - | -",
        SOFT,
    ),
    _named("one of two surnames alone is for people", "Ana | - | Lima Cruz | - | -", "Ana | - | Lima | - | -", SOFT),
    _named(
        "two double surnames with one in common differ",
        "Luis | - | Garcia Gomez | - | -",
        "Luis | - | Garcia Medina | - | -",
        OTHER,
    ),
    _named(
        "two soft names need middle name and birth date",
        "Theodosia | K | Quackenbush | - | -",
        "Theodsia | K | Quackenbsh | - | -",
        SOFT,
    ),
    _named(
        "two known given names a letter apart are two people",
        "Maria | K | Silva | - | 1970-02-03",
        "Mario | K | Silva | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "two known family names a letter apart are two people",
        "Ana | K | Hernandez | - | 1970-02-03",
        "Ana | K | Fernandez | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "swapped names of which only one can be the given name agree",
        "Natalie | - | Quakenbush | - | -",
        "Quakenbush | - | Natalie | - | -",
        CONFIRMED,
    ),
    _named(
        "swapped names that are both given names may be another person's",
        "George | - | Allen | - | -",
        "Allen | - | George | - | -",
        SOFT,
    ),
    _named(
        "nor is anything told of two names that nobody knows",
        "Zorvath | - | Quakenbush | - | -",
        "Quakenbush | - | Zorvath | - | -",
        SOFT,
    ),
    _named(
        "a given name that is also a family name may stand in its own place",
        "Scott | - | Quakenbush | - | -",
        "Quakenbush | - | Scott | - | -",
        SOFT,
    ),
    _named(
        "a name of another script agrees with another romanisation of it by the birth date",
        "Dmitry | - | Pearson | - | 1970-02-03",
        "Dmytro | - | Pearson | - | 1970-02-03",
        CONFIRMED,
    ),
    _named(
        "but not alone: a father and his son may both be called Muhammad",
        "Mohammed | - | Pearson | - | -",
        "Muhammad | - | Pearson | - | -",
        SOFT,
    ),
    _named(
        "another spelling in Latin letters may be a twin's",
        "Eduardo | - | Pearson | - | 1970-02-03",
        "Edwardo | - | Pearson | - | 1970-02-03",
        SOFT,
    ),
    _named(
        "two different names of another script are two names",
        "Hassan | - | Pearson | - | 1970-02-03",
        "Hussein | - | Pearson | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "two letters that changed places agree by the birth date",
        "Theodore | - | Pearson | - | 1970-02-03",
        "Theoodre | - | Pearson | - | 1970-02-03",
        CONFIRMED,
    ),
    _named("but not alone", "Theodore | - | Pearson | - | -", "Theoodre | - | Pearson | - | -", SOFT),
    _named(
        "in a short name they make another name",
        "Byron | - | Pearson | - | 1970-02-03",
        "Bryon | - | Pearson | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "twins of two known names that are as near are two people",
        "Marian | - | Pearson | - | 1970-02-03",
        "Marina | - | Pearson | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "letters apart from each other that changed places are another slip, which may be a twin's name",
        "Zarlomin | - | Pearson | - | 1970-02-03",
        "Zaromlin | - | Pearson | - | 1970-02-03",
        SOFT,
    ),
    _named(
        "a family name with several slips agrees where given name, middle name and birth date do",
        "Ana | K | Guthridge | - | 1970-02-03",
        "Ana | K | Guthrytke | - | 1970-02-03",
        CONFIRMED,
    ),
    _named(
        "not without the birth date",
        "Ana | K | Guthridge | - | -",
        "Ana | K | Guthrytke | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "nor without the middle name",
        "Ana | - | Guthridge | - | 1970-02-03",
        "Ana | K | Guthrytke | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "nor with a given name that agrees softly",
        "William | K | Guthridge | - | 1970-02-03",
        "Bill | K | Guthrytke | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "a married name is another name, whatever else agrees",
        "Ana | K | Guthridge | - | 1970-02-03",
        "Ana | K | Pearson | - | 1970-02-03",
        OTHER,
    ),
    _named(
        "and so are two family names that are known, however near",
        "Ana | K | Hernandez | - | 1970-02-03",
        "Ana | K | Fernandez | - | 1970-02-03",
        OTHER,
    ),
    _named("swapped names alone are for people", "Jordan | - | Blake | - | -", "Blake | - | Jordan | - | -", SOFT),
    _named(
        "swapped names with the middle name agree",
        "Jordan | K | Blake | - | -",
        "Blake | K | Jordan | - | -",
        CONFIRMED,
    ),
    _named(
        "a middle name used as given name is for people",
        "Ayden | Terry | Newell | - | -",
        "Terry | - | Newell | - | -",
        SOFT,
    ),
    _named(
        "a middle name used as given name agrees with the birth date",
        "Ayden | Terry | Newell | - | 1970-02-03",
        "Terry | - | Newell | - | 1970-02-03",
        CONFIRMED,
    ),
    _named(
        "one part of a compound given name agrees with the birth date",
        "Anne Marie | - | Pearson | - | 1970-02-03",
        "Anne | - | Pearson | - | 1970-02-03",
        CONFIRMED,
    ),
    _named(
        "a slip in the given name with the birth date alone is for people: it may be a twin's",
        "Theodosia | - | Silva | - | 1970-02-03",
        "Theodsia | - | Silva | - | 1970-02-03",
        SOFT,
    ),
    _named("an initial is for people", "Ana | - | Silva | - | -", "A | - | Silva | - | -", ("unclear", "name_initial")),
    _named("another initial is another name", "Ana | - | Silva | - | -", "B | - | Silva | - | -", OTHER),
    _named(
        "a blank given name is no agreement, whatever else agrees, and people are not asked",
        "Ana | - | Silva | - | 1970-02-03",
        "- | - | Silva | - | 1970-02-03",
        ("name_differs", "name_blank"),
    ),
    _named(
        "a single name on both sides is for people when the birth date agrees",
        "- | - | Silva | - | 1970-02-03",
        "- | - | Silva | - | 1970-02-03",
        ("unclear", "name_single"),
    ),
    _named(
        "so is a single given name",
        "Ana | - | - | - | 1970-02-03",
        "Ana | - | - | - | 1970-02-03",
        ("unclear", "name_single"),
    ),
    _named(
        "a record that says so of the given name has a single name",
        "- | - | Suharto | - | 1970-02-03",
        "FNU | - | Suharto | - | 1970-02-03",
        ("unclear", "name_single"),
    ),
    _named(
        "so has one that says so of the family name",
        "Suharto | - | - | - | 1970-02-03",
        "Suharto | - | LNU | - | 1970-02-03",
        ("unclear", "name_single"),
    ),
    _named(
        "a record that says of both that they are unknown has none",
        "Ana | - | Silva | - | 1970-02-03",
        "FNU | - | LNU | - | 1970-02-03",
        ("name_differs", "name_blank"),
    ),
    _named(
        "a single name on both sides without the birth date is nobody's",
        "- | - | Silva | - | 1970-02-03",
        "- | - | Silva | - | -",
        ("name_differs", "name_blank"),
    ),
    _named(
        "a single name that is a given name here and a family name there is nobody's",
        "Silva | - | - | - | 1970-02-03",
        "- | - | Silva | - | 1970-02-03",
        ("name_differs", "name_blank"),
    ),
    _named(
        "no name on either side is nobody's",
        "- | - | - | - | 1970-02-03",
        "- | - | Silva | - | 1970-02-03",
        ("name_differs", "name_blank"),
    ),
    _named("another name is another person", "Ana | - | Silva | - | -", "Beatrice | - | Silva | - | -", OTHER),
    _named(
        "another middle name is for people",
        "Ana | K | Silva | - | -",
        "Ana | L | Silva | - | -",
        ("unclear", "middle_conflicts"),
    ),
    _named(
        "and so with the birth date: twins may be Jose Luis and Jose Antonio",
        "Jose | Luis | Silva | - | 1970-02-03",
        "Jose | Antonio | Silva | - | 1970-02-03",
        ("unclear", "middle_conflicts"),
    ),
    _named(
        "another suffix is for people",
        "Ana | - | Silva | Jr | -",
        "Ana | - | Silva | Sr | -",
        ("unclear", "suffix_conflicts"),
    ),
    _named(
        "a suffix on one side is for people",
        "Ana | - | Silva | Jr | -",
        "Ana | - | Silva | - | -",
        ("unclear", "suffix_one_sided"),
    ),
    _named(
        "the same suffix agrees, wherever it stands",
        "Ana | - | Silva | Jr. | -",
        "Ana | - | Silva JR | - | -",
        CONFIRMED,
    ),
    _named(
        "a family name without its particles is for people",
        "Ana | - | De La Cruz | - | -",
        "Ana | - | Cruz | - | -",
        SOFT,
    ),
    _named(
        "a family name without its particles is confirmed with the birth date",
        "Ana | - | De La Cruz | - | 1980-03-02",
        "Ana | - | Cruz | - | 1980-03-02",
        CONFIRMED,
    ),
    _named(
        "what only begins like a particle is a part of the name",
        "Ana | - | Delgado | - | 1980-03-02",
        "Ana | - | Ado | - | 1980-03-02",
        OTHER,
    ),
    _named(
        "a first name cut short before the second is confirmed with the birth date",
        "Maria Guadalupe | - | Rios | - | 1980-03-02",
        "Ma Guadalupe | - | Rios | - | 1980-03-02",
        CONFIRMED,
    ),
    _named(
        "a first name cut short before another second is another name",
        "Maria Guadalupe | - | Rios | - | 1980-03-02",
        "Ma Fernanda | - | Rios | - | 1980-03-02",
        OTHER,
    ),
    _named(
        "an initial before the second name is for people",
        "Jose Jesus | - | Rios | - | 1980-03-02",
        "J Jesus | - | Rios | - | 1980-03-02",
        ("unclear", "name_initial"),
    ),
    _named(
        "a middle initial is that of the name behind its particles",
        "Maria | Del Carmen | Rios | - | -",
        "Maria | C | Rios | - | -",
        CONFIRMED,
    ),
]
