"""The numbers of the made-up people: the custodian's own and the taxpayer identification number."""

from __future__ import annotations


def number_sql(pid: str, kind: str) -> str:
    """SQL for the number of a person, unlike any neighbour's: `taxpayer` for the custodian's own, or `tin`."""
    if kind == "taxpayer":
        return f"'T' || (10000000000 + (({pid}) * 7368787 + 104729) % 10000000000)::VARCHAR"
    digits = f"(1000000000 + (({pid}) * 387420489 + 15485863) % 1000000000)::VARCHAR"
    return f"(substr({digits}, 2, 3) || '-' || substr({digits}, 5, 2) || '-' || substr({digits}, 7, 4))"
