"""Claiming a job by a conditional update: of two workers that try, one changes a row and the other none."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import F, Q

from openpbm.care import clock
from openpbm.care.jobs.models import Job

__all__ = ["ABANDONED_AFTER", "MOST_ATTEMPTS", "claim_job", "finish", "give_back", "keep"]

#: A running job without a sign of life for so long lost its worker.
ABANDONED_AFTER = dt.timedelta(minutes=2)
MOST_ATTEMPTS = 3

_LOST = "This could not be finished: the computer stopped in the middle of it, three times. Ask for it again."


def claim_job(worker: str) -> Job | None:
    """The oldest job that waits or was abandoned, now ours; None when there is none."""
    while True:
        abandoned = clock.now() - ABANDONED_AFTER
        waiting = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, heartbeat_at__lt=abandoned)
        job = Job.objects.filter(waiting).order_by("created_at").first()
        if job is None:
            return None
        # Every claim counts up the attempts, so the number tells whether somebody was quicker.
        free = Job.objects.filter(waiting, pk=job.pk, attempts=job.attempts)
        # A job that takes its worker down with it every time would otherwise be tried for ever.
        if job.attempts >= MOST_ATTEMPTS:
            free.update(state=Job.State.FAILED, fault=_LOST, finished_at=clock.now(), claimed_by="")
            continue
        claim = f"{worker[:31]} {uuid.uuid4().hex}"
        if free.update(state=Job.State.RUNNING, claimed_by=claim, attempts=F("attempts") + 1, heartbeat_at=clock.now()):
            job.refresh_from_db()
            return job


def keep(job: Job, **values: Any) -> bool:
    """Give a sign of life (and write down progress); False when the job is not ours any more."""
    # A worker that stood still for longer than two minutes wakes up to a job that is another's: it must not write
    # over what that one found.
    ours = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, claimed_by=job.claimed_by)
    return bool(ours.update(heartbeat_at=clock.now(), **values))


def finish(job: Job, *, result: dict[str, Any] | None = None, fault: str = "") -> bool:
    """End it, with a result or with a fault; False when the job is not ours any more."""
    state = Job.State.FAILED if fault else Job.State.DONE
    return keep(job, state=state, result=result or {}, fault=fault, finished_at=clock.now())


def give_back(job: Job) -> bool:
    """Put it back in the queue, untried; False when the job is not ours any more."""
    return keep(job, state=Job.State.QUEUED, claimed_by="", attempts=F("attempts") - 1)
