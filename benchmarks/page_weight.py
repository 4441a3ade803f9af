"""What a patient's pages weigh over the wire, and how long they take at 500 kbit/s.

Serves the demo clinic, opens each page of a patient or a stranger in Chromium with the line throttled, first with an
empty cache and then once more, and holds the bytes received (headers too) against two bounds. The worker that keeps
the shell for a session without a network is left out: what it fetches, it fetches after the page is there.

benchmarks/page_weight.py [--only ROUTE ...]      exit status 1 where a bound is missed
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from care.browser.page_cases import CASES, Case, cases_of  # noqa: E402
from care.browser.visitors import Visitors  # noqa: E402
from care.services import Site, chromium, served, site_environment  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

#: Bytes of a page with an empty cache, and of the same page when its scripts and styles are there already.
FIRST_BYTES, LATER_BYTES = 150_000, 60_000
#: A slow line [bit/s], and the time a packet takes there and back [ms].
LINE_BIT_S, LATENCY_MS = 500_000, 100
_STAFF = frozenset({"clinician", "other", "admin", "auditor", "helper"})


@dataclass(frozen=True, slots=True)
class Load:
    """One page loaded: bytes received, and seconds until its load event."""

    received: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Weight:
    """A page with an empty cache, and once more."""

    case: Case
    first: Load
    later: Load

    @property
    def kept(self) -> bool:
        """Whether it stays below both bounds."""
        return self.first.received < FIRST_BYTES and self.later.received < LATER_BYTES

    def __str__(self) -> str:
        mark = "" if self.kept else "  MISSED"
        first, later = (f"{load.received / 1000:8.1f} {load.seconds:7.2f}" for load in (self.first, self.later))
        return f"{self.case.name:40.40} {first} {later}{mark}"


def main() -> int:
    """Serve, load, tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", nargs="*", default=[""], help="routes that begin like this")
    only = tuple(asked.parse_args().only)
    with (
        tempfile.TemporaryDirectory() as passing,
        served(Path(passing) / "data", demo=True, within_s=900, settings={"OPENPBM_PLAN_QUALITY": "quick"}) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        print(f"{'page':40} {'first kB':>8} {'s':>7} {'later kB':>8} {'s':>7}")
        missed = []
        for weight in weights(browser, site, only):
            print(weight, flush=True)
            missed += [weight] * (not weight.kept)
        browser.close()
    print(f"missed: {', '.join(weight.case.name for weight in missed)}" if missed else "every bound is kept")
    return 1 if missed else 0


def weights(browser: Browser, site: Site, only: tuple[str, ...]) -> Iterator[Weight]:
    """Each page of a patient or a stranger, weighed."""
    told = subprocess.run(
        [sys.executable, ROOT / "tests" / "care" / "browser" / "demo_paths.py"],
        env=site_environment(site.data_dir, site.database_url), check=True, capture_output=True, text=True,
    )  # fmt: skip
    paths = json.loads(told.stdout)
    visitors = Visitors(site)
    for route in sorted(CASES):
        for case in cases_of(route, paths[route]):
            if route.startswith(only) and case.visitor not in _STAFF:
                yield _weigh(browser, visitors, case)


def _weigh(browser: Browser, visitors: Visitors, case: Case) -> Weight:
    # A context of its own has an empty cache.
    with visitors.context(browser, case.visitor, service_workers="block") as context:
        page = context.new_page()
        return Weight(case, _load(page, case.path), _load(page, case.path))


def _load(page: Page, path: str) -> Load:
    line = page.context.new_cdp_session(page)
    received: list[float] = []
    line.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    line.send("Network.enable")
    rate = LINE_BIT_S / 8
    conditions = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate}
    line.send("Network.emulateNetworkConditions", conditions)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    took_ms = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    line.detach()
    return Load(round(sum(received)), took_ms / 1000)


if __name__ == "__main__":
    sys.exit(main())
