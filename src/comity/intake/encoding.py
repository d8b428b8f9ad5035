"""A file of text as UTF-8: decoded by the encoding that was named, strictly, and without control characters."""

from __future__ import annotations

import codecs
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.intake.faults import Fault, UnreadableTable

_CHUNK = 1024 * 1024
_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
_MARK = "\ufeff"


@contextmanager
def as_utf8(path: Path, encoding: str, directory: Path) -> Iterator[Path]:
    """The file at `path` in UTF-8: itself, or a copy in `directory` that is gone afterwards.

    An encoding whose name leaves the order of bytes open, as utf-16 does, needs the byte order mark that says it.
    Raises UnreadableTable ENCODING_INVALID with the line.
    """
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig"):
        yield path
        return
    copy = directory / f".text-{uuid.uuid4().hex}"
    try:
        _decode(path, encoding, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _decode(path: Path, encoding: str, copy: Path) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    ends, first = 0, True
    with path.open("rb") as source, copy.open("xb") as out:
        while True:
            chunk = source.read(_CHUNK)
            before = decoder.getstate()
            try:
                # Encoded within as well: some decoders give halves of a character, which UTF-8 has no bytes for.
                text = decoder.decode(chunk, final=not chunk).encode("utf-8")
            except UnicodeError:
                undecodable = True
            else:
                undecodable = False
            if undecodable:
                decoder.setstate(before)
                raise UnreadableTable([Fault(ends + 1 + _good_ends(decoder, chunk), "", "ENCODING_INVALID")], 1)
            out.write(text.removeprefix(_MARK.encode()) if first else text)
            first = first and not text
            ends += text.count(b"\n")
            if not chunk:
                return


def _good_ends(decoder: codecs.IncrementalDecoder, chunk: bytes) -> int:
    """The line ends in `chunk` before the first byte that cannot be decoded."""
    ends = 0
    for place in range(len(chunk)):
        try:
            ends += decoder.decode(chunk[place : place + 1]).encode("utf-8").count(b"\n")
        except UnicodeError:
            break
    return ends


def count_lines(path: Path, allowed: str = "") -> int:
    """The number of lines of a UTF-8 file, blank ones included; `allowed` is a control character that may occur.

    Raises UnreadableTable ENCODING_INVALID or CONTROL_CHARACTER with the line.
    """
    controls = _CONTROLS.translate(None, allowed.encode())
    decoder = codecs.getincrementaldecoder("utf-8")()
    ends, last = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                fault: Fault | None = Fault(ends + 1 + error.object[: error.start].count(b"\n"), "", "ENCODING_INVALID")
            else:
                fault = _control_fault(chunk, ends, controls)
            if fault:
                raise UnreadableTable([fault], 1)
            ends += chunk.count(b"\n")
            last = chunk[-1:]
    if decoder.getstate()[0]:
        raise UnreadableTable([Fault(ends + 1, "", "ENCODING_INVALID")], 1)
    return ends if last in (b"", b"\n") else ends + 1


def _control_fault(chunk: bytes, ends: int, controls: bytes) -> Fault | None:
    if len(chunk.translate(None, controls)) == len(chunk):
        return None
    before = len(chunk) - len(chunk.lstrip(bytes(set(range(256)) - set(controls))))
    return Fault(ends + 1 + chunk[:before].count(b"\n"), "", "CONTROL_CHARACTER")
