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
from comity.intake.package import Package
from comity.intake.recipients import Recipient, read_recipients
from comity.intake.requests import load_requests, write_requests
from comity.workspace import Workspace, workspace


@dataclass(frozen=True)
class Tables:
    """The two tables of a submission as artefacts, columns as in `write_requests` and `Recipient`."""

    requests: Artefact
    recipients: Artefact


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


def read_tables(directory: Path, package: Package, cover: Cover, received_on: date) -> Tables:
    """Read both files of `package` as `cover` names them into artefacts in `directory`; raises as `read_submission`.

    The files are copied first and read from the copies, so that what was compared with the cover is what is read.
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
            loaded = load_requests(ws, requests_file)
            if loaded.rows != cover.requests.rows:
                raise refusals.different_count(package.requests)
            return Tables(write_requests(ws, loaded, received_on), _write_recipients(ws, recipients))


def count_requests(directory: Path, path: Path) -> int:
    """Look at every cell of the requests file at `path`, as `read_tables` would, and give the number of rows.

    `directory` is for what does not fit into memory. Raises as `load_requests`; nothing is written.
    """
    with workspace(directory, reads=[path]) as ws:
        return load_requests(ws, path).rows


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
