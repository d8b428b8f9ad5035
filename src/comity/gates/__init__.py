"""Step 2, gates: rules on every request by the words of the agreement, cites the clause, and fails closed."""

from comity.gates.again import require_still_entitled, require_still_passing
from comity.gates.compile import Rule, compile_gates, in_force
from comity.gates.counting import Registered
from comity.gates.derive import ASKED, FACTS
from comity.gates.probing import KEY_BYTES, Earlier
from comity.gates.rule import Ruled, check, rule
from comity.gates.settle import settle
from comity.gates.trial import Examined, Tried, admit, examine, try_cases

__all__ = [
    "ASKED",
    "FACTS",
    "KEY_BYTES",
    "Earlier",
    "Examined",
    "Registered",
    "Rule",
    "Ruled",
    "Tried",
    "admit",
    "check",
    "compile_gates",
    "examine",
    "in_force",
    "require_still_entitled",
    "require_still_passing",
    "rule",
    "settle",
    "try_cases",
]
