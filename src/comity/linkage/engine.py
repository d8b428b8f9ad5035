"""What an engine is: three acts over the tables of one workspace, the same in SQL and in plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from comity.linkage.terms import LinkageTerms
    from comity.workspace import Workspace


class Engine(Protocol):
    """Narrows, compares and determines; each act reads the tables of the one before it in the workspace.

    Before the first act the workspace holds `asked`, `filings` and `in_stated_years` (see `asked`), the name lists, and
    attached the index: `registry.addresses`, `registry.spells` and
    `registry.known`, the names of whoever a spell is about. An act may leave further tables behind for the next ones of
    the same engine. Given the same tables, every engine makes the same rows of `determined`.
    """

    def narrow(self, ws: Workspace) -> None:
        """Find the addresses that might agree with each request's, and whatever might agree with one of these."""

    def compare(self, ws: Workspace) -> None:
        """Of everyone who is listed there, or has the same name in the ZIP, make `compared`: one row per request and
        spell that share a name, with the levels of name, address, middle name, suffix, birth date and TIN, their
        reasons, and whether it is a taxpayer's own address in a stated year; `fetched`, those spells; and `sites`,
        their addresses."""

    def determine(self, ws: Workspace, terms: LinkageTerms) -> None:
        """Make `determined`: one row per row of `asked`: `row_number, request_id, determination, reason, person,
        taxpayer_id, candidates`."""
