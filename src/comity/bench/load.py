"""A console under load: many officers at their pages at once, and how long each kind of page lets them wait."""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, build_opener

from comity.bench.material import Material
from comity.bench.measuring import measure
from comity.bench.pipeline import PACKAGE, prepare, stage_of
from comity.bench.serving import served
from comity.case.errors import Integrity, Waiting
from comity.demo.cast import OFFICERS
from comity.office import story

# So few recipients that each has more matters than the rules take for one officer's: every request waits.
CASES_PER_RECIPIENT = 1_000
_PATIENCE_SECONDS = 120
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_REASON = "Nothing in the submission resolves it; the requester can clear it up."


@dataclass(frozen=True)
class Load:
    """So many `officers` at once, each `rounds` times through the pages, about `think` seconds between two of them."""

    officers: int
    rounds: int
    think: float


def bench_console(material: Material, cases: int, load: Load) -> dict[str, Any]:
    """`pages`: the milliseconds of each kind of page, and of all, while officers work a queue of so many cases.

    The office lies in a fresh home, on PostgreSQL where `DATABASE_URL` names an empty database. Each page is asked for
    over HTTP of the console itself, in a process of its own. Raises Integrity `BENCH_STOPPED` when a page fails.
    """
    asked = material.ask(cases, max(1, cases // CASES_PER_RECIPIENT))
    sources = material.sources()
    with tempfile.TemporaryDirectory(dir=material.folder) as place:
        office = Path(place) / "office"
        material.progress(f"founding an office with a queue of {cases:,} cases")
        queue = measure("load:queue", directory=office, sources=sources, requests=asked.requests, seed=material.seed)
        material.progress(f"{load.officers} officers at work")
        with served(office / "home", "--keys", office / "keys" / "officers") as address:
            found = _work(address, str(queue.found["batch"]), load)
    return {"officers": load.officers, "cases": queue.found["cases"], "think_seconds": load.think, "pages": found}


def queue(directory: str, sources: Sequence[str], requests: str, seed: int) -> dict[str, Any]:
    """Make an office in the new folder `directory`, and a batch of which every request waits for an examiner."""
    place = Path(directory)
    prepare(directory, sources, requests, seed)
    stage = stage_of(place, place / "home")
    operator = stage.actor("operator")
    batch = story.receive(stage.office, operator, place / "desk" / PACKAGE)
    try:
        story.gates(stage.office, operator, batch)
    except Waiting:
        ruled = stage.office.batch(batch).ruled
        return {"batch": batch, "cases": ruled.review if ruled else 0}
    raise Integrity("BENCH_STOPPED", "No request waits for an examiner.", "Name fewer recipients.")


@dataclass
class _Session:
    """One officer at one browser: what was asked for, and how long it took, by the kind of page."""

    address: str
    batch: str
    role: str
    browser: OpenerDirector
    chance: random.Random
    taken: list[tuple[str, float]] = field(default_factory=list)

    def work(self, officer: str, load: Load) -> list[tuple[str, float]]:
        """Sign in, and go through the pages of the role."""
        self._post("sign in", "sign-in", self._get("sign-in page", "sign-in"), officer=officer)
        for _ in range(load.rounds):
            for step in self._examine() if self.role == "examiner" else self._look():
                time.sleep(self.chance.uniform(0, 2 * load.think))
                step()
        return self.taken

    def _look(self) -> Iterator[Any]:
        pages = {
            "batches": "",
            "batch": f"b/{self.batch}/",
            "requests": f"b/{self.batch}/requests",
            "a later page of requests": f"b/{self.batch}/requests?ruling=waits&page=7",
            "log": "log/",
            "registers": "registers/",
            "agreements": "agreements/",
            "holds": "holds/",
        }
        for name, path in pages.items():
            yield lambda name=name, path=path: self._get(name, path)

    def _examine(self) -> Iterator[Any]:
        listed = f"b/{self.batch}/examine/"
        rows = re.findall(rb'href="[^"]*/examine/([0-9]+)/"', self._get("queue", listed))
        if rows:
            case = f"{listed}{self.chance.choice(rows).decode()}/"
            yield lambda: self._settle(case)
        yield lambda: self._get("batch", f"b/{self.batch}/")

    def _settle(self, case: str) -> None:
        self._post("case settled, and the next", case, self._get("case", case), ruling="return", reason=_REASON)

    def _get(self, name: str, path: str) -> bytes:
        return self._timed(name, path, None)

    def _post(self, name: str, path: str, form: bytes, **said: str) -> None:
        token = _TOKEN.search(form)
        self._timed(name, path, urlencode({"csrfmiddlewaretoken": token[1].decode() if token else "", **said}).encode())

    def _timed(self, name: str, path: str, data: bytes | None) -> bytes:
        began = time.perf_counter()
        try:
            with self.browser.open(f"{self.address}/{path}", data, timeout=_PATIENCE_SECONDS) as answer:
                body: bytes = answer.read()
        except HTTPError as stopped:
            # Two examiners took the same case: the second is told so.
            if stopped.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise _failed(f"The page “{name}” failed.") from None
            name, body = "stopped, and told why", stopped.read()
        except OSError:
            raise _failed(f"The page “{name}” did not come.") from None
        self.taken.append((name, time.perf_counter() - began))
        return body


def _work(address: str, batch: str, load: Load) -> dict[str, Any]:
    """What each kind of page took, all sessions together."""
    people = [list(OFFICERS)[number % len(OFFICERS)] for number in range(load.officers)]
    with ThreadPoolExecutor(load.officers) as pool:
        sessions = [
            pool.submit(
                _Session(address, batch, OFFICERS[officer], _browser(), random.Random(number)).work, officer, load
            )
            for number, officer in enumerate(people)
        ]
        taken = [page for session in sessions for page in session.result()]
    kinds = {name: [seconds for kind, seconds in taken if kind == name] for name in sorted({kind for kind, _ in taken})}
    return {"all": _figures([seconds for _, seconds in taken])} | {n: _figures(each) for n, each in kinds.items()}


def _browser() -> OpenerDirector:
    return build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))


def _figures(seconds: Sequence[float]) -> dict[str, Any]:
    nine_in_ten = quantiles(seconds, n=10)[-1] if len(seconds) > 1 else seconds[0]
    return {"asked": len(seconds), "median_ms": round(1000 * median(seconds)), "p90_ms": round(1000 * nine_in_ten)}


def _failed(says: str) -> Integrity:
    return Integrity("BENCH_STOPPED", says, "Nothing was recorded; open the console on such a home and look.")
