"""The plan's SQL, written for DuckDB, in Spark's dialect: what sqlglot leaves different is set right here."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects import DuckDB
from sqlglot.errors import ErrorLevel, ParseError
from sqlglot.generators.spark import SparkGenerator
from sqlglot.parsers.duckdb import DuckDBParser


def to_spark(sql: str) -> str:
    """The Spark query that gives the same rows as the DuckDB query `sql`.

    Raises `sqlglot.errors.SqlglotError` for what cannot be read or said. Every construct of the plan is tried on both
    engines, absent values among its operands, by `tests/engines/test_spark.py`.
    """
    (tree,) = _Reader(dialect="duckdb").parse(DuckDB().tokenize(sql), sql)
    if tree is None:
        raise ParseError("There is no query.")
    return _Writer(dialect="spark", unsupported_level=ErrorLevel.RAISE).generate(tree)


def tables_read(sql: str) -> list[str]:
    """The names of the tables that the Spark query `sql` reads, each as often as it reads it."""
    return [table.name for table in sqlglot.parse_one(sql, dialect="spark").find_all(exp.Table)]


def _any_in_common(a: str, b: str) -> str:
    # An absent element makes Spark's answer unknown; DuckDB passes over it.
    return f"ARRAYS_OVERLAP(ARRAY_COMPACT({a}), ARRAY_COMPACT({b}))"


def _among(many: str, one: str) -> str:
    return f"ARRAY_CONTAINS(ARRAY_COMPACT({many}), {one})"


def _all_within(a: str, b: str) -> str:
    return f"(SIZE(ARRAY_EXCEPT(ARRAY_COMPACT({b}), {a})) = 0)"


def _element(of: str, place: str) -> str:
    # Spark fails on a place of zero, DuckDB gives nothing.
    return f"TRY_ELEMENT_AT({of}, NULLIF({place}, 0))"


def _edits(a: str, b: str) -> str:
    # DuckDB counts the bytes that differ, Spark the letters: each byte is made a letter.
    letters = (f"DECODE(ENCODE({text}, 'UTF-8'), 'ISO-8859-1')" for text in (a, b))
    return f"LEVENSHTEIN({', '.join(letters)})"


_FUNCTIONS: dict[str, Callable[[str, str], str]] = {
    "list_has_all": _all_within,
    "list_extract": _element,
}


def _binary(form: Callable[[str, str], str]) -> Callable[[SparkGenerator, exp.Expression], str]:
    return lambda writer, node: form(writer.sql(node, "this"), writer.sql(node, "expression"))


class _Reader(DuckDBParser):
    # DuckDB knows a list from a text by its type. The plan takes `len` of lists and `length` of texts.
    FUNCTIONS: ClassVar = {**DuckDBParser.FUNCTIONS, "LEN": exp.ArraySize.from_arg_list}


def _joined(writer: SparkGenerator, node: exp.Concat) -> str:
    # DuckDB passes over what is absent and takes whole numbers as well.
    return f"CONCAT_WS('', {', '.join(writer.sql(part) for part in node.expressions)})"


class _Writer(SparkGenerator):
    TRANSFORMS: ClassVar = {
        **SparkGenerator.TRANSFORMS,
        exp.ArrayOverlaps: _binary(_any_in_common),
        exp.ArrayContains: _binary(_among),
        exp.ArrayDistinct: lambda writer, node: f"ARRAY_DISTINCT(ARRAY_COMPACT({writer.sql(node, 'this')}))",
        exp.Levenshtein: _binary(_edits),
        exp.Concat: _joined,
    }

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        """A function that sqlglot does not know by meaning."""
        form = _FUNCTIONS.get(expression.name.lower())
        if form is None:
            return super().anonymous_sql(expression)
        return form(*(self.sql(argument) for argument in expression.expressions))

    def cte_sql(self, expression: exp.CTE) -> str:
        """A named subquery; whether to keep its rows is Spark's own decision."""
        expression.set("materialized", None)
        return super().cte_sql(expression)
