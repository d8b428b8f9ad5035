"""Agreements: the law that binds, the values and the rules made of it, and the cases that prove them, side by side."""

from comity.agreements.base import Agreement, Attestation
from comity.agreements.cases import PASSES, Case, CourtOrder
from comity.agreements.differences import Change, differences
from comity.agreements.excerpting import excerpt
from comity.agreements.faults import Faults, Invalid, invalid
from comity.agreements.gates import OFFICE, REQUEST, RETURN, SUBMISSION, Gate
from comity.agreements.keeping import keep, kept, kept_settings
from comity.agreements.kinds import ClosedList, folded
from comity.agreements.loading import find, folder_of, load, load_folder, look_into, names
from comity.agreements.page import render_html
from comity.agreements.scaffolding import begin
from comity.agreements.show import render_markdown, render_terminal
from comity.agreements.terms import Terms, Value

__all__ = [
    "OFFICE",
    "PASSES",
    "REQUEST",
    "RETURN",
    "SUBMISSION",
    "Agreement",
    "Attestation",
    "Case",
    "Change",
    "ClosedList",
    "CourtOrder",
    "Faults",
    "Gate",
    "Invalid",
    "Terms",
    "Value",
    "begin",
    "differences",
    "excerpt",
    "find",
    "folded",
    "folder_of",
    "invalid",
    "keep",
    "kept",
    "kept_settings",
    "load",
    "load_folder",
    "look_into",
    "names",
    "render_html",
    "render_markdown",
    "render_terminal",
]
