"""What only the whole submission shows: people, addresses and reasons that come again, and who the recipients are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


Registered = tuple[str, str, str, str, bool]
"""Whom the custodian has registered: recipient, agency, fingerprint of the certificate, role, and whether the system at
which the recipient opens replies stands in the register of destinations."""

REGISTERED = ("recipients_known", "recipients_wrong_agency", "recipients_contractors", "recipients_at_system")
"""The columns that follow from the custodian's registers, and change when these do."""
NAMED = ("recipients_named", "recipients_listed", *REGISTERED)
"""The columns that follow from a request's own list of recipients."""
ENGAGED = ("recipient_matters", *NAMED)
ENGAGED_SQL = ", ".join(f"coalesce(engaged.{name}, 0) AS {name}" for name in ENGAGED)
"""SQL: ENGAGED of a row joined with `engaged`, 0 without a list."""


def count_submission(
    con: DuckDBPyConnection, source: str, into: str, agency: str | None, register: Sequence[Registered]
) -> None:
    """Create the view `into`: the rows of `source` (made by `standardise_requests`) with the COUNTED columns.

    These lie in the table `counted` (row_number, COUNTED). Reads the tables `recipients` (recipient, agency, role,
    certificate) and `asked_before` (see `probing`). Who is in `register` counts as known under the registered
    certificate alone, because a reply is sealed to that one, and as a contractor when either list says so. `agency` is
    the one that asks.
    """
    count_engaged(con, source, agency, register)
    con.execute(f"CREATE TABLE counted AS {_COUNTED.format(source=source)}")
    # A view: the rows are wide, their lists cost more to copy than their counts to join.
    con.execute(f"CREATE VIEW {into} AS SELECT * EXCLUDE ({_KEYS}) FROM {source} JOIN counted USING (row_number)")


def count_engaged(con: DuckDBPyConnection, source: str, agency: str | None, register: Sequence[Registered]) -> None:
    """Create the table `engaged`: ENGAGED for each list of recipients in `source` (recipients, matter).

    Takes and reads as `count_submission`.
    """
    con.execute(
        """CREATE TABLE registered AS SELECT unnest(?::VARCHAR[]) AS recipient, unnest(?::VARCHAR[]) AS agency,
        unnest(?::VARCHAR[]) AS certificate, unnest(?::VARCHAR[]) AS role, unnest(?::BOOLEAN[]) AS stands""",
        [[known[place] for known in register] for place in range(5)],
    )
    con.execute(f"CREATE TABLE engaged AS {_ENGAGED.format(source=source)}", [agency, agency])


# Per distinct list of recipients, which are few, not per request.
_ENGAGED = """
WITH named AS (SELECT DISTINCT recipients FROM {source} WHERE recipients IS NOT NULL),
    each AS (SELECT recipients, unnest(list_distinct(recipients)) AS recipient FROM named),
    tasks AS (SELECT DISTINCT recipients, matter FROM {source} WHERE recipients IS NOT NULL AND matter IS NOT NULL),
    busy AS (
        SELECT recipient, count(DISTINCT matter) AS matters FROM each JOIN tasks USING (recipients) GROUP BY recipient)
SELECT each.recipients,
    max(b.matters) AS recipient_matters,
    count(*) AS recipients_named,
    count(l.recipient) AS recipients_listed,
    count(k.recipient) FILTER (l.certificate = k.certificate) AS recipients_known,
    count(*) FILTER (upper(trim(l.agency)) IS DISTINCT FROM upper(trim(?::VARCHAR))
        OR (k.recipient IS NOT NULL AND upper(trim(k.agency)) IS DISTINCT FROM upper(trim(?::VARCHAR))))
        AS recipients_wrong_agency,
    count(*) FILTER (contains(upper(concat(l.role, ' ', k.role)), 'CONTRACTOR')) AS recipients_contractors,
    count(*) FILTER (k.stands) AS recipients_at_system
FROM each
LEFT JOIN busy b ON b.recipient = each.recipient
LEFT JOIN (SELECT recipient, min(agency) AS agency, min(role) AS role, min(certificate) AS certificate
    FROM recipients GROUP BY recipient) l
    ON l.recipient = each.recipient
LEFT JOIN (SELECT recipient, min(agency) AS agency, min(certificate) AS certificate, string_agg(role, ' ') AS role,
        bool_and(stands) AS stands
    FROM registered GROUP BY recipient) k
    ON k.recipient = each.recipient
GROUP BY each.recipients
"""

_KEYS = "names, person, place, words, matter"

# What occurs once, nearly everything, is filtered out before anything distinct is counted.
_COUNTED = """
WITH people AS (
        SELECT person, count(*) AS asks FROM {source} WHERE person IS NOT NULL GROUP BY person HAVING count(*) > 1),
    moves AS (
        SELECT person, count(DISTINCT place) AS places FROM {source} SEMI JOIN people USING (person) GROUP BY person),
    shared AS (SELECT place FROM {source} WHERE place IS NOT NULL GROUP BY place HAVING count(*) > 1),
    homes AS (SELECT place, count(DISTINCT names) AS uses FROM {source} SEMI JOIN shared USING (place) GROUP BY place),
    reasons AS (
        SELECT words, count(*) AS uses FROM {source} WHERE words IS NOT NULL GROUP BY words HAVING count(*) > 1),
    matters AS (
        SELECT matter, count(*) AS people FROM {source} WHERE matter IS NOT NULL GROUP BY matter HAVING count(*) > 1)
SELECT r.row_number,
    coalesce(people.asks, 1) AS asks_in_submission,
    coalesce(moves.places, 1) AS addresses_in_submission,
    before.asks_before,
    before.addresses_before,
    coalesce(homes.uses, 1) AS address_uses,
    CASE WHEN r.words IS NOT NULL THEN coalesce(reasons.uses, 1) END AS reason_uses,
    CASE WHEN r.matter IS NOT NULL THEN coalesce(matters.people, 1) END AS matter_people,
    {engaged}
FROM {source} r
LEFT JOIN asked_before before ON before.row_number = r.row_number
LEFT JOIN people ON people.person = r.person
LEFT JOIN moves ON moves.person = r.person
LEFT JOIN homes ON homes.place = r.place
LEFT JOIN reasons ON reasons.words = r.words
LEFT JOIN matters ON matters.matter = r.matter
LEFT JOIN engaged ON engaged.recipients = r.recipients
""".replace("{engaged}", ENGAGED_SQL)
