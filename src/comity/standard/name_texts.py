"""Each distinct text of a name's fields, read once: letters alone, suffix and title taken off, parts told apart."""

from __future__ import annotations

from comity.standard.fold import every, fold_steps, when, words
from comity.standard.lists import groups, lines, table
from comity.standard.steps import Step

_SUFFIXES = [(word, group[0]) for group in groups("name_suffixes") for word in group]
# At the end of a name a single letter is an initial and a figure a slip; only a suffix field may hold them.
_ENDS = "|".join(sorted(word for word, _ in _SUFFIXES if len(word) > 1 and not word[0].isdigit()))
_PARTICLES = "|".join(lines("particles"))
_TITLES = "|".join(lines("name_titles"))
_DEGREES = "|".join(lines("name_degrees"))

# What joins the letters on both sides (O'Neill, J.R.) is dropped; everything else that is no letter parts them.
_DROPPED = "['.`]+"
_KEPT = r"\p{L}\p{M}0-9"

_TEXTS = """
SELECT DISTINCT sent FROM (SELECT unnest([given_1, middle_name, family_1, name_suffix]) AS sent FROM std_names)
WHERE sent IS NOT NULL
"""

_LETTERED = f"SELECT sent, {words(every('folded', _DROPPED, ''), _KEPT)} AS letters FROM folded"

# A suffix or a degree is never all there is: Junior is a given name too.
_ENDED = f"""
SELECT sent, letters, undegreed, nullif(regexp_extract(undegreed, '. ({_ENDS})$', 1), '') AS suffix_behind,
    nullif(regexp_extract(undegreed, '^(JR) .', 1), '') AS suffix_before
FROM (SELECT *, regexp_replace(letters, '(.) (?:{_DEGREES})$', '\\1') AS undegreed FROM lettered)
"""

_BARED = """
SELECT sent, letters, suffixes.standard AS suffix,
    CASE WHEN suffix_behind IS NOT NULL THEN left(undegreed, length(undegreed) - length(suffix_behind) - 1)
         WHEN suffix_before IS NOT NULL THEN substr(undegreed, length(suffix_before) + 2) ELSE undegreed END AS bare
FROM ended LEFT JOIN std_suffixes suffixes ON suffixes.word = coalesce(suffix_behind, suffix_before)
"""

# How surely the words are no name: a row of X is none, nor is a field without a letter.
_WEIGHED = f"""
SELECT b.sent, b.suffix, whole.standard AS whole_suffix,
    CASE WHEN regexp_full_match(bare, 'XX+(?: XX+)*') OR NOT regexp_matches(bare, '\\p{{L}}') THEN 'always'
         ELSE words.weight END AS weight,
    regexp_replace(bare, '^(?:{_TITLES}) (.)', '\\1') AS name
FROM bared b LEFT JOIN std_suffixes whole ON whole.word = letters
    LEFT JOIN std_placeholders words ON words.word = bare
"""


def _parts(column: str) -> str:
    """SQL: the parts of a name; a particle stays with what follows it, and `y` between two surnames is dropped."""
    joined = every(f"replace({column}, ' Y ', ' ')", rf"\b({_PARTICLES}) ", r"\1_")
    kept = f"list_transform(string_split({joined}, ' '), lambda part: replace(part, '_', ' '))"
    return when(f"regexp_matches({column}, '\\b(?:{_PARTICLES}|Y) ')", kept, f"string_split({column}, ' ')")


_PARTED = f"SELECT *, {_parts('name')} AS parts, replace(name, ' ', '') AS joined FROM weighed"


def suffix_table() -> str:
    """SQL: the table (word, standard) of generational suffixes in their spellings."""
    return table("word, standard", _SUFFIXES)


def placeholder_table() -> str:
    """SQL: the table (word, weight) of the words that stand where no name is known."""
    return table(
        "word, weight", [(word, weight) for weight, word in (x.split(": ", 1) for x in lines("name_placeholders"))]
    )


def text_steps() -> list[Step]:
    """The steps from the fields of `std_names` to `name`, `parts`, `joined`, `suffix`, `whole_suffix` and `weight`."""
    return [
        *fold_steps(_TEXTS),
        Step("lettered", "letters and single spaces alone", _LETTERED),
        Step("ended", "Jr and its like at the end of a name or before it, degrees dropped", _ENDED),
        Step("bared", "the suffix in its standard spelling, and the name without it", _BARED),
        Step("weighed", "titles off; words that are no names recognised", _WEIGHED),
        Step("parted", "the parts of a name, and the whole without spaces", _PARTED),
    ]
