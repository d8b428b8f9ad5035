"""What runs now: a step takes a while, so it runs beside the pages, which say how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread, current_thread
from time import monotonic

from django.db import connections

from comity.case.errors import ComityError, Waiting
from comity.office.coding import coded


@dataclass
class Run:
    """One step at work on a batch: what it last said, and what stopped it, if anything did."""

    batch: str
    officer: str
    thread: Thread = field(repr=False)
    said: list[str] = field(default_factory=list)
    begun: float = field(default_factory=monotonic)
    stopped: ComityError | None = None
    done: bool = False

    @property
    def seconds(self) -> int:
        """How long it has been at work."""
        return int(monotonic() - self.begun)


class Running:
    """The runs of one process, the newest of each batch; a batch has at most one at work."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._lock = Lock()

    def of(self, batch: str) -> Run | None:
        """The newest run on `batch`."""
        return self._runs.get(batch)

    def begin(self, batch: str, officer: str, act: Callable[[], object]) -> Run:
        """Run `act` on `batch` beside this. Raises Waiting `BUSY` while another run is at work on it."""
        with self._lock:
            at_work = self._runs.get(batch)
            if at_work and not at_work.done:
                raise Waiting("BUSY", "A step is at work on this batch.", "Wait until it has ended, then look again.")
            run = self._runs[batch] = Run(batch, officer, Thread(target=lambda: self._perform(batch, act), daemon=True))
        run.thread.start()
        return run

    def tell(self, words: str) -> None:
        """Progress, as the office tells it: kept with the run whose thread says so."""
        for run in list(self._runs.values()):
            if run.thread is current_thread():
                run.said.append(words)

    def _perform(self, batch: str, act: Callable[[], object]) -> None:
        run = self._runs[batch]
        try:
            act()
        except Exception as error:  # noqa: BLE001 -- whatever stops a step is said, coded, on the page of its batch
            run.stopped = coded(error)
        finally:
            run.done = True
            connections.close_all()
