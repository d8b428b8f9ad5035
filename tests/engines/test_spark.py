"""Spark makes the rows that DuckDB makes: construct by construct, on drawn tables, and on tables full of absences.

A Spark job costs about a second, so many cases travel in each: one session, few large tables.
"""

from __future__ import annotations

import shutil
import traceback
from datetime import date
from importlib.util import find_spec

import duckdb
import pytest
import sqlglot
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from comity.case.errors import ComityError
from comity.linkage import EngineChoice, LinkageTerms
from comity.linkage.compare import compare_steps
from comity.linkage.determine import determine_steps
from comity.linkage.duckdb import DuckDBEngine
from comity.linkage.narrow import narrow_steps
from comity.linkage.plan import Sought
from comity.linkage.spark import SparkEngine
from comity.linkage.spark_dialect import to_spark
from comity.linkage.spark_session import coded
from comity.standard import Step
from comity.workspace import workspace
from tests.engines.absences import ASK, PERSON, STAY, laid_out
from tests.engines.test_engines_agree import TERMS, drawn, made_by

needs_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None, reason="needs the extra `spark` and Java"
)

# Small tables are over before a compiler has helped, and this machine is the whole cluster.
SMALL = {
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
}


@pytest.fixture(scope="module")
def spark():
    with SparkEngine("local[2]", SMALL) as engine:
        yield engine


# One line for every construct of the plan that sqlglot or Spark could read otherwise, over the table `t` below.
CONSTRUCTS = [
    "list_has_any(l, m)", "list_has_any(m, l)", "list_has_all(l, m)", "list_has_all(m, l)", "list_contains(l, a)",
    "list_extract(l, i)", "list_extract(['x', 'y', 'z'], i)", "list_filter(l, lambda x: x IS NOT NULL)",
    "list_transform(l, lambda x: x || '-')", "list_sort(l)", "list_sort(list_distinct(m))", "len(l)", "len(l) > 0",
    "array_to_string(list_sort(string_split(a, ' ')), '')", "string_split(a, ' ')", "[a, b]", "[a] = [b]",
    "levenshtein(a, b)", "levenshtein(a, 'ÉMILE')", "length(a)", "left(a, 1)", "left(a, 1) = left(b, 1)",
    "substr(a, length(b) + 2)", "replace(a, ' ', '')", "starts_with(a, b)", "contains(a, ' ')", "a || '|' || b",
    "concat(a, b)", "concat(a, '#', i)", "concat_ws(' ', a, b)", "nullif(a, '')", "coalesce(a, b, '-')",
    "regexp_extract_all(a, '[0-9]+')", "least(length(a), length(b))", "greatest(a, b)", "a = b", "a <> b",
    "(a <> b) IS NOT TRUE", "(a = b) IS TRUE", "a IS DISTINCT FROM b", "a IS NOT DISTINCT FROM b", "NOT (a = b)",
    "a IN ('OAK', 'ELM')", "CASE a WHEN 'OAK' THEN 1 WHEN b THEN 2 ELSE 3 END", "CASE WHEN a < b THEN 'less' END",
    "(a IS NULL) <> (b IS NULL)", "d + INTERVAL 18 YEAR > e", "coalesce(d + INTERVAL 18 YEAR > e, FALSE)", "d = e",
    "i + 1", "i <= 1 AND a >= b OR d < e", "struct_pack(x := a, y := b).x", "list_append(l, a)",
    "list_append(coalesce(l, []), 'x')", "a LIKE '% 41 %'", "split_part(a, ' ', -1)", "split_part(a, ' ', 1)",
    "length(a) - 1", "-i", "bit_count(((g | h) - (g & h)) & 68719476735)", "least(g, h) >> 40", "(g >> 2) + 1",
    "i::INTEGER", "TRUE", "NULL = a", "i > 1", "l <> []",
    "regexp_extract_all(a, '^[A-Z]+$') <> []", "regexp_replace(a, '[A-Z]{2,}|(^| )4[0-9]( |$)', ' ', 'g')",
    "d + INTERVAL 1 DAY = e", "(i // 2 % 3)::INTEGER", "i * 100 + n", "(i & 5) <> 0",
    "right(a, length(b)) = b", "left(a, greatest(length(a) - length(b), 0))",
    "regexp_replace(a, '^(?:(?:OAK|ELM) )+', '')",
]  # fmt: skip

WORDS = ["OAK", "ELM", "OAK 41 B2", "A B", "B A", "", "É", "ОЛЬГА", "ОЛЬКА", None]
LISTS = [["OAK"], ["OAK", "ELM"], ["ELM", None], [None], [], None]
BITS = [0, 0b1011, (7 << 40) | 0b110, (1 << 47) - 1, None]
DAYS = [date(2004, 2, 29), date(2022, 2, 28), date(2022, 3, 1), None]
# The other columns of `t`, and how many rows pass before a cell gives way to the next.
CELLS = {
    "i INTEGER": (1, [None, 0, 1, 2, 7]),
    "l VARCHAR[]": (1, LISTS),
    "m VARCHAR[]": (6, LISTS),
    "d DATE": (1, DAYS),
    "e DATE": (4, DAYS),
    "g BIGINT": (1, BITS),
    "h BIGINT": (5, BITS),
}

# Whole queries, for what is no expression.
QUERIES = {
    # Of several columns in order none is ever absent: there the engines differ.
    "the least by several columns": "SELECT a, arg_min(i, (i, n)) AS x FROM t WHERE i IS NOT NULL GROUP BY a",
    "any present value": "SELECT a, any_value(a) AS x, count(DISTINCT b) AS y, bool_or(i > 1) AS z FROM t GROUP BY a",
    "a filtered least": "SELECT a, min(n) FILTER (b = 'OAK') AS x FROM t GROUP BY a",
    "the first of each": "SELECT n FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY i, b, n) = 1",
    "unnested": "SELECT DISTINCT n, unnest(l) AS x FROM t",
    "each once": "SELECT a, list_sort(coalesce(list(DISTINCT b) FILTER (b <> a), [])) AS x FROM t GROUP BY a",
    "a step on its own column": "SELECT n, a || 'X' AS x, x || 'Y' AS y FROM t",
    "all but one": "SELECT t.* EXCLUDE (d, e, l, m) FROM t",
    "a small table in line": "SELECT n, v.y FROM t JOIN (VALUES ('OAK', 'O'), ('ELM', 'E')) AS v(x, y) ON v.x = a",
    "some of the groups": "SELECT a, max(length(b)) AS x FROM t GROUP BY a HAVING NOT bool_or(coalesce(i > 2, FALSE))",
    "kept steps": "WITH u AS MATERIALIZED (SELECT n, a FROM t) SELECT * FROM u JOIN t USING (n)",
    "those with a partner": "SELECT n FROM t SEMI JOIN (SELECT b FROM t) AS u ON u.b = t.a",
    "either": "SELECT a AS x FROM t UNION SELECT b FROM t",
    "both": "SELECT a AS x FROM t UNION ALL SELECT b FROM t",
    "without a partner": "SELECT t.n, u.n AS o FROM t LEFT JOIN (SELECT n, a FROM t WHERE i = 1) AS u ON u.a = t.b",
}


def _filled(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE TABLE t (n INTEGER, a VARCHAR, b VARCHAR, {', '.join(CELLS)})")
    pairs = enumerate((a, b) for a in WORDS for b in WORDS)
    rows = [(n, *pair, *(cells[n // pace % len(cells)] for pace, cells in CELLS.values())) for n, pair in pairs]
    con.executemany(f"INSERT INTO t VALUES ({', '.join('?' for _ in rows[0])})", rows)


def _plain(value):
    """A cell as both engines show it: Spark's structs are tuples, DuckDB's dictionaries."""
    if isinstance(value, dict):
        return tuple(map(_plain, value.values()))
    return [*map(_plain, value)] if isinstance(value, list) else value


def _in_order(rows):
    return sorted((tuple(map(_plain, row)) for row in rows), key=repr)


@pytest.fixture(scope="module")
def both(spark, tmp_path_factory):
    """Runs a query of the plan's dialect over `t` on DuckDB and on Spark."""
    with workspace(tmp_path_factory.mktemp("constructs")) as ws:
        _filled(ws.con)
        with spark._tables_of(ws) as tables:
            tables.send(["t"])
            yield lambda sql: (ws.rows(sql), tables.session.sql(to_spark(sql)).collect())


@needs_spark
def test_every_construct_gives_the_same_on_both(both):
    named = ", ".join(f"{construct} AS c{place}" for place, construct in enumerate(CONSTRUCTS))
    here, there = both(f"SELECT n, {named} FROM t")
    columns = [[_in_order((row[0], row[place]) for row in rows) for place in range(1, len(CONSTRUCTS) + 1)]
               for rows in (here, there)]  # fmt: skip
    assert [construct for construct, one, other in zip(CONSTRUCTS, *columns, strict=True) if one != other] == []


@needs_spark
@pytest.mark.parametrize("name", QUERIES)
def test_every_kind_of_query_gives_the_same_on_both(name, both):
    here, there = both(QUERIES[name])
    assert _in_order(here) == _in_order(there)


def test_the_plan_has_no_construct_that_nobody_tried():
    steps = [*narrow_steps(), *compare_steps(), *(step for terms in TERMS for step in determine_steps(terms))]
    plan = [step.wanted if isinstance(step, Sought) else step.sql for step in steps]
    tried = [f"SELECT {construct} FROM t" for construct in CONSTRUCTS] + list(QUERIES.values())
    assert _kinds(plan) - _kinds(tried) == set()


def _kinds(queries):
    """The sorts of nodes in the queries; functions that sqlglot does not know by meaning count by name."""
    nodes = (node for sql in queries for node in sqlglot.parse_one(sql, dialect="duckdb").walk())
    return {node.name.lower() if isinstance(node, exp.Anonymous) else type(node).__name__ for node in nodes}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return drawn(3, tmp_path_factory.mktemp("engines"))


@needs_spark
def test_spark_narrows_compares_and_determines_as_duckdb_does(spark, tables):
    demands = (TERMS[0], TERMS[-1])
    by_duckdb, by_spark = (made_by(engine, tables, demands) for engine in (DuckDBEngine(), spark))
    assert [table for table, rows in by_duckdb.items() if rows != by_spark[table]] == []


@needs_spark
def test_a_copy_of_the_registry_that_was_changed_is_not_read(spark, tables):
    _home, *_, index = tables
    (part, *_) = sorted((index.path.parent / "spark").rglob("*.parquet"))
    part.write_bytes(part.read_bytes() + b"x")
    with pytest.raises(ComityError, match="REGISTRY_COPY_CHANGED"):
        made_by(spark, tables, ())
    assert list(index.path.parent.glob(".*.draft")) == []


def test_an_engine_that_nobody_made_is_refused():
    with pytest.raises(ComityError, match="ENGINE_UNKNOWN"):
        EngineChoice("sparc")


def test_without_the_extra_the_engine_says_which(monkeypatch):
    monkeypatch.setattr("comity.linkage.spark_session.find_spec", lambda _name: None)
    with pytest.raises(ComityError, match=r"SPARK_NOT_INSTALLED.*comity\[spark\]"), EngineChoice("spark").opened():
        pass


@pytest.mark.skipif(find_spec("pyspark") is None, reason="needs the extra `spark`")
def test_without_java_the_engine_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ComityError, match="JAVA_NOT_FOUND"), EngineChoice("spark").opened():
        pass


def _fail_on(ws, spark):
    ws.con.execute("CREATE TABLE asked AS SELECT 'Canary' AS name")
    with spark._tables_of(ws) as tables:
        tables.send(["asked"])
        tables.make([Step("counted", "what cannot be", "SELECT name::INTEGER AS n FROM asked")], ["counted"])
        tables.fetch(["counted"])


@needs_spark
def test_a_failure_in_spark_shows_no_value(spark, tmp_path, capfd, caplog):
    with workspace(tmp_path) as ws, pytest.raises(ComityError, match="SPARK_FAILED") as refused:
        _fail_on(ws, spark)
    shown = [*capfd.readouterr(), caplog.text, *traceback.format_exception(refused.value)]
    assert "anary" not in "".join(shown)
    assert refused.value.__context__ is None


@needs_spark
def test_a_driver_that_has_died_is_a_failure_of_spark():
    with pytest.raises(ComityError, match="SPARK_FAILED"), coded():
        raise ConnectionRefusedError


@needs_spark
def test_nothing_of_a_workspace_stays_when_spark_turns_to_another(spark, tmp_path):
    places = [tmp_path / "one", tmp_path / "two"]
    for place in places:
        place.mkdir()
        with workspace(place) as ws:
            ws.con.execute("CREATE TABLE asked AS SELECT 1 AS n")
            with spark._tables_of(ws) as tables:
                tables.send(["asked"])
    assert [len([*place.glob(".*.draft")]) for place in places] == [0, 1]


@needs_spark
def test_what_spark_is_told_keeps_it_silent_and_encrypted(spark, both):
    conf = spark._session.sparkContext.getConf()
    wanted = ("spark.authenticate", "spark.network.crypto.enabled", "spark.io.encryption.enabled")
    assert [conf.get(name) for name in wanted] == ["true"] * 3
    assert [conf.get(name) for name in ("spark.log.level", "spark.ui.enabled")] == ["OFF", "false"]
    assert conf.get("spark.executor.defaultJavaOptions") == "-Dlog4j2.level=OFF"


def _judged(engine, ws):
    engine.narrow(ws)
    engine.compare(ws)
    engine.determine(ws, LinkageTerms("third_identifier"))
    columns = ", ".join(sorted(name for name, *_ in ws.rows("DESCRIBE compared")))
    return (
        ws.rows(f"SELECT {columns} FROM compared ORDER BY row_number, spell"),
        ws.rows("SELECT * FROM determined ORDER BY row_number"),
    )


@needs_spark
@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    asks=st.lists(ASK, min_size=40, max_size=60),
    people=st.lists(PERSON, min_size=10, max_size=10),
    stays=st.lists(STAY, min_size=30, max_size=40),
)
def test_on_tables_full_of_absences_spark_judges_as_duckdb_does(spark, tmp_path_factory, asks, people, stays):
    made = []
    for engine in (DuckDBEngine(), spark):
        with workspace(tmp_path_factory.mktemp("absences")) as ws:
            laid_out(ws, asks, people, stays)
            made.append(_judged(engine, ws))
    assert made[0] == made[1]
