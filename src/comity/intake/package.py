"""The submission package, a folder or a zip file of a stranger's: which files it holds, and safe copies of them."""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from comity.crypto.errors import refusing
from comity.intake import refusals

COVER = "cover.json"
SIGNATURE = "cover.jws"
RECIPIENTS = "recipients.ndjson"
PACKED = "requests.parquet"
REQUESTS = ("requests.csv", PACKED)

# Bytes a file of the package may have once unpacked. 1.28 million requests are about 0.5 GB of CSV.
LIMITS = {
    COVER: 64 * 1024,
    SIGNATURE: 64 * 1024,
    RECIPIENTS: 64 * 1024 * 1024,
    REQUESTS[0]: 4 * 1024**3,
    REQUESTS[1]: 4 * 1024**3,
}
# Text packs about ten to one; a zip bomb a thousand to one. Small files may be as tight as they like.
MAXIMUM_RATIO = 100
SMALL = 16 * 1024 * 1024
_CHUNK = 1024 * 1024

# The end of a zip file (APPNOTE.TXT 4.3.16): signature, four counts, size and place of the directory, comment length.
_END = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_SIZE = 20
_MAXIMUM_DIRECTORY = 4096
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class _Files(Protocol):
    """Where the files of a package lie."""

    def names(self) -> list[str]:
        """The names of everything in the package, each as often as it occurs."""

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """The bytes of one of them."""


@dataclass(frozen=True)
class Package:
    """A package whose file names have been checked; nothing in it has been believed yet. Made by `open_package`."""

    files: _Files
    requests: str

    def read(self, name: str) -> bytes:
        """The bytes of a small file; raises BadInput as `copy` does."""
        with self.files.open(name) as source:
            content = source.read(LIMITS[name] + 1)
        if len(content) > LIMITS[name]:
            raise refusals.too_large(name)
        return content

    def copy(self, name: str, to: Path) -> str:
        """Copy a file to `to` and give the SHA-256 (hex) of what was copied.

        Raises BadInput PACKAGE_TOO_LARGE, PACKAGE_LINK, PACKAGE_UNREADABLE; and OSError.
        """
        digest = hashlib.sha256()
        size = 0
        with self.files.open(name) as source, to.open("xb") as copy:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > LIMITS[name]:
                    raise refusals.too_large(name)
                digest.update(chunk)
                copy.write(chunk)
        return digest.hexdigest()

    @property
    def signed(self) -> bool:
        """Whether the package holds a signature, right or wrong."""
        return SIGNATURE in self.files.names()


def open_package(path: Path) -> Package:
    """The package at `path`, a folder or a zip file, if it holds the files of the contract and nothing else.

    Raises BadInput PACKAGE_UNREADABLE, PACKAGE_FILE_UNEXPECTED (an extra or repeated file, a folder, a path),
    PACKAGE_FILE_MISSING, PACKAGE_LINK, PACKAGE_TOO_LARGE.
    """
    files = _Folder(path) if path.is_dir() else _Zip(path)
    names = files.names()
    if names and COVER not in names:
        raise refusals.missing_file(COVER)
    if len(set(names)) != len(names) or not set(names) <= LIMITS.keys():
        raise refusals.unexpected_file()
    for name in (COVER, RECIPIENTS):
        if name not in names:
            raise refusals.missing_file(name)
    match [name for name in REQUESTS if name in names]:
        case [requests]:
            return Package(files, requests)
        case []:
            raise refusals.missing_file(" or ".join(REQUESTS))
    raise refusals.unexpected_file()


@dataclass(frozen=True)
class _Folder:
    path: Path

    def names(self) -> list[str]:
        names = []
        with os.scandir(self.path) as entries:
            for entry in entries:
                if not entry.is_file(follow_symlinks=False):
                    raise refusals.linked_file() if (self.path / COVER).exists() else refusals.missing_file(COVER)
                names.append(entry.name)
                if len(names) > len(LIMITS):
                    raise refusals.unexpected_file()
        return names

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        # Without following: a link put there after `names` was read is still refused.
        with refusing(refusals.linked_file, OSError):
            descriptor = os.open(self.path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise refusals.linked_file()
            yield file


@dataclass(frozen=True)
class _Zip:
    path: Path

    def names(self) -> list[str]:
        with self._opened() as archive:
            for entry in archive.infolist():
                _require_plain(entry)
            return [entry.filename for entry in archive.infolist()]

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        with self._opened() as archive:
            with refusing(refusals.unreadable_package, *_BROKEN_ZIP, OSError):
                file = archive.open(name)
            # Not OSError from here on: it may be the reader's own, as when the disk is full.
            with file:
                yield file

    @contextmanager
    def _opened(self) -> Iterator[zipfile.ZipFile]:
        with refusing(refusals.unreadable_package, *_BROKEN_ZIP, OSError):
            _require_small_directory(self.path)
            archive = zipfile.ZipFile(self.path)
        with refusing(refusals.unreadable_package, *_BROKEN_ZIP), archive:
            yield archive


def _require_small_directory(path: Path) -> None:
    """Refuse a zip file whose directory alone would fill the memory, before the library reads all of it."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        end = file.tell()
        file.seek(max(0, end - _END.size - _ZIP64_LOCATOR_SIZE))
        tail = file.read()
    signature, *_counts, size, _place, comment = _END.unpack(tail[-_END.size :])
    if signature != b"PK\x05\x06" or comment or tail.startswith(b"PK\x06\x07") or size > _MAXIMUM_DIRECTORY:
        raise zipfile.BadZipFile


def _require_plain(entry: zipfile.ZipInfo) -> None:
    """Refuse folders, links, paths and what is packed too tightly to be text; encryption the library refuses."""
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if entry.is_dir() or mode not in (0, stat.S_IFREG):
        raise refusals.linked_file()
    # The library cuts a name at NUL; what stands behind it would go unseen.
    if entry.filename not in LIMITS or entry.orig_filename != entry.filename:
        raise refusals.unexpected_file()
    if entry.file_size > LIMITS[entry.filename]:
        raise refusals.too_large(entry.filename)
    if entry.file_size > SMALL and entry.file_size > MAXIMUM_RATIO * entry.compress_size:
        raise refusals.too_large(entry.filename)
