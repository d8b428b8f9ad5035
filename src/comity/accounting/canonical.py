"""RFC 8785 JSON made in SQL, equal byte for byte to the rfc8785 library on the values that entry bodies hold.

Those are text, whole numbers below 2**53, truth values, NULL, and lists and objects of them. DuckDB's JSON differs from
RFC 8785 in two points only: it keeps the order of a struct's fields, and it writes the hexadecimal of the rare control
characters in capitals. `object_sql` sorts, `canonical_sql` writes them small.
"""

from __future__ import annotations

from collections.abc import Mapping

# The control characters without a short escape whose hexadecimal has a letter.
_LETTERED = [code for code in range(0x20) if code not in {0x0A, 0x0C, 0x0D} and any(c in "abcdef" for c in f"{code:x}")]


def text_sql(value: str | None) -> str:
    """Give a Python text as an SQL literal, None as a typed NULL."""
    return "NULL::VARCHAR" if value is None else "'" + value.replace("'", "''") + "'"


def object_sql(members: Mapping[str, str]) -> str:
    """Give the SQL of a struct whose fields, each an SQL expression, stand in the order of RFC 8785, 3.2.3.

    Names are ASCII, where the order of UTF-16 units is that of the characters.
    """
    fields = (f'"{name}" := {members[name]}' for name in sorted(members))
    return f"struct_pack({', '.join(fields)})"


def canonical_sql(json: str) -> str:
    """Give the SQL of the canonical text of what DuckDB's `to_json` made; `json` is a column of text.

    An escaped backslash before `u000B` is no control character: pairs of backslashes are set aside, as a character that
    JSON never holds bare, while the escapes are rewritten.
    """
    text = f"replace({json}, '\\\\', chr(1))"
    for code in _LETTERED:
        text = f"replace({text}, '\\u{code:04X}', '\\u{code:04x}')"
    return f"CASE WHEN contains({json}, '\\u00') THEN replace({text}, chr(1), '\\\\') ELSE {json} END"
