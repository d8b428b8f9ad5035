"""From the table of answers to the rows of each recipient's reply, in columns; nobody gets another's rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from comity.case.artefact import Artefact
from comity.case.errors import Integrity
from comity.case.outcomes import ANSWERS, RETURNED
from comity.disclosure.reply import ANSWER_WIDTH, ID_WIDTH, Heading, Reply, bitmap
from comity.review import SIGNATORY
from comity.workspace import Workspace, workspace

_AT_ONCE = 256

_WORDS = "(" + ", ".join(f"'{word}'" for word in ANSWERS) + ")"

# (code, what is wrong, a query for the rows of `answers` or `blinds` for which it is)
_UNSOUND = (
    (
        "ANSWERS_UNSOUND",
        "An answer is not one of the three words, or codes stand beside another than RETURNED.",
        f"""SELECT 1 FROM answers WHERE NOT coalesce(answer IN {_WORDS}
            AND (answer = '{RETURNED}') = (len(codes) > 0), FALSE)""",
    ),
    (
        "ANSWERS_UNSOUND",
        "A request id is not of its form, or occurs twice.",
        f"""SELECT 1 FROM answers GROUP BY request_id HAVING count(*) > 1
            OR NOT coalesce(regexp_full_match(request_id, '[A-Z0-9-]{{1,{ID_WIDTH}}}'), FALSE)""",
    ),
    (
        "RECIPIENT_UNFIT",
        "An answer names no recipient or the one that is kept for the signatory, or a returned request names one.",
        f"""SELECT 1 FROM answers WHERE NOT coalesce((answer = '{RETURNED}') = (len(recipients) = 0)
            AND NOT list_contains(recipients, '{SIGNATORY}'), FALSE)""",
    ),
    (
        "BLIND_MISSING",
        "A recipient has no blind of its own.",
        """SELECT 1 FROM (SELECT DISTINCT recipient FROM routed) ANTI JOIN (SELECT recipient FROM blinds
            GROUP BY recipient HAVING count(*) = 1 AND octet_length(any_value(blind)) = 32) USING (recipient)""",
    ),
    (
        "BLIND_MISSING",
        "Two recipients share a blind.",
        "SELECT 1 FROM blinds GROUP BY blind HAVING count(*) > 1",
    ),
)

# A returned request is the signatory's own paper and goes back to nobody else.
_ROUTED = f"""
    SELECT unnest(CASE WHEN answer = '{RETURNED}' THEN ['{SIGNATORY}'] ELSE list_distinct(recipients) END) AS recipient,
        rpad(request_id, {ID_WIDTH}, ' ') || ' ' || rpad(answer, {ANSWER_WIDTH}, ' ') || ' ' || bits
            || chr(10) AS line
    FROM answers LEFT JOIN bitmaps USING (codes)"""


def rebuild_replies(directory: Path, answers: Artefact, blinds: Artefact, heading: Heading) -> Iterator[Reply]:
    """One reply per recipient of `answers`, by recipient: what was sealed, or is to be.

    `directory` is where the step may spill; nothing is left there. Raises Integrity: ANSWERS_UNSOUND,
    RECIPIENT_UNFIT, BLIND_MISSING, CODE_UNKNOWN.
    """
    with workspace(directory, reads=[answers.path, blinds.path]) as ws:
        ws.view("answers", answers)
        ws.view("blinds", blinds)
        route(ws, heading.codes)
        yield from routed_replies(ws, heading)


def route(ws: Workspace, codes: tuple[str, ...]) -> None:
    """Make the table `routed` (recipient, line) from the views `answers` and `blinds`, and check all three."""
    kinds = [row[0] for row in ws.rows("SELECT DISTINCT codes FROM answers WHERE codes IS NOT NULL")]
    ws.con.execute("CREATE TABLE bitmaps (codes VARCHAR[], bits VARCHAR)")
    parameters: list[object] = [kinds, [bitmap(kind, codes) for kind in kinds]]
    ws.con.execute("INSERT INTO bitmaps SELECT unnest(?), unnest(?)", parameters)
    ws.con.execute(f"CREATE TABLE routed AS {_ROUTED}")
    for code, says, sql in _UNSOUND:
        if ws.rows(f"{sql} LIMIT 1"):
            raise Integrity(code, says, "Nothing was sealed. Make the answers again and have them signed.")


def routed_replies(ws: Workspace, heading: Heading) -> Iterator[Reply]:
    """The replies of `routed`, by recipient, a few hundred in memory at a time."""
    cursor = ws.con.cursor().execute(
        """SELECT recipient, any_value(blind), count(*), string_agg(line, '' ORDER BY line)
        FROM routed JOIN blinds USING (recipient) GROUP BY recipient ORDER BY recipient"""
    )
    while some := cursor.fetchmany(_AT_ONCE):
        for recipient, blind, rows, body in some:
            yield Reply(heading, recipient, bytes(blind), rows, body)
