"""The look-back: which answers that were given another reading would not have given, each with the gate and clause.

A rule set is looked back with before it is approved (SoD-9), and a court's reading of a rule can be asked what of the
past it would have refused. Nothing is looked up for anybody but the oversight: codes, gates and the requests' own ids
come out, and nothing of a record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from comity.accounting.entries import withheld_words_sql
from comity.agreements import Agreement
from comity.case.artefact import Artefact
from comity.case.outcomes import CONFIRMED, NO_DISCLOSURE, NOT_SAME, RETURN, RETURNED, VOTED_SQL
from comity.gates.settle import BY_TIME
from comity.oversight.replay import Basis, recompute
from comity.workspace import Workspace, workspace

# What a request would come to that a person would first have to decide: an examiner or the reviewers.
REVIEW = "REVIEW"
LINKAGE = "linkage"
# What linkage takes from an agreement, the first where none of them differs.
TERMS = ("evidence", "address_of_record", "namesake_years")


@dataclass(frozen=True)
class Refusal:
    """An answer that would not have been given: `was` and `would_be`, and what stands against it.

    `codes`, `gates` and `clauses` run side by side; `left_to` counts the named recipients whose reply has left.
    """

    batch: str
    row_number: int
    request_id: str
    was: str
    would_be: str
    gates: tuple[str, ...]
    codes: tuple[str, ...]
    clauses: tuple[str, ...]
    left_to: int


@dataclass(frozen=True)
class LookedBack:
    """One batch looked back at: how many requests had an answer, how often each became which, and what is refused.

    `changes` counts by `was` and `would_be`, those that stay the same among them.
    """

    batch: str
    requests: int
    changes: Mapping[tuple[str, str], int]
    refused: tuple[Refusal, ...]

    def facts(self) -> dict[str, object]:
        """The figures and the list, for JSON."""
        changes = [{"was": was, "would_be": now, "requests": n} for (was, now), n in self.changes.items()]
        refused = [asdict(one) for one in self.refused]
        return {"batch": self.batch, "requests": self.requests, "changes": changes, "refused": refused}


def look_back(
    scratch: Path,
    batch: str,
    basis: Basis,
    ruled_by: Agreement,
    recorded: Mapping[str, Artefact],
    handed_over: Collection[str],
) -> LookedBack:
    """Decide the batch anew on `basis` in the folder `scratch`, and hold that against the answers `recorded`.

    `basis` is the batch's own with other rules or another day in their place; `ruled_by` its own rules; `recorded` the
    tables of `replay.KINDS` that it has come to, answers among them; `handed_over` the recipients whose reply has left.
    What an examiner, two reviewers or the screener said stands wherever the same question is still put to them. Raises
    as the steps.
    """
    made, listed = recompute(scratch, basis), recorded.get("listed") if basis.persons else None
    reads = [table.path for table in (*recorded.values(), *filter(None, [basis.withholdings]))]
    with workspace(scratch, reads=reads) as ws:
        for name in ("answers", "settled", "rulings", "determinations", "verdicts"):
            ws.view(f"old_{name}", recorded[name])
        for name in ("settled", "rulings", "determinations"):
            ws.view(f"new_{name}", made[name])
        if basis.withholdings:
            ws.view("withholdings", basis.withholdings)
        if listed:
            ws.view("listed", listed)
        ws.con.execute(f"CREATE TABLE withheld AS {withheld_words_sql(basis.withholdings, listed)}")
        told = [LINKAGE, _clause(ruled_by, basis.agreement), list(handed_over)]
        ws.con.execute("CREATE TABLE told AS SELECT ? AS gate, ? AS clause, ?::VARCHAR[] AS handed_over", told)
        ws.con.execute(f"CREATE TABLE compared AS {_COMPARED}")
        counts = ws.rows("SELECT was, would_be, count(*) FROM compared GROUP BY ALL ORDER BY ALL")
        changes = {(was, would_be): number for was, would_be, number in counts}
        return LookedBack(batch, recorded["answers"].rows, changes, _refused(ws, batch))


def _refused(ws: Workspace, batch: str) -> tuple[Refusal, ...]:
    rows = ws.rows(_REFUSED)
    return tuple(
        Refusal(batch, row, request, was, now, tuple(gates), tuple(codes), tuple(clauses), left)
        for row, request, was, now, gates, codes, clauses, left in rows
    )


def _clause(old: Agreement, new: Agreement) -> str:
    """The clauses of `new` for the terms by which linkage goes another way, '' where it says none."""
    told = [(old.value(name), new.value(name)) for name in TERMS]
    changed = [now for was, now in told if now and (was is None or was.value != now.value)]
    return "; ".join(value.basis.clause for value in changed or [now for _, now in told[:1] if now])


# The answer stands where the same determination is made of the same person: the votes on it were votes on this. Whoever
# was withheld stays so, as with a vote: under another reading nobody is looked up again. So does whom a hold names.
_COMPARED = f"""
SELECT a.row_number, a.request_id, a.answer AS was, a.recipients, n.determination, n.reason,
    CASE WHEN s.ruling = '{RETURN}' AND s.settled_by = '{BY_TIME}' AND e.settled_by IS DISTINCT FROM '{BY_TIME}'
            THEN '{REVIEW}'
        WHEN s.ruling = '{RETURN}' THEN '{RETURNED}'
        WHEN n.determination = o.determination AND n.person IS NOT DISTINCT FROM o.person THEN a.answer
        WHEN w.row_number IS NOT NULL AND n.determination = 'confirmed' THEN '{NO_DISCLOSURE}'
        WHEN n.determination = 'confirmed' AND v.verdict IS DISTINCT FROM '{NOT_SAME}' THEN '{CONFIRMED}'
        WHEN n.determination IN {VOTED_SQL} THEN '{REVIEW}'
        ELSE '{NO_DISCLOSURE}' END AS would_be
FROM old_answers AS a JOIN new_settled AS s USING (row_number) JOIN old_settled AS e USING (row_number)
LEFT JOIN old_determinations AS o USING (row_number) LEFT JOIN new_determinations AS n USING (row_number)
LEFT JOIN old_verdicts AS v USING (row_number) LEFT JOIN withheld AS w USING (row_number)
"""

# An answer to a recipient that would not have been given; what stands against it is what the gates say now and did not
# say then, or, where every gate still passes it, what linkage comes to.
_REFUSED = f"""
WITH against AS (
    SELECT row_number, list(gate ORDER BY gate, code) AS gates, list(code ORDER BY gate, code) AS codes,
        list(clause ORDER BY gate, code) AS clauses
    FROM new_rulings ANTI JOIN old_rulings USING (row_number, gate, code, outcome) GROUP BY row_number)
SELECT row_number, request_id, was, would_be,
    CASE WHEN passes THEN [told.gate] ELSE coalesce(gates, []) END,
    CASE WHEN passes THEN [determination || ', ' || reason] ELSE coalesce(codes, []) END,
    CASE WHEN passes THEN [told.clause] ELSE coalesce(clauses, []) END,
    len(list_intersect(recipients, told.handed_over)) AS left_to
FROM (SELECT *, determination IS NOT NULL AS passes FROM compared) LEFT JOIN against USING (row_number), told
WHERE was <> would_be AND was <> '{RETURNED}' AND would_be <> '{CONFIRMED}'
ORDER BY was = '{CONFIRMED}' DESC, row_number
"""
