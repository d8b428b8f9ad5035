"""Commands of the requester's desk: prepare a submission, check it, sign it, open a reply."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.case.errors import Usage
from comity.cli import options
from comity.cli.helping import example, group
from comity.cli.options import AsJson, one_of
from comity.cli.speaking import say, say_table, tell

if TYPE_CHECKING:
    from comity.requester import Checked, Opened

request = group("Prepare, check and sign a submission; open a reply.")

PackageDir = Annotated[
    Path, typer.Argument(metavar="PACKAGE", exists=True, help="The package: a folder, or a zip of one.")
]
KeyFile = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Your own private key (PEM).")]
FormatName = Annotated[
    str,
    typer.Option(
        "--format",
        help="csv, ndjson, parquet or niem; what the file's ending says if absent.",
        autocompletion=one_of("csv", "ndjson", "parquet", "niem"),
    ),
]
Delimiter = Annotated[
    str,
    typer.Option(
        help="CSV: the character between cells, or the word tab; what the header line shows if absent.",
        autocompletion=one_of(",", ";", "tab", "|"),
    ),
]
Encoding = Annotated[
    str,
    typer.Option(
        help="The encoding of the text, by the name Python knows; UTF-8 if absent.",
        autocompletion=one_of("utf-8", "utf-16", "windows-1252", "latin-1"),
    ),
]
ErrorsFile = Annotated[
    Path | None,
    typer.Option(
        "--errors", dir_okay=False, help="Where every place that cannot be read is listed, as CSV; beside REQUESTS."
    ),
]
CopyFile = Annotated[
    Path | None,
    typer.Option(
        "--copy", help="A new .csv or .parquet file: the requests as sent, with the columns codes and ruling."
    ),
]
CertificateFile = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Your own certificate (PEM).")]


@request.command(
    "new",
    epilog=example(
        "comity request new package requests.csv --recipients recipients.csv --certificates certificates "
        "--agency ICE --signatory director --office HEAD_OF_AGENCY --synthetic --vouched-by NAME"
    ),
)
def new(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder for the package.")],
    requests: Annotated[
        Path,
        typer.Argument(
            metavar="REQUESTS", exists=True, dir_okay=False, help="CSV, NDJSON, Parquet or NIEM JSON: one person a row."
        ),
    ],
    recipients: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="CSV: recipient, name, agency, role, matters, office_address."),
    ],
    certificates: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder with each RECIPIENT.pem.")],
    agency: Annotated[str, typer.Option(help="The agency that asks.")],
    signatory: Annotated[str, typer.Option(metavar="NAME", help="Who will sign.")],
    held: Annotated[str, typer.Option("--office", help="The office held, for example HEAD_OF_AGENCY.")],
    basis: Annotated[str, typer.Option(help="Why that office may sign: statute or delegation.")] = "statute",
    agreement: Annotated[str, typer.Option(help="The agreement to ask under, by name or folder.")] = "irs_ice_2025",
    supersedes: Annotated[str, typer.Option(help="The submission that this one takes the place of.")] = "",
    synthetic: Annotated[bool, typer.Option("--synthetic", help="The people are made up.")] = False,
    vouched_by: Annotated[str, typer.Option(help="Who vouches for that.")] = "",
    format_: FormatName = "",
    delimiter: Delimiter = "",
    encoding: Encoding = "",
    errors: ErrorsFile = None,
    first: Annotated[int, typer.Option(min=0, help="How many places that cannot be read to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Prepare a package from a table of requests: every cell is read; if one cannot be, a file says which and why."""
    from comity import requester

    said = requester.Particulars(
        agency=agency,
        signatory=requester.Signatory(signatory, held, basis),
        agreement=agreement,
        synthetic=synthetic,
        vouched_by=vouched_by,
        supersedes=supersedes or None,
    )
    written = requester.Written(format_, delimiter, encoding)
    listing = errors or requester.beside(requests)
    requester.require_place(listing)
    tell(f"reading every cell of {requests.name}")
    try:
        cover = requester.new(out, requests, recipients, certificates, said, options.now(), written)
    except requester.UnreadableTable as unreadable:
        requester.write_faults(requests, unreadable, listing)
        raise unreadable.listed(str(listing), first) from None
    requester.drop_faults(listing)
    say(
        {"submission": cover.submission, "requests": cover.requests.rows, "recipients": cover.recipients.rows},
        f"Submission {cover.submission}: {cover.requests.rows:,} requests, {cover.recipients.rows:,} recipients.\n"
        f"Next: comity request check {out}",
        as_json=as_json,
    )


@request.command("check", epilog=example("comity request check package --on 2026-11-30"))
def check(
    package: PackageDir,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of receipt to reckon with; today if absent.")
    ] = None,
    agreement: Annotated[
        str, typer.Option(help="The folder of the agreement that the cover names, if it does not ship.")
    ] = "",
    first: Annotated[int, typer.Option(min=0, help="How many rulings to show.")] = 20,
    copy: CopyFile = None,
    as_json: AsJson = False,
) -> None:
    """Check a package offline by every gate that needs no office, so that nothing defective has to be sent."""
    from comity import requester

    tell("ruling on every request, clause by clause; nothing leaves this machine")
    found = requester.check(package, (on or options.now()).date(), named=agreement, copy=copy)
    if as_json:
        say(asdict(found) | ({"copy": str(copy)} if copy else {}), "", as_json=True)
    else:
        _say_checked(found, first, package)
        if copy:
            say({}, f"Each request, with its codes and its ruling, lies in {copy}.", as_json=False)


def _say_checked(found: Checked, first: int, package: Path) -> None:
    shown = found.rulings[:first]
    if shown:
        rows = [(r.row_number, f"{r.code}\n{r.gate}\n{r.outcome}\n{r.request_id}", f"{r.says} {r.next}") for r in shown]
        columns = ("row", "code, gate, outcome, request", "why, and what to do")
        say_table(f"The first {len(shown)} rulings", columns, rows, as_json=False)
        say_table("By code", ("code", "requests"), found.by_code.items(), as_json=False)
    say(
        {},
        f"{found.requests:,} requests: {found.passed:,} pass here, {found.returned:,} would come back, "
        f"{found.review:,} would wait for an examiner.\n"
        f"Not checked here, for they need the office: {', '.join(found.not_checked)}.\nNext: {_after(found, package)}",
        as_json=False,
    )


def _after(found: Checked, package: Path) -> str:
    """What to do with a package that was checked."""
    if found.signed:
        return f"it is signed, so send {package} to the custodian; to mend a request, prepare a new package."
    sign = f"comity request sign {package} --key FILE --certificate FILE"
    if found.returned or found.review:
        return f"mend the requests and prepare the package anew, or sign it as it is: {sign}"
    return sign


@request.command("sign", epilog=example("comity request sign package --key director.key --certificate director.pem"))
def sign(package: PackageDir, key: KeyFile, certificate: CertificateFile, as_json: AsJson = False) -> None:
    """Sign a prepared package as its signatory; what is signed says every file's digest and number of rows."""
    from comity import requester
    from comity.crypto import Certificate, P256Key

    cover = requester.sign(package, P256Key.load(key), Certificate.load(certificate))
    say(
        {"submission": cover.submission, "requests": cover.requests.rows},
        f"Submission {cover.submission} is signed: {cover.requests.rows:,} requests.\n"
        f"Next: send the folder to the custodian, who runs comity receive {package.name}",
        as_json=as_json,
    )


@request.command(
    "open",
    epilog=example(
        "comity request open reply --package package --key R1.key --certificate R1.pem "
        "--authority custodian.pem --out answers.csv --acknowledge acknowledgement"
    ),
)
def open_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The reply that was collected.")
    ],
    package: Annotated[Path, typer.Option(exists=True, file_okay=False, help="The package's folder, as it was sent.")],
    key: KeyFile,
    certificate: CertificateFile,
    authority: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The root certificate of the custodian's office (PEM).")
    ],
    out: Annotated[Path, typer.Option(help="A new CSV file for the answers, readable by you alone.")],
    acknowledgement: Annotated[
        Path | None, typer.Option("--acknowledge", help="A new file for your signature over what you opened.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Open a reply sealed to you, verify who sent it and what it answers, and sign for it."""
    from comity import requester
    from comity.crypto import Certificate, P256Key

    if acknowledgement is not None and acknowledgement.exists():
        raise Usage("FILE_EXISTS", "A file is already there.", "Name a file that is not there yet: --acknowledge FILE.")
    own, whose = P256Key.load(key), Certificate.load(certificate)
    opened = requester.open_reply(
        file.read_bytes(),
        own,
        asked=requester.asked_in(package),
        roots=[Certificate.load(authority)],
        at=options.now(),
    )
    signed = requester.acknowledge(opened, own, whose)
    requester.write_answers(opened, out)
    if acknowledgement is not None:
        acknowledgement.write_text(signed, encoding="ascii")
    _say_opened(opened, out, acknowledgement, as_json=as_json)


def _say_opened(opened: Opened, out: Path, acknowledgement: Path | None, *, as_json: bool) -> None:
    counts: dict[str, int] = {}
    for row in opened.answers:
        counts[row.answer] = counts.get(row.answer, 0) + 1
    manifest = opened.manifest
    facts = {
        "submission": manifest.submission,
        "recipient": manifest.recipient,
        "rows": manifest.rows,
        "answers": counts,
        "says": manifest.says,
        "use": manifest.use,
        "destroy_by": manifest.destroy_by,
        "orders": manifest.orders,
        "rehearsal": manifest.rehearsal,
        "out": str(out),
        "acknowledgement": str(acknowledgement) if acknowledgement else None,
    }
    listed = ", ".join(f"{number:,} {answer}" for answer, number in sorted(counts.items()))
    then = f"\nNext: send {acknowledgement} back to the custodian." if acknowledgement else ""
    say(
        facts,
        f"{'REHEARSAL. ' if manifest.rehearsal else ''}{listed}; they lie in {out}.\n{manifest.says}\n{manifest.use}\n"
        f"Destroy by {manifest.destroy_by}.{then}",
        as_json=as_json,
    )


@request.command(
    "dispose",
    epilog=example(
        "comity request dispose R1.notice destroyed --key agent.key --certificate agent.pem "
        "--authority authority.pem --out R1.disposal"
    ),
)
def dispose(
    notice: Annotated[Path, typer.Argument(metavar="NOTICE", exists=True, dir_okay=False, help="The office's notice.")],
    method: Annotated[
        str,
        typer.Argument(metavar="METHOD", help="returned or destroyed", autocompletion=one_of("returned", "destroyed")),
    ],
    key: KeyFile,
    certificate: CertificateFile,
    authority: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The root certificate of the custodian's office (PEM).")
    ],
    out: Annotated[Path, typer.Option(help="A new file for your certificate of disposal.")],
    as_json: AsJson = False,
) -> None:
    """Answer a recall: verify the office's notice, then certify that what it names is returned or destroyed."""
    from comity import requester
    from comity.crypto import Certificate, P256Key

    if out.exists():
        raise Usage("FILE_EXISTS", "A file is already there.", "Name a file that is not there yet: --out FILE.")
    token = notice.read_text(encoding="ascii", errors="replace").strip()
    said = requester.read_notice(token, [Certificate.load(authority)], options.now())
    signed = requester.certify_disposal(said, method, P256Key.load(key), Certificate.load(certificate))
    out.write_text(signed, encoding="ascii")
    say(
        {"recall": said.recall, "submission": said.submission, "requests": said.requests, "method": method},
        f"Recall {said.recall} of submission {said.submission}: {len(said.requests):,} answers, {method}.\n"
        f"{said.reason}\nNext: send {out} to the custodian by {said.destroy_by}.",
        as_json=as_json,
    )
