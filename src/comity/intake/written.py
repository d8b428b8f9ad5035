"""How a file of requests is written: format, delimiter and encoding, said by somebody and never guessed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from comity.intake import refusals

CSV, NDJSON, PARQUET, NIEM = "csv", "ndjson", "parquet", "niem"
FORMATS = (CSV, NDJSON, PARQUET, NIEM)
ENDINGS = {
    ".csv": CSV,
    ".tsv": CSV,
    ".ndjson": NDJSON,
    ".jsonl": NDJSON,
    ".parquet": PARQUET,
    ".json": NIEM,
}
UTF_8 = "utf-8"
WORDS = {"tab": "\t"}
# Encodings by name that are no encodings of files: of host names, of source code, of nothing.
_NOT_OF_FILES = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")


@dataclass(frozen=True)
class Written:
    """What is said of a file. What is empty is left open: then the ending says the format and the header line of a CSV
    file the delimiter, and the encoding is UTF-8.
    """

    format: str = ""
    delimiter: str = ""
    encoding: str = ""


AS_NAMED = Written()
# What lies in a package is of a format that the cover names, and CSV there has commas and is UTF-8.
PACKAGED = {CSV: Written(CSV, ",", UTF_8), PARQUET: Written(PARQUET)}


def settled(path: Path, said: Written) -> Written:
    """`said` of the file at `path`, made whole but for the delimiter of a CSV file, which only its header line knows.

    Raises Usage REQUESTS_FORMAT_UNKNOWN, DELIMITER_UNFIT, ENCODING_UNKNOWN.
    """
    written = said.format or ENDINGS.get(path.suffix.lower(), "")
    if written not in FORMATS:
        raise refusals.unknown_format()
    return Written(written, _delimiter(written, said.delimiter), _encoding(written, said.encoding))


def _delimiter(written: str, said: str) -> str:
    delimiter = WORDS.get(said, said)
    if delimiter and (written != CSV or len(delimiter) != 1 or delimiter.isalnum() or delimiter in '"_\r\n\0\ufeff'):
        raise refusals.unfit_delimiter()
    return delimiter


def _encoding(written: str, said: str) -> str:
    if not said:
        return UTF_8
    try:
        # Of a character, for Python asks no encoding about nothing.
        " ".encode(said)
        known = codecs.lookup(said).name.replace("-", "_") not in _NOT_OF_FILES
    except (LookupError, ValueError):
        known = False
    if not known or written == PARQUET:
        raise refusals.unknown_encoding()
    return said
