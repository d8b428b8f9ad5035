"""A Spark session for linkage: encrypted where Spark can be, silent about values, and its failures coded."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from comity.case.errors import Integrity, Usage, raise_alone

if TYPE_CHECKING:
    from py4j.java_gateway import JavaGateway
    from pyspark.sql import SparkSession

# What no configuration of the cluster may change: the rows, and that nothing about a person is shown, logged or sent
# in the clear.
_FIXED = {
    "spark.app.name": "comity",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.warehouse.dir": f"file://{tempfile.gettempdir()}",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.log.level": "OFF",
    # The level above is the driver's alone. Started with one of its own, a worker does not take up Spark's.
    "spark.executor.defaultJavaOptions": "-Dlog4j2.level=OFF",
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.io.encryption.enabled": "true",
}

# PySpark's own loggers print the message of every failed query, values and all, to the terminal.
_LOUD = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")


def require_spark() -> None:
    """Raise Usage `SPARK_NOT_INSTALLED` or `JAVA_NOT_FOUND` unless a Spark session could be opened here."""
    if find_spec("pyspark") is None:
        raise Usage(
            "SPARK_NOT_INSTALLED",
            "The engine spark needs PySpark, which is not installed.",
            "Install the extra: `pip install 'comity[spark]'`.",
        )
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home) / "bin") if home else None) is None:
        raise Usage(
            "JAVA_NOT_FOUND",
            "The engine spark needs Java, and there is none on the path or under JAVA_HOME.",
            "Install Java 17 or later, or set JAVA_HOME.",
        )


def open_session(master: str, config: Mapping[str, str]) -> SparkSession:
    """A session on the cluster `master` (a Spark master URL), or on this machine (`local[*]`).

    `config` are Spark properties; those that fix the rows, the silence and the encryption stay as they are. The JVM of
    the driver is started once per process, with the `spark.driver.*` of the first session. Raises Usage (see
    `require_spark`) and Integrity `SPARK_FAILED`.
    """
    require_spark()
    with coded(), warnings.catch_warnings():
        # Spark warns of versions of pandas, which is not used here.
        warnings.simplefilter("ignore")
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession

        _silence()
        driver = tuple(sorted(pair for pair in config.items() if pair[0].startswith("spark.driver.")))
        gateway = _driver(driver)
        conf = SparkConf(loadDefaults=True).setMaster(master).setAll([*config.items(), *_FIXED.items()])
        return SparkSession(SparkContext(conf=conf, gateway=gateway))


@functools.cache
def _driver(properties: tuple[tuple[str, str], ...]) -> JavaGateway:
    """The driver's JVM, whose own output goes nowhere. Only these properties stand on its command line."""
    from pyspark import SparkConf
    from pyspark.java_gateway import launch_gateway

    nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return launch_gateway(SparkConf(loadDefaults=False).setAll(properties), nowhere)


def _silence() -> None:
    from pyspark.logger import PySparkLogger

    for name in _LOUD:
        PySparkLogger.getLogger(name).disabled = True
    logging.getLogger("py4j").setLevel(logging.CRITICAL + 1)


@contextmanager
def coded() -> Iterator[None]:
    """Raise Integrity `SPARK_FAILED` for any failure of Spark, without its message, which may quote values (P9)."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from sqlglot.errors import SqlglotError

    try:
        yield
    # A driver that has died refuses the connection.
    except (Py4JError, PySparkException, SqlglotError, ConnectionError) as error:
        raise_alone(
            Integrity(
                "SPARK_FAILED",
                f"Spark could not work out the tables of this step ({type(error).__name__}).",
                "Nothing was changed. See docs/how-to/spark.md, then run the step again.",
            )
        )
