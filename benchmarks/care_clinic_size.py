"""How the application bears a clinic of 100, 300 and 1,000 people with a year of records each, on both databases.

Run as `python benchmarks/care_clinic_size.py` (`--people 100 --database sqlite` makes it shorter). Every clinic is made
by `care_clinic_size_people.py`; then each page, the worker's minute, the backup and the audit run in a process of their
own, which prints seconds, queries and its greatest memory. The exit code is 1 when the list of a thousand takes more
than half a second, or the worker's minute more than 10 s or 300 MB.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
LIST_S, MINUTE_S, MINUTE_MB = 0.5, 10.0, 300.0
_MEASURED = ("worklist", "record", "today", "worker", "backup", "verify")


# What runs in a process of its own, with the settings of the site.


def measure(what: str, now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Each run of it: its name, seconds, queries, and the greatest memory of the process so far."""
    import django

    django.setup()
    from openpbm.care import clock

    ticks = iter(range(10**9))
    with clock.told_by(lambda: now + dt.timedelta(milliseconds=next(ticks))):
        yield from {"worklist": _worklist, "record": _record, "today": _today, "worker": _worker,
                    "backup": _backup, "verify": _verify}[what](now)  # fmt: skip


def _timed(name: str, act: Callable[[], object]) -> dict[str, Any]:
    began, computed = time.perf_counter(), time.process_time()
    act()
    seconds, computed = time.perf_counter() - began, time.process_time() - computed
    # Counting keeps every statement, so the memory is read before and the time is not taken again.
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"what": name, "seconds": seconds, "computed": computed, "mb": peak_mb}


def _with_queries(row: dict[str, Any], act: Callable[[], object]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        act()
    return row | {"queries": len(asked)}


def _page(name: str, who: str, path: str) -> Iterator[dict[str, Any]]:
    from care.conftest import signed_in

    from openpbm.care.accounts.models import User

    client = signed_in(User.objects.get(username=who))

    def ask() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    yield _timed(f"{name}, for the first time", ask)
    seconds = min((_timed(name, ask) for _ in range(3)), key=lambda row: float(row["seconds"]))
    yield _with_queries(seconds, ask)


def _somebody() -> Any:
    from openpbm.care.people.models import Person

    return Person.objects.select_related("user").get(user__username="large.7")


def _worklist(now: dt.datetime) -> Iterator[dict[str, Any]]:
    return _page("worklist", "large.clinician", "/people/")


def _record(now: dt.datetime) -> Iterator[dict[str, Any]]:
    return _page("record", "large.clinician", f"/people/{_somebody().pk}/")


def _today(now: dt.datetime) -> Iterator[dict[str, Any]]:
    person = _somebody()
    return _page("Today", person.user.username, f"/people/{person.pk}/today/")


def _worker(now: dt.datetime) -> Iterator[dict[str, Any]]:
    from openpbm.care import clock
    from openpbm.care.jobs.scheduled_tasks import each_minute

    def minute() -> None:
        assert each_minute(clock.now(), "size") == 0

    yield _timed("worker, the first minute of a day", minute)
    row = _timed("worker, a minute", minute)
    yield _with_queries(row, minute)


def _backup(now: dt.datetime) -> Iterator[dict[str, Any]]:
    from openpbm.care.backup.make import make_backup

    with tempfile.TemporaryDirectory() as folder:
        yield _timed("backup", lambda: make_backup(Path(folder) / "all.backup"))


def _verify(now: dt.datetime) -> Iterator[dict[str, Any]]:
    from openpbm.care.audit.verify import verify

    def ask() -> None:
        found = verify()
        assert found.ok, found.faults[:3]

    yield _timed("audit verify", ask)


# What starts those processes.


def clinic(people: int, database: str) -> bool:
    """Make a clinic, measure it, print; whether it is as it must be."""
    from care.services import install, postgres_server

    today = dt.datetime.now(ZONE).date()
    # The evening: every reminder of the day is made, and some are due.
    now = dt.datetime.combine(today, dt.time(20, 5), ZONE)
    server = postgres_server(durable=True) if database == "postgresql" else nullcontext(None)
    good = True
    with tempfile.TemporaryDirectory(prefix="openpbm-size-") as name, server as url:
        environment = install(Path(name) / "data", url) | {"OPENPBM_HOSTS": "testserver"}
        began = time.perf_counter()
        _run(environment, str(HERE / "care_clinic_size_people.py"), str(people), today.isoformat())
        print(f"\n{people} people on {database}, made in {time.perf_counter() - began:.0f} s", flush=True)
        for what in _MEASURED:
            for line in _run(environment, __file__, "--measure", what, "--now", now.isoformat()).splitlines():
                row = json.loads(line)
                good &= people < 1000 or _good(row)
                queries = row.get("queries", "")
                print(f"  {row['what']:36}{row['seconds']:>8.2f} s{row['computed']:>8.2f} s of computing"
                      f"{queries:>7}{row['mb']:>7.0f} MB", flush=True)  # fmt: skip
    return good


def _run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _good(row: dict[str, Any]) -> bool:
    if row["what"] == "worklist":
        return bool(row["seconds"] <= LIST_S)
    if row["what"].startswith("worker"):
        return bool(row["seconds"] <= MINUTE_S and row["mb"] <= MINUTE_MB)
    return True


def main() -> int:
    """All sizes on the databases that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--measure", choices=_MEASURED, help=argparse.SUPPRESS)
    parser.add_argument("--now", type=dt.datetime.fromisoformat, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        for row in measure(asked.measure, asked.now):
            print(json.dumps(row), flush=True)
        return 0
    good = [clinic(people, database) for database in asked.database for people in asked.people]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
