"""What was confirmed against the truth: the same count for linkage and for the peer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from comity.oversight.judging import verdicts_sql
from comity.workspace import quoted, workspace

_JUDGED = f"""
SELECT t.kind, t.confirmable, d.request_id IS NOT NULL AS confirmed, {verdicts_sql("t.taxpayer_id = d.taxpayer_id")}
FROM truth AS t LEFT JOIN (SELECT * FROM determinations WHERE determination = 'confirmed') AS d USING (request_id)
"""
_COUNTED = ("confirmed", "wrong_person", "wrong_address", "is_right", "confirmable")


def judge(determinations: Path, truth: Path) -> dict[str, Any]:
    """Count the rows `confirmed` of a Parquet file with `request_id`, `determination` and `taxpayer_id`.

    `truth` follows the TRUTH contract. Gives `confirmed`; `wrong_person`, confirmed though the record is not the
    person's asked about, or no taxpayer is; `wrong_address`, the right person though not confirmable; `recall`, right
    and confirmable over all confirmable; and `wrong_by_kind`, the wrong persons by the truth's kind of request.
    """
    with workspace(determinations.parent, reads=[truth]) as ws:
        for name, path in (("determinations", determinations), ("truth", truth)):
            ws.con.execute(f"CREATE VIEW {name} AS FROM read_parquet({quoted(path)})")
        ws.con.execute(f"CREATE TEMP TABLE judged AS {_JUDGED}")
        counts = ws.rows(f"SELECT {', '.join(f'count(*) FILTER ({test})' for test in _COUNTED)} FROM judged")[0]
        kinds = ws.rows("SELECT kind, count(*) FROM judged WHERE wrong_person GROUP BY kind ORDER BY kind")
    found = dict(zip(_COUNTED, counts, strict=True))
    right, confirmable = found.pop("is_right"), found.pop("confirmable")
    recall = round(right / confirmable, 4) if confirmable else 0.0
    return {**found, "recall": recall, "wrong_by_kind": dict(kinds)}
