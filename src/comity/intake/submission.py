"""A submission read whole: signature, cover, digests, counts, recipients, requests; or refused, and nothing kept."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from pathlib import Path

from comity.case.artefact import Artefact
from comity.crypto import Certificate, digest, verify_detached
from comity.intake import package as names
from comity.intake import refusals
from comity.intake.cover import Cover, NamedFile
from comity.intake.faults import ALL_FAULTS
from comity.intake.package import Package
from comity.intake.recipients import Recipient, read_recipients
from comity.intake.requests import load_requests, write_packed, write_requests, write_sent
from comity.intake.written import PACKAGED, Written
from comity.workspace import Workspace, workspace


@dataclass(frozen=True)
class Tables:
    """The two tables of a submission as artefacts, columns as in `write_requests` and `Recipient`.

    `sent` is the artefact of `write_sent`, or None when nobody asked for it.
    """

    requests: Artefact
    recipients: Artefact
    sent: Artefact | None = None


@dataclass(frozen=True)
class Submission:
    """A submission that could be trusted and read.

    `certificate` signed it; `cover_token` is the evidence, a compact JWS with the cover inside; `package_digest` is the
    SHA-256 (hex) of the cover's bytes, which name both files by digest: replies are bound to it.
    """

    cover: Cover
    certificate: Certificate
    package_digest: str
    cover_token: str = field(repr=False)
    requests: Artefact
    recipients: Artefact


def read_submission(directory: Path, package: Package, *, roots: Sequence[Certificate], at: datetime) -> Submission:
    """Verify and read `package`, received at `at` (UTC); the artefacts are written in `directory`.

    `roots` are the authorities trusted for signatories. The signature is verified before either file is opened.
    Raises BadInput: SUBMISSION_UNSIGNED, the codes of `crypto.verify`, of `Cover.from_bytes`, `read_recipients` and
    `load_requests`, DIGEST_DIFFERS, COUNT_DIFFERS, and the codes of `open_package`. Whoever signed may be nobody who is
    entitled to: that is a gate's to say.
    """
    if not package.signed:
        raise refusals.unsigned()
    content = package.read(names.COVER)
    token = package.read(names.SIGNATURE).decode("ascii", "replace").strip()
    with refusals.signature_refusals():
        verified = verify_detached(token, content, roots, at)
    cover = Cover.from_bytes(content)
    tables = read_tables(directory, package, cover, at.date())
    return Submission(cover, verified.certificate, digest(content), verified.token, tables.requests, tables.recipients)


def read_tables(
    directory: Path, package: Package, cover: Cover, received_on: date, *, keep_sent: bool = False
) -> Tables:
    """Read both files of `package` as `cover` names them into artefacts in `directory`.

    Raises as `read_submission`. With `keep_sent` the requests are kept as the text they were sent in, too. The files
    are copied first and read from the copies, so that what was compared with the cover is what is read.
    """
    if package.requests != f"requests.{cover.format}":
        raise refusals.malformed_cover("format")
    with tempfile.TemporaryDirectory(prefix=".submission-", dir=directory) as folder:
        recipients_file = _copied(package, names.RECIPIENTS, Path(folder), cover.recipients)
        requests_file = _copied(package, package.requests, Path(folder), cover.requests)
        recipients = read_recipients(recipients_file)
        if len(recipients) != cover.recipients.rows:
            raise refusals.different_count(names.RECIPIENTS)
        with workspace(directory, reads=[requests_file]) as ws:
            loaded = load_requests(ws, requests_file, PACKAGED[cover.format])
            if loaded.rows != cover.requests.rows:
                raise refusals.different_count(package.requests)
            return Tables(
                write_requests(ws, loaded, received_on),
                _write_recipients(ws, recipients),
                write_sent(ws, loaded) if keep_sent else None,
            )


def pack_requests(directory: Path, path: Path, said: Written, into: Path) -> int:
    """Write the requests file at `path`, written as is `said`, to `into` as a package carries it; gives how many.

    That is Parquet, every cell the text that was read, in the same order. `directory` is for what is made on the way.
    Raises as `load_requests`, an UnreadableTable with every fault up to `ALL_FAULTS`; nothing is written then.
    """
    with workspace(directory, reads=[path]) as ws:
        loaded = load_requests(ws, path, said, ALL_FAULTS)
        packed = directory / names.PACKED
        write_packed(ws, loaded, packed)
    packed.replace(into)
    return loaded.rows


def _copied(package: Package, name: str, folder: Path, expected: NamedFile) -> Path:
    copy = folder / name
    if package.copy(name, copy) != expected.digest:
        raise refusals.different_digest(name)
    return copy


def _write_recipients(ws: Workspace, recipients: Sequence[Recipient]) -> Artefact:
    columns = list(Recipient.__dataclass_fields__)
    cells = [list(column) for column in zip(*map(astuple, recipients), strict=True)] or [[] for _ in columns]
    kinds = ["INTEGER" if column == "matters" else "VARCHAR" for column in columns]
    listed = ", ".join(
        f"unnest(CAST(${place} AS {kind}[])) AS {name}"
        for place, (name, kind) in enumerate(zip(columns, kinds, strict=True), 1)
    )
    ws.con.execute(f"CREATE TEMP TABLE recipients AS SELECT {listed}", cells)
    return ws.write("recipients", "SELECT * FROM recipients", "recipient")
