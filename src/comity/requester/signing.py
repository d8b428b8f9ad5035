"""A prepared package signed: the signatory's own key over a cover that names the files as they are."""

from __future__ import annotations

from pathlib import Path

from comity.case.errors import BadInput, Refused, Usage
from comity.crypto import Certificate, CryptoError, P256Key, sign_detached
from comity.intake import COVER, RECIPIENTS, SIGNATURE, Cover, open_package
from comity.workspace import file_digest


def sign(package: Path, key: P256Key, certificate: Certificate) -> Cover:
    """Sign the cover of the folder `package` and write the signature beside it; gives the cover.

    Raises BadInput DIGEST_DIFFERS when a file is no longer the one that was prepared, the codes of `open_package` and
    `Cover.from_bytes`, KEY_NOT_OF_CERTIFICATE, CERTIFICATE_WRONG_PURPOSE; Usage ALREADY_SIGNED, NOT_A_FOLDER; Refused
    REHEARSAL_MIXED for a rehearsal certificate on real people's requests, or a real one on made-up people's.
    """
    if not package.is_dir():
        raise Usage("NOT_A_FOLDER", "Only a folder can be signed.", "Sign the folder, and pack it afterwards.")
    opened = open_package(package)
    if opened.signed:
        raise Usage("ALREADY_SIGNED", "The package is signed already.", "Prepare it anew to change it.")
    content = opened.read(COVER)
    cover = Cover.from_bytes(content)
    _require_unchanged(package, cover, opened.requests)
    require_same_kind(certificate, synthetic=cover.synthetic)
    try:
        token = sign_detached(content, key, certificate)
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
    (package / SIGNATURE).write_text(token, "ascii")
    return cover


def require_same_kind(certificate: Certificate, *, synthetic: bool) -> None:
    """Refuse `REHEARSAL_MIXED` where a rehearsal's certificate stands beside real people, or a real one beside made-up
    ones.
    """
    if certificate.rehearsal is not synthetic:
        raise Refused(
            "REHEARSAL_MIXED",
            "A rehearsal certificate belongs to requests about made-up people, and a real one to real people's.",
            "Say that the people are made up, --synthetic --vouched-by NAME, or take certificates of the agency.",
        )


def _require_unchanged(package: Path, cover: Cover, requests: str) -> None:
    for name, named in ((requests, cover.requests), (RECIPIENTS, cover.recipients)):
        if file_digest(package / name) != named.digest:
            raise BadInput(
                "DIGEST_DIFFERS", f"{name} was changed after the package was prepared.", "Prepare it anew, then sign."
            )
