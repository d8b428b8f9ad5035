"""Agreements: the law that binds, the values and the rules made of it, and the cases that prove them, side by side."""

from comity.agreements.base import Agreement, Attestation
from comity.agreements.cases import PASSES, Case, CourtOrder
from comity.agreements.faults import invalid
from comity.agreements.gates import OFFICE, REQUEST, SUBMISSION, Gate
from comity.agreements.kinds import ClosedList, folded
from comity.agreements.loading import find, load, load_folder, names
from comity.agreements.show import render_markdown, render_terminal
from comity.agreements.terms import Terms, Value

__all__ = [
    "OFFICE",
    "PASSES",
    "REQUEST",
    "SUBMISSION",
    "Agreement",
    "Attestation",
    "Case",
    "ClosedList",
    "CourtOrder",
    "Gate",
    "Terms",
    "Value",
    "find",
    "folded",
    "invalid",
    "load",
    "load_folder",
    "names",
    "render_markdown",
    "render_terminal",
]
