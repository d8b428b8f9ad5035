"""A recall at the recipient's desk: the office's notice verified, and the certificate that what it names is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comity.case.errors import BadInput, Integrity, Refused
from comity.case.recalls import DISPOSAL, METHODS, NOTICE
from comity.crypto import Certificate, CryptoError, P256Key, canonical, digest, sign, verify
from comity.crypto.errors import refusing

_TEXTS = ("submission", "submission_digest", "recipient", "certificate", "plaintext_digest", "reason", "destroy_by")


@dataclass(frozen=True)
class Notice:
    """What the office calls back: answers to `requests` (the requester's own ids), in the reply of that digest.

    `digest` is the SHA-256 (hex) of the signed content; `destroy_by` an ISO date.
    """

    digest: str
    recall: int
    submission: str
    submission_digest: str
    recipient: str
    certificate: str
    plaintext_digest: str
    requests: tuple[str, ...]
    reason: str
    destroy_by: str
    rehearsal: bool


def read_notice(token: str, roots: Sequence[Certificate], at: datetime) -> Notice:
    """The notice in `token`, when the office's certificate is believed under `roots` at `at` (UTC).

    Raises BadInput with a code of `crypto.verify`; Integrity NOTICE_MALFORMED; Refused REHEARSAL_MIXED.
    """
    try:
        verified = verify(token, roots, at)
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None
    with refusing(_malformed, ValueError, KeyError, TypeError, RecursionError):
        said: Any = json.loads(verified.payload)
        notice = Notice(
            digest=digest(verified.payload),
            **{name: _typed(said[name], str) for name in _TEXTS},
            recall=_typed(said["recall"], int),
            requests=tuple(_typed(request, str) for request in _typed(said["requests"], list)),
            rehearsal=_typed(said["rehearsal"], bool),
        )
        if said["type"] != NOTICE or len(said) != len(_TEXTS) + 4:
            raise _malformed()
    if notice.rehearsal is not verified.certificate.rehearsal:
        raise Refused(
            "REHEARSAL_MIXED",
            "A rehearsal's notice is signed as if it were real, or a real one as a rehearsal's.",
            "Do not act on it; tell the office.",
        )
    return notice


def certify_disposal(notice: Notice, method: str, key: P256Key, certificate: Certificate) -> str:
    """The recipient's certificate (compact JWS) that all that `notice` names is `returned` or `destroyed`.

    Raises BadInput METHOD_UNKNOWN, KEY_NOT_OF_CERTIFICATE, CERTIFICATE_WRONG_PURPOSE; Refused NOT_THE_RECIPIENT.
    Source: 26 U.S.C. 6103(p)(4)(F)(ii).
    """
    if method not in METHODS:
        raise BadInput("METHOD_UNKNOWN", "It is returned or destroyed.", f"Say one of {', '.join(METHODS)}.")
    if certificate.fingerprint != notice.certificate:
        raise Refused(
            "NOT_THE_RECIPIENT",
            "The notice is to the holder of another certificate than this.",
            "Certify with the certificate that the reply was sealed to.",
        )
    said = {
        "type": DISPOSAL,
        "notice": notice.digest,
        "recall": notice.recall,
        "submission": notice.submission,
        "recipient": notice.recipient,
        "method": method,
    }
    try:
        return sign(canonical(said), key, certificate)
    except CryptoError as error:
        raise BadInput(error.code, error.says, error.next) from None


def _typed(value: Any, kind: type) -> Any:  # noqa: ANN401 -- what JSON holds
    if type(value) is not kind:
        raise TypeError
    return value


def _malformed() -> Integrity:
    return Integrity(
        "NOTICE_MALFORMED", "The file is not a notice of recall.", "Ask the office for it again; nothing was signed."
    )
