"""Whether an accounting is of its answers: the same rows, answers, codes and recipients."""

from __future__ import annotations

from comity.accounting.commitments import SALT_SIZE
from comity.case.errors import Integrity
from comity.workspace import Workspace

# What the bodies say was answered, in one pass over them; they are most of the bytes of a batch.
_SAID = '{"answer":"VARCHAR","codes":["VARCHAR"],"recipients":[{"id":"VARCHAR"}],"request":{"id":"VARCHAR"}}'
_ACCOUNTED = f"""
    SELECT row_number, request_id, said.request.id AS said_id, said.answer AS said_answer, said.codes AS said_codes,
        list_transform(said.recipients, lambda recipient: recipient.id) AS said_recipients, sound
    FROM (SELECT row_number, request_id, from_json(outer_body, '{_SAID}') AS said,
        octet_length(outer_salt) = {SALT_SIZE} AND octet_length(inner_salt) = {SALT_SIZE} AND inner_body IS NOT NULL
            AS sound FROM accounting)"""

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

    Raises Integrity ACCOUNTING_DIFFERS unless every answer has exactly one entry, whole and salted, whose outer body
    says its request, answer, codes and recipients. That its leaf commits to the bodies needs no look: it is made of
    them (`accounting.reading`) and compared with the log.
    """
    ws.con.execute(f"CREATE TABLE accounted AS {_ACCOUNTED}")
    for sql in _UNACCOUNTED:
        if ws.rows(f"{sql} LIMIT 1"):
            raise Integrity(
                "ACCOUNTING_DIFFERS",
                "The accounting is not of these answers.",
                "Abandon the intent; nothing was sealed.",
            )
