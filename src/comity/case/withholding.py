"""The artefact `withholdings`: what the screen of 26 U.S.C. 6103(i)(6) said of each request, in marks of one size.

One row per request of the batch, whether it was screened or not, with `secret`, 32 random bytes that are the same in
every row, and `mark`, the SHA-256 of secret, row and word. Rows, sizes and digest are alike whether anybody is withheld
or nobody, and whoever has the digest alone cannot try words against it.
"""

from __future__ import annotations

NOT_ASKED = "not asked"
CLEAR = "clear"
WITHHOLD = "withhold"
# The words that a screener may say of a subject.
SCREENED = (CLEAR, WITHHOLD)
# What the sealed accounting says of a request that the screen withheld.
WITHHELD_I6 = "WITHHELD_I6"
# The value of the term `screen` of an agreement whose subjects nobody screens.
NO_SCREEN = "none"


def mark_sql(word: str) -> str:
    """SQL: the mark that says `word`, a column or a text in quotes, of the row, over the columns secret, row_number."""
    return f"unhex(sha256(secret || encode(row_number || ':' || {word})))"


def withheld_sql(screened: object) -> str:
    """SQL: the `row_number` of each request that the view `withholdings` withholds; no row where nobody was `screened`,
    and there is no such view."""
    if not screened:
        return "SELECT NULL::INTEGER AS row_number WHERE FALSE"
    return f"SELECT row_number FROM withholdings WHERE {says_sql(WITHHOLD)}"


def says_sql(word: str) -> str:
    """SQL: whether a row of `withholdings` says `word`."""
    return f"mark = {mark_sql(repr(word))}"
