"""Step 6: a permit and a receipt become one sealed reply per recipient."""

from comity.disclosure.accounted import require_accounted
from comity.disclosure.evidence import Evidence, Tables
from comity.disclosure.known import require_still_known
from comity.disclosure.manifest import Manifest, enclose, enclosed
from comity.disclosure.reply import Heading, Reply
from comity.disclosure.routing import rebuild_replies
from comity.disclosure.sealing import (
    Addressees,
    Notice,
    OfficeSeal,
    heading,
    require_sealable,
    seal_context,
    seal_replies,
)

__all__ = [
    "Addressees",
    "Evidence",
    "Heading",
    "Manifest",
    "Notice",
    "OfficeSeal",
    "Reply",
    "Tables",
    "enclose",
    "enclosed",
    "heading",
    "rebuild_replies",
    "require_accounted",
    "require_sealable",
    "require_still_known",
    "seal_context",
    "seal_replies",
]
