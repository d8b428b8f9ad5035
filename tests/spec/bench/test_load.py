"""The console under load: officers of every role at their pages at once, and what each kind of page takes."""

from __future__ import annotations

from pathlib import Path

from comity.bench.load import Load, bench_console
from comity.bench.material import material


def test_officers_at_once_go_through_their_pages_and_settle_cases(tmp_path: Path) -> None:
    told: list[str] = []
    found = bench_console(material(tmp_path, 20_000, 1, told.append), 1_000, Load(officers=12, rounds=1, think=0))
    assert found["cases"] > 900
    pages = found["pages"]
    assert {"batches", "batch", "requests", "queue", "case", "case settled, and the next", "log"} <= set(pages)
    assert "stopped, and told why" not in pages
    assert pages["all"]["asked"] == sum(figures["asked"] for name, figures in pages.items() if name != "all")
    assert all(figures["median_ms"] > 0 for figures in pages.values())
