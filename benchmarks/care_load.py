"""Fifty patients at once on the site as `openpbm serve` ships it, on a machine that also runs them.

Run as `python benchmarks/care_load.py --database sqlite` (or postgresql). Makes a clinic of people in the middle of
their courses, signs each of them in, and then lets locust play `care_load_journey.py`: everybody reads each page for
2-8 s. Prints requests, errors and times; the exit code is 1 when a request failed or the 95th percentile of the pages
is 300 ms or more. PostgreSQL is started for the run in a folder of its own, with its usual durability.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from care.kill_loop import Browser  # noqa: E402
from care.services import Site, install, postgres_server, served  # noqa: E402

PASSWORD = "correct horse battery staple"
LIMIT_MS = 300
_ASSETS = "(assets)"


def percentile(times: Counter[int], share: float) -> int:
    """The smallest time that this share of the requests did not exceed.

    >>> percentile(Counter({10: 90, 400: 10}), 0.9), percentile(Counter({10: 90, 400: 10}), 0.95)
    (10, 400)
    """
    left = share * times.total()
    for time_ms, count in sorted(times.items()):
        left -= count
        if left <= 1e-9:
            return time_ms
    return 0


def times_of(entries: Iterable[dict[str, Any]]) -> Counter[int]:
    """Response times [ms] of several kinds of request together."""
    found: Counter[int] = Counter()
    for entry in entries:
        found.update({int(float(time_ms)): count for time_ms, count in entry["response_times"].items()})
    return found


def make_people(data_dir: Path, database_url: str | None, count: int) -> list[dict[str, str]]:
    """The clinic and its people, before anything is served: beside a worker of today no past can be written."""
    environment = install(data_dir, database_url)
    words = [sys.executable, str(HERE / "care_load_clinic.py"), str(count), PASSWORD]
    told = subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return list(json.loads(told))


def sign_in(site: Site, people: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Everybody with the cookies of their sign-in."""
    signed = []
    for who in people:
        browser = Browser(site)
        browser.sign_in(who["username"], PASSWORD)
        browser.close()
        signed.append(who | {"cookies": browser.cookies})
    return signed


def cpu_seconds(pids: Iterable[int]) -> float:
    """What these processes have computed so far."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def play(site: Site, people: list[dict[str, str]], seconds: int, folder: Path) -> tuple[list[dict[str, Any]], int]:
    """Let everybody use the site for so long; what locust counted, one entry for each kind of request, and how often
    somebody lost their way."""
    signed, counted = folder / "people.json", folder / "counted.json"
    signed.write_text(json.dumps(sign_in(site, people)), encoding="utf-8")
    number = str(len(people))
    command = [
        sys.executable, "-m", "locust", "-f", str(HERE / "care_load_journey.py"), "--headless", "--skip-log-setup",
        "--only-summary", "--host", site.url.rstrip("/"), "-u", number, "-r", number, "-t", f"{seconds}s",
        "--stop-timeout", "10", "--exit-code-on-error", "0", "--json-file", str(counted.with_suffix("")),
    ]  # fmt: skip
    environment = os.environ | {"OPENPBM_LOAD_PEOPLE": str(signed)}
    began = cpu_seconds(site.web_workers)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if not counted.exists():
        raise SystemExit(f"locust ended with {done.returncode}: {done.stdout[-3000:]}")
    told = [line[:400] for line in done.stdout.splitlines() if line.startswith(("FAILED", "LOST"))]
    print("\n".join(told))
    print(f"the web processes computed for {cpu_seconds(site.web_workers) - began:.1f} s")
    lost = sum(line.startswith("LOST") for line in told)
    return list(json.loads(counted.read_text(encoding="utf-8"))), lost


def report(entries: list[dict[str, Any]], seconds: int, load: float) -> bool:
    """Print what was counted; whether it is as it must be."""
    pages = [entry for entry in entries if entry["name"] != _ASSETS]
    rows = [*sorted(pages, key=lambda entry: str(entry["name"])), *(e for e in entries if e["name"] == _ASSETS)]
    print(f"{'':26}{'requests':>9}{'errors':>8}{'p50':>7}{'p95':>7}{'p99':>7}  ms")
    for entry in rows:
        _row(f"{entry['method']:5}{entry['name']}", [entry])
    _row("all pages", pages)
    requests, errors = _count(entries, "num_requests"), _count(entries, "num_failures")
    p95 = percentile(times_of(pages), 0.95)
    print(f"\n{requests} requests in {seconds} s, {errors} errors")
    print(f"p95 of the pages {p95} ms; less than {LIMIT_MS} ms is asked")
    print(f"load average of the machine over the last five minutes: {load:.1f} on {os.cpu_count()} cores")
    return errors == 0 and p95 < LIMIT_MS and bool(pages)


def _row(name: str, entries: list[dict[str, Any]]) -> None:
    times = times_of(entries)
    columns = "".join(f"{percentile(times, share):>7}" for share in (0.5, 0.95, 0.99))
    print(f"{name:26}{_count(entries, 'num_requests'):>9}{_count(entries, 'num_failures'):>8}{columns}")


def _count(entries: list[dict[str, Any]], what: str) -> int:
    return sum(int(entry[what]) for entry in entries)


def main() -> int:
    """One run on one database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=300)
    asked = parser.parse_args()
    server = postgres_server(durable=True) if asked.database == "postgresql" else nullcontext(None)
    with tempfile.TemporaryDirectory(prefix="openpbm-load-") as name, server as database_url:
        folder = Path(name)
        people = make_people(folder / "data", database_url, asked.users)
        print(f"{asked.users} people with courses of two to six weeks on {asked.database}", flush=True)
        with served(folder / "data", database_url) as site:
            entries, lost = play(site, people, asked.seconds, folder)
    return 0 if report(entries, asked.seconds, os.getloadavg()[1]) and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
