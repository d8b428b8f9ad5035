"""The plaintext of a reply: per request its id, an answer and the codes of a returned one, and nothing else (P1).

Its form is ASCII, lines ended by a line feed: the heading, an empty line, then one row of fixed width per request,
sorted by id: the id padded to 26, the answer padded to 13, and a bitmap in hexadecimal over the agreement's code list
(the first code is the highest bit). Padding makes the length tell the number of rows and nothing else (P6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from comity.case.errors import Integrity
from comity.case.outcomes import ANSWER_SAYS, ANSWERS, RETURNED

FORM = "comity/reply/1"
REHEARSAL = "REHEARSAL: made-up people, no legal effect."
LIVE = "LIVE: return information; disclosing it unlawfully is a felony (26 U.S.C. 7213)."
BLIND_BYTES = 32

ID_WIDTH = 26
ANSWER_WIDTH = max(map(len, ANSWERS))


@dataclass(frozen=True)
class Heading:
    """What all replies of a batch begin with: the submission, the rules, their ordered codes, rehearsal or not."""

    submission: str
    submission_digest: str
    agreement: str
    version: str
    codes: tuple[str, ...]
    rehearsal: bool


@dataclass(frozen=True)
class Reply:
    """One recipient's reply before it is sealed.

    `blind` is 32 bytes drawn for this recipient alone, so that the digest of a short reply cannot be guessed back;
    `body` is the rows' text.
    """

    heading: Heading
    recipient: str
    blind: bytes = field(repr=False)
    rows: int
    body: str = field(repr=False)

    def plaintext(self) -> bytes:
        """The bytes that are sealed. Raises Integrity REPLY_MALFORMED if they would not read back as they are meant."""
        said = self.heading
        lines = [
            FORM,
            REHEARSAL if said.rehearsal else LIVE,
            f"submission {said.submission}",
            f"submission-digest {said.submission_digest}",
            f"agreement {said.agreement}",
            f"version {said.version}",
            f"recipient {self.recipient}",
            f"blind {self.blind.hex()}",
            f"codes {' '.join(said.codes)}",
            *(f"says {answer}: {ANSWER_SAYS[answer]}" for answer in ANSWERS),
            f"rows {self.rows}",
        ]
        words = (said.submission, said.submission_digest, said.agreement, said.version, self.recipient, *said.codes)
        plain = all(word.isascii() and word.isprintable() and word and " " not in word for word in words)
        if not plain or len(self.blind) != BLIND_BYTES or len(self.body) != self.rows * row_width(said.codes):
            raise _malformed()
        return "\n".join([*lines, "", self.body]).encode("ascii")

    @classmethod
    def read(cls, plaintext: bytes) -> Reply:
        """The reply in `plaintext`. Raises Integrity REPLY_MALFORMED unless it is exactly what `plaintext` writes."""
        try:
            head, _, body = plaintext.decode("ascii").partition("\n\n")
            lines = head.split("\n")
            word = dict(line.split(" ", 1) for line in lines[2:])
            heading = Heading(
                word["submission"],
                word["submission-digest"],
                word["agreement"],
                word["version"],
                tuple(word["codes"].split()),
                lines[1] == REHEARSAL,
            )
            reply = cls(heading, word["recipient"], bytes.fromhex(word["blind"]), int(word["rows"]), body)
        except (ValueError, KeyError, TypeError, IndexError):
            raise _malformed() from None
        if reply.plaintext() != plaintext:
            raise _malformed()
        return reply

    def answers(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Each request's id, answer and codes. Raises Integrity REPLY_MALFORMED at a row that is none."""
        for row in self.body.splitlines():
            request_id, answer = row[:ID_WIDTH].rstrip(), row[ID_WIDTH + 1 : ID_WIDTH + 1 + ANSWER_WIDTH].rstrip()
            codes = _codes_in(row[ID_WIDTH + ANSWER_WIDTH + 2 :], self.heading.codes)
            if not request_id or answer not in ANSWERS or bool(codes) != (answer == RETURNED):
                raise _malformed()
            yield request_id, answer, codes


def row_width(codes: Sequence[str]) -> int:
    """How many bytes a row takes under a code list, its line feed included."""
    return ID_WIDTH + 1 + ANSWER_WIDTH + 1 + _bitmap_width(codes) + 1


def bitmap(codes: Sequence[str], every: Sequence[str]) -> str:
    """The bitmap of `codes` over the ordered list `every`, in hexadecimal.

    Raises Integrity CODE_UNKNOWN for a code that the agreement's list does not have.
    """
    if not set(codes) <= set(every):
        raise Integrity(
            "CODE_UNKNOWN",
            "A returned request carries a code that the agreement does not list.",
            "Seal under the agreement that the gates ruled by.",
        )
    bits = "".join("1" if code in codes else "0" for code in every)
    width = _bitmap_width(every)
    return format(int(bits.ljust(width * 4, "0"), 2), f"0{width}x")


def _codes_in(hexadecimal: str, every: Sequence[str]) -> tuple[str, ...]:
    try:
        bits = format(int(hexadecimal, 16), f"0{_bitmap_width(every) * 4}b")
    except ValueError:
        raise _malformed() from None
    return tuple(code for code, bit in zip(every, bits, strict=False) if bit == "1")


def _bitmap_width(codes: Sequence[str]) -> int:
    return max(1, -(-len(codes) // 4))


def _malformed() -> Integrity:
    return Integrity("REPLY_MALFORMED", "This is not a reply in its form.", "Ask the office for the reply again.")
