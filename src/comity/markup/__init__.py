"""HTML from Python values, escaped by construction; what reports and pages are made with."""

from comity.markup.elements import Markup, element, join, table

__all__ = ["Markup", "element", "join", "table"]
