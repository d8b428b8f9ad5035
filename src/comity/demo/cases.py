"""Ten requests of the demonstration told one by one: five rulings by clause, five comparisons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from comity.agreements import Agreement
from comity.case.artefact import Artefact
from comity.demo.facts import ComparedField, ComparisonCase, RulingCase
from comity.linkage.reasons import REASONS
from comity.workspace import Workspace, quoted, workspace

TITLES = {
    "no_final_order": "A person without a final order",
    "civil_purpose": "A civil purpose",
    "new_address": "A request for a new address",
}
_MORE_CODES = {
    "ADDRESS_PLACEHOLDER": "Words in place of an address",
    "NINETY_DAYS_NOT_RUN": "Too early",
}
_SENT = (
    "street_line",
    "city",
    "state",
    "zip",
    "statute",
    "purpose",
    "order_final_on",
    "elements",
)
_WANTED = (
    ("Confirmed by rule", "d.determination = 'confirmed' AND a.answer = 'CONFIRMED'"),
    ("Confirmed by two reviewers", "d.determination <> 'confirmed' AND a.answer = 'CONFIRMED'"),
    ("Two at one address", "d.determination = 'ambiguous' AND c.name_level IN ('exact', 'equivalent', 'soft')"),
    (
        "The right address, in another year",
        "d.reason = 'other_year' AND upper(q.given_name) = upper(c.record_given_name)",
    ),
    ("A birth date that conflicts", "d.determination = 'discriminator_differs'"),
)
_FIELDS = {
    "Given name": ("given_name", "given"),
    "Middle name": ("middle_name", "middle"),
    "Family name": ("family_name", "family"),
    "Street": ("street_line", "address"),
    "Unit": ("unit_line", "address"),
    "City": ("city", "address"),
    "ZIP": ("zip", "address"),
    "Birth date": ("date_of_birth", "birth"),
}
Level = Literal["agrees", "in part", "differs", "not compared"]


def tell(
    folder: Path, found: Mapping[str, Artefact], truth: Path, agreement: Agreement, examples: Mapping[str, str]
) -> tuple[RulingCase | ComparisonCase, ...]:
    """The cases of a run; `found` are the batch's artefacts by kind, `examples` request ids by the keys of TITLES."""
    with workspace(folder, reads=[truth]) as ws:
        for name in ("requests", "rulings", "determinations", "candidates", "answers", "verdicts"):
            ws.view(name, found[name])
        ws.con.execute(f"CREATE VIEW truth AS FROM read_parquet({quoted(truth)})")
        rulings = [_ruling(ws, agreement, TITLES[name], f"request_id = '{id_}'") for name, id_ in examples.items()]
        rulings += [_ruling(ws, agreement, title, f"code = '{code}'") for code, title in _MORE_CODES.items()]
        comparisons = [_comparison(ws, title, where) for title, where in _WANTED]
    return tuple(case for case in (*rulings, *comparisons) if case is not None)


def _ruling(ws: Workspace, agreement: Agreement, title: str, where: str) -> RulingCase | None:
    rows = ws.records(
        f"""SELECT r.gate, r.code, q.* FROM rulings AS r JOIN requests AS q USING (row_number, request_id)
        WHERE {where} AND outcome = 'return' ORDER BY row_number, gate LIMIT 1""",
    )
    if not rows:
        return None
    [row] = rows
    gate = next(gate for gate in agreement.gates if row["code"] in (gate.code, *gate.absent.values()))
    basis, (says, then) = gate.basis[0], agreement.sentence(row["code"])
    sent = tuple((name.replace("_", " "), _shown(row[name])) for name in _SENT)
    quote = basis.quote or agreement.passage(basis.clause).text
    return RulingCase(
        row["request_id"], title, sent, gate.id, row["code"], basis.level, basis.clause, quote, says, then, "RETURNED"
    )


def _comparison(ws: Workspace, title: str, where: str) -> ComparisonCase | None:
    rows = ws.records(
        f"""SELECT d.determination, d.reason, a.answer, v.verdict, t.taxpayer_id AS asked_about, q.* EXCLUDE (reason),
            c.* EXCLUDE (row_number, request_id)
        FROM determinations AS d JOIN answers AS a USING (row_number) JOIN requests AS q USING (row_number)
        JOIN truth AS t ON t.request_id = d.request_id LEFT JOIN verdicts AS v ON v.row_number = d.row_number
        JOIN candidates AS c ON c.row_number = d.row_number
            AND c.person = coalesce(nullif(v.person, ''), d.person, c.person)
        WHERE {where} ORDER BY d.row_number, c.address_level = 'equal' DESC, c.person LIMIT 1""",
    )
    if not rows:
        return None
    [row] = rows
    because = REASONS[row["reason"]].says
    same = row["taxpayer_id"] == row["asked_about"]
    truth = "the record is the person asked about." if same else "the record is somebody else."
    fields = tuple(_field(row, name, column, about) for name, (column, about) in _FIELDS.items())
    decided = {"same": "two reviewers: the same person", "not_same": "two reviewers: not the same person"}
    people = decided.get(row["verdict"] or "", "by rule alone")
    return ComparisonCase(row["request_id"], title, fields, row["determination"], because, people, row["answer"], truth)


def _field(row: Mapping[str, Any], name: str, column: str, about: str) -> ComparedField:
    sent, recorded = _shown(row[column]), _shown(row[f"record_{column}"])
    said = [REASONS[reason] for reason in row["reasons"] if REASONS[reason].about == about]
    if about == "birth":
        return ComparedField(name, sent, recorded, _BIRTH[row["birth_level"]][0], _BIRTH[row["birth_level"]][1])
    if not sent or not recorded:
        return ComparedField(name, sent, recorded, "Present on one side or on none.", "not compared")
    if sent.casefold() == recorded.casefold():
        return ComparedField(name, sent, recorded, "The same.", "agrees")
    return ComparedField(name, sent, recorded, " ".join(reason.says for reason in said) or "", _level(said))


_BIRTH: Mapping[str, tuple[str, Level]] = {
    "agrees": ("The same day.", "agrees"),
    "slip": ("One figure or one day differs, or day and month stand in each other's place.", "not compared"),
    "conflicts": ("Different days; such a request is never confirmed.", "differs"),
    "absent": ("Missing on one side.", "not compared"),
}


def _level(said: Sequence[Any]) -> Level:
    levels = {reason.level for reason in said}
    if levels == {"exact"}:
        return "agrees"
    return "differs" if "different" in levels else "in part"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
