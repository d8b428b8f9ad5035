"""Reads law.md: the numbered passages that bind, each marked verbatim, reported or policy."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comity.agreements.faults import Faults, invalid

VERBATIM = "verbatim"
REPORTED = "reported"
POLICY = "policy"
MARKS = (VERBATIM, REPORTED, POLICY)

_HEADING = re.compile(r"^## (\d+)\. (\S.*)$", re.MULTILINE)
_FIELD = re.compile(r"^- (Mark|Source|Text of|Duty): (\S.*)$", re.MULTILINE)
_QUOTED = re.compile(r"^> ?(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """One numbered passage of law.md.

    `clause` is how rules cite it, `mark` is verbatim (statute), reported (by the secondary source that `source`
    names) or policy (ours), `text_of` the date of a verbatim text, `duty` the officer who carries the clause out where
    no gate does, `text` the passage.
    """

    number: int
    clause: str
    mark: str
    source: str
    text_of: str
    duty: str
    text: str

    def says(self, quote: str) -> bool:
        """Whether `quote` stands in the passage word for word, line breaks and runs of spaces apart."""
        return _spaced(quote) in _spaced(self.text)


def read_law(text: str, faults: Faults) -> tuple[Passage, ...]:
    """The passages of law.md in their order.

    Raises Integrity `AGREEMENT_INVALID` when a passage has no mark, source or text, when a verbatim one has no date,
    when numbers do not run on from 1, or when two passages share a clause.
    """
    parts = _HEADING.split(text)[1:]
    passages = faults.each(range(0, len(parts), 3), lambda at: _passage(*parts[at : at + 3]))
    faults.raise_first()
    if [passage.number for passage in passages] != list(range(1, len(passages) + 1)) or not passages:
        raise invalid("law.md", "its passages are not numbered 1, 2, 3 and so on")
    if len({passage.clause for passage in passages}) != len(passages):
        raise invalid("law.md", "two passages carry the same clause")
    return passages


def _passage(number: str, clause: str, body: str) -> Passage:
    fields = dict(_FIELD.findall(body))
    text = "\n".join(_QUOTED.findall(body)).strip()
    mark = fields.get("Mark", "")
    if mark not in MARKS or not fields.get("Source") or not text:
        raise invalid("law.md", f"passage {number} lacks its mark, its source or its text")
    if mark == VERBATIM and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", fields.get("Text of", "")):
        raise invalid("law.md", f"passage {number} is verbatim and does not say of which day")
    return Passage(
        int(number), clause.strip(), mark, fields["Source"], fields.get("Text of", ""), fields.get("Duty", ""), text
    )


def _spaced(text: str) -> str:
    return " ".join(text.split())
