"""The one error for an agreement folder that does not hold together."""

from __future__ import annotations

from comity.case.errors import Integrity


def invalid(place: str, fault: str) -> Integrity:
    """`AGREEMENT_INVALID`: `place` is a file of the folder or an entry in one, `fault` what is wrong with it."""
    return Integrity(
        "AGREEMENT_INVALID",
        f"The agreement does not load: in {place}, {fault}.",
        "Nothing runs under it. Restore the folder that counsel approved, or mend it and have it approved again.",
    )
