"""Step 3: candidates for each request, compared and determined by rule."""

from comity.linkage.database import DatabaseTable
from comity.linkage.engines import EngineChoice
from comity.linkage.index import build_index, open_index, verify_index
from comity.linkage.link import Linked, link
from comity.linkage.listed import READ_BY, Compared, find_listed
from comity.linkage.manifest import Index
from comity.linkage.reasons import REASONS
from comity.linkage.terms import VERSION, LinkageTerms
from comity.linkage.update import update_index

__all__ = [
    "READ_BY",
    "REASONS",
    "VERSION",
    "Compared",
    "DatabaseTable",
    "EngineChoice",
    "Index",
    "LinkageTerms",
    "Linked",
    "build_index",
    "find_listed",
    "link",
    "open_index",
    "update_index",
    "verify_index",
]
