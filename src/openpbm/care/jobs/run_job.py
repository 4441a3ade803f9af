"""One job at a time, in a thread of its own, so that the worker's heartbeat goes on."""

from __future__ import annotations

import logging
import threading
import time

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connections

from openpbm.care.call_stack import in_one_piece
from openpbm.care.database import cannot_write
from openpbm.care.jobs.claim import MOST_ATTEMPTS, finish, give_back, keep
from openpbm.care.jobs.models import Job
from openpbm.care.jobs.registry import handler_of
from openpbm.errors import BadInput

__all__ = ["JobThread", "run_job"]

_log = logging.getLogger(__name__)
_WRITE_EVERY_S = 0.5
_SIGN_OF_LIFE_EVERY_S = 10.0

_OURS = (
    "This could not be finished because of a fault in the software. It was written to the server's log; tell whoever"
    " runs the server."
)
_FULL = "This could not be kept: the server's disk is full, or it fails. Tell whoever runs the server, then ask again."
_NO_LONGER_THEIRS = "This was not done: whoever asked for it may not open this record any more."


class JobLost(Exception):
    """Another worker has the job now: stop."""


def run_job(job: Job) -> None:
    """Do the job and write down how it ended."""
    try:
        result = handler_of(job.kind)(job, _Progress(job))
        finish(job, result=result)
    except JobLost:
        _log.warning("job %s (%s) was taken over by another worker", job.pk, job.kind)
    except BadInput as error:
        finish(job, fault=str(error))
    except PermissionDenied:
        # Their access ended while the job waited; the action asked again.
        finish(job, fault=_NO_LONGER_THEIRS)
    except OperationalError:
        _log.exception("job %s (%s): the database did not answer", job.pk, job.kind)
        _try_again_or_fail(job)
    except Exception as error:
        _log.exception("job %s (%s) failed", job.pk, job.kind)
        finish(job, fault=_OURS if not cannot_write(error) else _FULL)


def _try_again_or_fail(job: Job) -> None:
    connections.close_all()
    if job.attempts >= MOST_ATTEMPTS:
        finish(job, fault=_OURS)
    else:
        keep(job, state=Job.State.QUEUED, claimed_by="")


class _Progress:
    """Writes progress down, at most twice a second."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.written_at = 0.0

    def __call__(self, done_steps: int, all_steps: int) -> None:
        now = time.monotonic()
        if now - self.written_at < _WRITE_EVERY_S and done_steps < all_steps:
            return
        self.written_at = now
        if not keep(self.job, done_steps=done_steps, all_steps=all_steps):
            raise JobLost


class JobThread:
    """The thread that runs one job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._signed_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"job {job.pk}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            in_one_piece(run_job, self.job)
        finally:
            connections.close_all()

    def running(self) -> bool:
        """Whether it still runs; gives the job's sign of life."""
        if not self._thread.is_alive():
            return False
        if time.monotonic() - self._signed_at > _SIGN_OF_LIFE_EVERY_S:
            self._signed_at = time.monotonic()
            keep(self.job)
        return True

    def leave(self) -> None:
        """Put the job back for the next worker: this one stops."""
        if self._thread.is_alive():
            give_back(self.job)
