"""The worker: one process beside the web server that does long work, sends reminders and shows that it lives."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpbm.care.jobs.run_job import JobThread

__all__ = ["Worker", "main"]

_log = logging.getLogger(__name__)
_BEAT_EVERY_S = 5.0
_MINUTE_S, _DAY_S = 60.0, 86_400.0


class Worker:
    """The loop: heartbeat, one job, and what is due each minute."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.job: JobThread | None = None
        # Long ago, so that each is due at the first turn.
        self._beat_at = self._minute_at = self._day_at = -_DAY_S

    def turn(self) -> None:
        """One turn of the loop."""
        from openpbm.care import clock
        from openpbm.care.jobs.scheduled_tasks import each_day, each_minute

        self.alive()
        self._see_to_jobs()
        now = time.monotonic()
        if now - self._minute_at >= _MINUTE_S:
            self._minute_at = now
            each_minute(clock.now(), self.name, self.alive)
        if now - self._day_at >= _DAY_S:
            self._day_at = now
            each_day()

    def alive(self) -> None:
        """Write the heartbeat; not at every turn, since each one is a write."""
        from openpbm.care.jobs.heartbeat import record_heartbeat

        now = time.monotonic()
        if now - self._beat_at >= _BEAT_EVERY_S:
            self._beat_at = now
            record_heartbeat(self.name)

    def leave(self) -> None:
        """Put back what was not finished."""
        if self.job is not None:
            self.job.leave()

    def _see_to_jobs(self) -> None:
        from openpbm.care.jobs.claim import claim_job
        from openpbm.care.jobs.run_job import JobThread

        if self.job is not None and self.job.running():
            return
        job = claim_job(self.name)
        self.job = None if job is None else JobThread(job)


def main() -> int:
    """Run until told to stop."""
    # As for every command: what is read stays to the end.
    gc.set_threshold(50_000)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpbm.care.settings")
    import django

    django.setup()
    from django.db import DatabaseError, connections

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker = Worker(f"worker at {socket.gethostname()}"[:64])
    while not stop.is_set():
        try:
            worker.turn()
        except DatabaseError:
            # The heartbeat stops with the database, and every page shows it; we go on as soon as it is back.
            _log.exception("the database does not answer; tried again in a moment")
            connections.close_all()
            stop.wait(2)
        stop.wait(1)
    worker.leave()
    return 0


if __name__ == "__main__":
    sys.exit(main())
