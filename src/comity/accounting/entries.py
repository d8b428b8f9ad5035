"""Builds the `accounting` artefact: for each request its two bodies and the salts under which its leaf commits to them.

Together the bodies hold the accounting that 26 U.S.C. 6103(p)(3)(A) demands; the log itself sees the leaf alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.accounting.bodies import InnerFacts, OuterFacts, identity_sql, inner_sql, outer_sql
from comity.accounting.canonical import canonical_sql, object_sql, text_sql
from comity.accounting.commitments import SALT_SIZE, salt_sql
from comity.case.artefact import Artefact
from comity.case.errors import Integrity
from comity.case.holds import HOLD_ACTIVE
from comity.case.withholding import WITHHELD_I6, withheld_sql
from comity.workspace import Workspace, workspace

SIGNATORY = "signatory"


@dataclass(frozen=True)
class Sources:
    """The artefacts of the batch that its entries are made of.

    `pseudonyms` has `row_number` and `taxpayer`: the keyed pseudonym (hex HMAC, computed by the office) of the taxpayer
    that a determination names, or NULL. `withholdings` is what the screen said, where there was one, and `listed` has
    the `row_number` of each request that names somebody whom a hold is about, where there is such a hold.
    """

    requests: Artefact
    recipients: Artefact
    rulings: Artefact
    settled: Artefact
    determinations: Artefact
    verdicts: Artefact
    answers: Artefact
    pseudonyms: Artefact
    withholdings: Artefact | None = None
    listed: Artefact | None = None

    def all(self) -> dict[str, Artefact]:
        """The artefacts that there are, by the names of their views."""
        return {name: artefact for name, artefact in vars(self).items() if artefact is not None}


def make_entries(directory: Path, sources: Sources, outer: OuterFacts, inner: InnerFacts, secret: bytes) -> Artefact:
    """Make the `accounting` artefact of one intent: one row per row of `answers`.

    Columns: `row_number`, `request_id`, `outer_body` and `inner_body` (RFC 8785 text), `outer_salt` and `inner_salt`
    (32 bytes); `reading.read_leaves` makes the leaves of them. `secret` is 32 random bytes drawn for this intent alone
    and kept nowhere: each salt is SHA-256 over it, the row and the side, so that nobody who lacks the artefact can
    compute one. Raises Integrity ACCOUNTING_INCOMPLETE when requests, rulings, determinations, recipients and answers
    do not fit each other.
    """
    _require_secret(secret)
    with workspace(directory, reads=[artefact.path for artefact in sources.all().values()]) as ws:
        for name, artefact in sources.all().items():
            ws.view(name, artefact)
        _require_fit(ws)
        ws.con.execute("CREATE TEMP TABLE drawn AS SELECT ? AS secret", [secret.hex()])
        ws.con.execute(f"CREATE TEMP TABLE opened AS {_RECIPIENTS}")
        ws.con.execute(f"CREATE TEMP TABLE failed AS {_RULINGS}")
        ws.con.execute(f"CREATE TEMP TABLE withheld AS {withheld_words_sql(sources.withholdings, sources.listed)}")
        accounting = ws.write_numbered("accounting", _entries_sql(outer, inner))
        if accounting.rows != sources.requests.rows:
            raise _incomplete("A request has no entry, or two.")
        return accounting


def make_blinds(directory: Path, recipients: Artefact, secret: bytes) -> Artefact:
    """Make the `blinds` artefact: 32 bytes for each recipient and the signatory, from a `secret` as salts are."""
    _require_secret(secret)
    with workspace(directory, reads=[recipients.path]) as ws:
        ws.view("recipients", recipients)
        ws.con.execute("CREATE TEMP TABLE drawn AS SELECT ? AS secret", [secret.hex()])
        everyone = f"SELECT recipient FROM recipients UNION SELECT {text_sql(SIGNATORY)}"
        blind = salt_sql("secret", "recipient", "blind")
        return ws.write("blinds", f"SELECT recipient, {blind} AS blind FROM ({everyone}), drawn", "recipient")


def _require_fit(ws: Workspace) -> None:
    """Refuse sources that speak of different requests; an entry made of them would account for something else."""
    for says, sql in _MISFITS.items():
        if ws.rows(sql)[0][0]:
            raise _incomplete(says)


def _require_secret(secret: bytes) -> None:
    if len(secret) != SALT_SIZE:
        raise _incomplete("The secret that salts are drawn from is not 32 bytes.")


def _incomplete(says: str) -> Integrity:
    return Integrity(
        "ACCOUNTING_INCOMPLETE", says, "Nothing was logged; make the answers anew from the batch's artefacts."
    )


_MISFITS = {
    "An answer is not that of a request of the batch.": """
        SELECT count(*) FROM answers FULL JOIN requests USING (row_number)
        WHERE answers.request_id IS DISTINCT FROM requests.request_id""",
    "An answer has no settled ruling.": """
        SELECT count(*) FROM answers ANTI JOIN settled USING (row_number)""",
    "A request that passed has no determination, or one that did not pass has one.": """
        SELECT count(*) FROM (FROM settled WHERE ruling = 'pass') AS passed
        FULL JOIN determinations USING (row_number)
        WHERE passed.request_id IS DISTINCT FROM determinations.request_id""",
    "An answer names a recipient that the submission does not.": """
        SELECT count(*) FROM (SELECT DISTINCT unnest(recipients) AS recipient FROM answers)
        ANTI JOIN recipients USING (recipient)""",
}

_RECIPIENTS = f"""
SELECT recipients, list({
    object_sql({"id": "recipient", "name": "name", "agency": "agency", "role": "role", "address": "office_address"})
} ORDER BY recipient) AS people
FROM (SELECT recipients, unnest(recipients) AS recipient FROM (SELECT DISTINCT recipients FROM answers))
JOIN recipients AS register USING (recipient)
GROUP BY recipients"""

_RULINGS = f"""
SELECT row_number, list({
    object_sql({"gate": "gate", "code": "code", "outcome": "outcome", "clause": "clause"})
} ORDER BY gate, code) AS rulings
FROM rulings GROUP BY row_number"""


def withheld_words_sql(withholdings: object, listed: object) -> str:
    """SQL: of each request of which nothing is said, `row_number` and why, as the inner body has it in `withheld`.

    Reads the views `withholdings` and `listed` where there are such. A word of the statute goes before a court's.
    """
    held = "FROM listed" if listed else "SELECT NULL::INTEGER AS row_number WHERE FALSE"
    why = f"CASE WHEN w.row_number IS NULL THEN {text_sql(HOLD_ACTIVE)} ELSE {text_sql(WITHHELD_I6)} END"
    return f"""
SELECT row_number, {why} AS withheld
FROM ({withheld_sql(withholdings)}) AS w FULL JOIN ({held}) AS h USING (row_number)"""


def _entries_sql(outer: OuterFacts, inner: InnerFacts) -> str:
    """Chain the steps: join the sources and sort them while they are narrow, make the bodies, spell and salt them."""
    return f"""
WITH identified AS (
    SELECT *, {canonical_sql("identity_json")} AS identity_text
    FROM (SELECT *, to_json({identity_sql()})::VARCHAR AS identity_json FROM requests)
), joined AS (
    SELECT identified.* EXCLUDE (identity_json, identity_text, recipients), sha256(identity_text) AS identity_digest,
        answers.answer, answers.codes, opened.people, settled.ruling, settled.settled_by, failed.rulings,
        determinations.determination, determinations.reason AS why, determinations.candidates,
        verdicts.verdict, pseudonyms.taxpayer, withheld.withheld
    FROM answers JOIN identified USING (row_number) JOIN settled USING (row_number)
    LEFT JOIN opened ON opened.recipients = answers.recipients
    LEFT JOIN failed USING (row_number) LEFT JOIN determinations USING (row_number)
    LEFT JOIN verdicts USING (row_number) LEFT JOIN pseudonyms USING (row_number)
    LEFT JOIN withheld USING (row_number)
    ORDER BY row_number
), bodies AS (
    SELECT row_number, request_id,
        to_json({outer_sql(outer)})::VARCHAR AS outer_json, to_json({inner_sql(inner)})::VARCHAR AS inner_json
    FROM joined
)
SELECT row_number, request_id,
    {canonical_sql("outer_json")} AS outer_body, {salt_sql("secret", "row_number", "outer")} AS outer_salt,
    {canonical_sql("inner_json")} AS inner_body, {salt_sql("secret", "row_number", "inner")} AS inner_salt
FROM bodies, drawn"""
