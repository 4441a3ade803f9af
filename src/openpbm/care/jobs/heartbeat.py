"""The worker's heartbeat."""

from __future__ import annotations

import datetime as dt

from openpbm.care import clock
from openpbm.care.jobs.models import Heartbeat
from openpbm.care.prepared import Prepared

__all__ = ["SILENT_AFTER", "record_heartbeat", "worker_is_silent"]

_NEWEST = Prepared(lambda: Heartbeat.objects.order_by("-at").values_list("at", flat=True)[:1])
SILENT_AFTER = dt.timedelta(seconds=90)


def record_heartbeat(name: str) -> None:
    """Write down that the worker is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def worker_is_silent() -> bool:
    """Whether no worker gave a sign of life for a minute and a half."""
    newest = _NEWEST.first()
    return newest is None or clock.now() - newest > SILENT_AFTER
