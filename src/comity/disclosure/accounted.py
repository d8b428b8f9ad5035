"""Whether an accounting is of its answers: the same rows, answers, codes and recipients, and leaves of its bodies."""

from __future__ import annotations

from comity.accounting.commitments import SALT_SIZE, commit_sql
from comity.case.errors import Integrity
from comity.workspace import Workspace

# A request's leaf made again from its bodies and salts (`accounting.leaf.RequestLeaf`).
_LEAF = f"""encode('{{"inner":"' || {commit_sql("inner_salt", "inner_body")}
    || '","outer":"' || {commit_sql("outer_salt", "outer_body")} || '","type":"request/1"}}')"""

# What the bodies say was answered, in one pass over them; they are most of the bytes of a batch.
_ACCOUNTED = f"""
    SELECT row_number, request_id, json_extract_string(outer_body, '$.request.id') AS said_id,
        json_extract_string(outer_body, '$.answer') AS said_answer,
        json_extract_string(outer_body, '$.codes[*]') AS said_codes,
        json_extract_string(outer_body, '$.recipients[*].id') AS said_recipients,
        octet_length(outer_salt) = {SALT_SIZE} AND octet_length(inner_salt) = {SALT_SIZE} AND leaf = {_LEAF} AS sound
    FROM accounting"""

# Each is a query for rows that should not be.
_UNACCOUNTED = (
    """SELECT 1 FROM answers AS a FULL JOIN accounted AS b USING (row_number)
        WHERE (a.request_id, a.answer, list_sort(a.codes), list_sort(a.recipients)) IS DISTINCT FROM
            (b.said_id, b.said_answer, list_sort(b.said_codes), list_sort(b.said_recipients))
        OR a.request_id IS DISTINCT FROM b.request_id OR NOT coalesce(b.sound, FALSE)""",
    "SELECT 1 FROM accounted GROUP BY row_number HAVING count(*) > 1",
)


def require_accounted(ws: Workspace) -> None:
    """Compare the views `accounting` and `answers` of `ws`; makes the table `accounted`.

    Raises Integrity ACCOUNTING_DIFFERS unless every answer has exactly one entry whose bodies say its request, answer,
    codes and recipients, and whose leaf commits to those bodies.
    """
    ws.con.execute(f"CREATE TABLE accounted AS {_ACCOUNTED}")
    for sql in _UNACCOUNTED:
        if ws.rows(f"{sql} LIMIT 1"):
            raise Integrity(
                "ACCOUNTING_DIFFERS",
                "The accounting is not of these answers.",
                "Abandon the intent; nothing was sealed.",
            )
