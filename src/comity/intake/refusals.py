"""What intake says when it cannot trust or read what came: codes and sentences, and never a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from comity.case.errors import BadInput, Usage
from comity.crypto import CryptoError


def unreadable_package() -> BadInput:
    """PACKAGE_UNREADABLE."""
    return BadInput(
        "PACKAGE_UNREADABLE",
        "The package is neither a folder nor a whole zip file.",
        "Give the folder, or a zip of it, that `comity request new` makes of a table.",
    )


def unexpected_file() -> BadInput:
    """PACKAGE_FILE_UNEXPECTED; the name is a stranger's and is not repeated."""
    return BadInput(
        "PACKAGE_FILE_UNEXPECTED",
        "The package holds something besides its cover, its signature, the recipients and one file of requests.",
        "Send cover.json, cover.jws, recipients.ndjson and requests.csv or requests.parquet, and nothing else.",
    )


def missing_file(name: str) -> BadInput:
    """PACKAGE_FILE_MISSING."""
    return BadInput("PACKAGE_FILE_MISSING", f"The package has no {name}.", "Prepare it with `comity request new`.")


def linked_file() -> BadInput:
    """PACKAGE_LINK."""
    return BadInput(
        "PACKAGE_LINK",
        "A file of the package is a link or no plain file.",
        "Put the files themselves into the package.",
    )


def too_large(name: str) -> BadInput:
    """PACKAGE_TOO_LARGE."""
    return BadInput(
        "PACKAGE_TOO_LARGE", f"{name} is larger, or packed more tightly, than any of ours.", "Split the submission."
    )


def unsigned() -> BadInput:
    """SUBMISSION_UNSIGNED."""
    return BadInput(
        "SUBMISSION_UNSIGNED",
        "The submission is not signed: it has no cover.jws.",
        "Let the signatory sign it with `comity request sign`.",
    )


def malformed_cover(place: str) -> BadInput:
    """COVER_MALFORMED at `place`, a name of the contract."""
    return BadInput(
        "COVER_MALFORMED",
        f"The cover is not as the contract has it: {place}.",
        "Prepare the submission with `comity request new`.",
    )


def malformed_recipient(line: int, place: str) -> BadInput:
    """RECIPIENT_MALFORMED at `line` of recipients.ndjson and `place`, a name of the contract."""
    return BadInput(
        "RECIPIENT_MALFORMED",
        f"recipients.ndjson, line {line}, is not as the contract has it: {place}.",
        "Prepare the submission with `comity request new`.",
    )


def repeated_recipient(line: int) -> BadInput:
    """RECIPIENT_REPEATED."""
    return BadInput(
        "RECIPIENT_REPEATED", f"recipients.ndjson, line {line}, repeats an id.", "Give each recipient an id of its own."
    )


def reserved_recipient(line: int) -> BadInput:
    """RECIPIENT_RESERVED."""
    return BadInput(
        "RECIPIENT_RESERVED",
        f"recipients.ndjson, line {line}, takes the id under which the signatory gets what is returned.",
        "Choose another id.",
    )


def different_digest(name: str) -> BadInput:
    """DIGEST_DIFFERS."""
    return BadInput(
        "DIGEST_DIFFERS",
        f"{name} is not the file that the cover names.",
        "Send the package as it was signed, or prepare and sign it again.",
    )


def different_count(name: str) -> BadInput:
    """COUNT_DIFFERS."""
    return BadInput(
        "COUNT_DIFFERS",
        f"{name} does not hold as many rows as the cover says.",
        "Send the package as it was signed, or prepare and sign it again.",
    )


def missing_columns(names: Sequence[str]) -> BadInput:
    """COLUMN_MISSING: the names are the contract's."""
    return BadInput(
        "COLUMN_MISSING",
        f"The requests lack: {', '.join(names)}.",
        "Add the columns; a cell may stay empty, a column not.",
    )


def unknown_column(place: int, missing: Sequence[str], *, in_capitals: bool) -> BadInput:
    """COLUMN_UNKNOWN by place: without a header line the names would be the first person's data."""
    lacks = f" Of those that have to be there it lacks {', '.join(missing)}." if missing else ""
    then = "Leave out what was not asked for, and give the names of the columns in the first line."
    return BadInput(
        "COLUMN_UNKNOWN",
        f"Column {place} of the requests is none of the contract.{lacks}",
        "Write the names of the columns in small letters." if in_capitals else then,
    )


def repeated_column(name: str) -> BadInput:
    """COLUMN_REPEATED."""
    return BadInput("COLUMN_REPEATED", f"The requests have the column {name} twice.", "Keep the one that is meant.")


def column_type(name: str) -> BadInput:
    """COLUMN_TYPE of a Parquet file."""
    return BadInput(
        "COLUMN_TYPE",
        f"The column {name} is neither text, a whole number, a date nor a list of them.",
        "Write the column as text.",
    )


def unreadable_requests() -> BadInput:
    """REQUESTS_UNREADABLE."""
    return BadInput(
        "REQUESTS_UNREADABLE",
        "The requests cannot be read as the format that was named, or that the file's name says.",
        "Write them anew: CSV as in RFC 4180 or NDJSON with one kind of line end, or Parquet without encryption.",
    )


def unclear_delimiter() -> BadInput:
    """DELIMITER_UNCLEAR."""
    return BadInput(
        "DELIMITER_UNCLEAR",
        "The first line does not show which character stands between the cells.",
        "Give the names of the columns in the first line, or name the character: --delimiter.",
    )


def unknown_format() -> Usage:
    """REQUESTS_FORMAT_UNKNOWN."""
    return Usage(
        "REQUESTS_FORMAT_UNKNOWN",
        "The file's ending does not say which format the requests have.",
        "Name it: --format csv, ndjson, parquet or niem.",
    )


def unfit_delimiter() -> Usage:
    """DELIMITER_UNFIT."""
    return Usage(
        "DELIMITER_UNFIT",
        "A delimiter is one character, neither letter, digit, quote nor line end, and of CSV alone.",
        "Name the character between the cells, or the word tab.",
    )


def unknown_encoding() -> Usage:
    """ENCODING_UNKNOWN."""
    return Usage(
        "ENCODING_UNKNOWN",
        "No encoding of files of text has that name; Parquet has none.",
        "Name one as Python does: utf-8, utf-16, windows-1252, latin-1.",
    )


def no_requests() -> BadInput:
    """NO_REQUESTS."""
    return BadInput("NO_REQUESTS", "The submission holds no request.", "Add at least one row.")


@contextmanager
def signature_refusals() -> Iterator[None]:
    """Hand on what `comity.crypto` refuses as BadInput of the same code."""
    try:
        yield
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
