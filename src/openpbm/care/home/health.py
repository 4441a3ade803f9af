"""Whether the site stands: asked by whatever watches it, so without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from openpbm.care.jobs.heartbeat import worker_is_silent
from openpbm.version import __version__

__all__ = ["healthz"]


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and the worker's pulse is young, else 503; says which."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        silent = worker_is_silent()
    except DatabaseError:
        # A watchdog reads here which part is silent; an error page would tell it nothing.
        return JsonResponse({"database": "silent", "worker": "unknown", "version": __version__}, status=503)
    state = {"database": "answers", "worker": "silent" if silent else "runs", "version": __version__}
    return JsonResponse(state, status=503 if silent else 200)
