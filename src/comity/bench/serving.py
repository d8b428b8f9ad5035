"""A console on a home in a process of its own, as anybody would start one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.case.errors import Integrity


@contextmanager
def served(home: Path, *options: object) -> Iterator[str]:
    """The address of `comity console` on `home` with these options, without a slash at its end, until the block ends.

    Raises Integrity `BENCH_STOPPED` where it does not open.
    """
    words = ("console", home, *options, "--port", 0)
    command = [sys.executable, "-W", "ignore", "-c", "from comity.cli import main; main()", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            found = re.search(r"http://\S+[0-9]", process.stdout.readline() if process.stdout else "")
            if found is None:
                raise Integrity("BENCH_STOPPED", "The console did not open.", "Open it by hand: `comity console`.")
            yield found[0]
        finally:
            process.terminate()
