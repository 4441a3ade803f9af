"""What is answered when something fails that nobody raised on purpose.

Outside all middleware, so it answers for them too: a session that cannot be kept, a user who cannot be loaded.
"""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template import loader
from django.views import defaults

from openpbm.care.database import cannot_write

__all__ = ["bad_request", "server_error"]

_OURS = "something went wrong in the server; it was written to its log. What was sent before and answered is kept"
_FULL = "the server's disk is full or fails. Nothing of what was sent was kept; send it again later"


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500 for a fault of ours; 503 where the server's disk takes no more."""
    # Django calls this while it handles the error, and hands it over in no other way.
    full = cannot_write(sys.exc_info()[1])
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _FULL if full else _OURS}, status=503 if full else 500)
    if full:
        return HttpResponse(loader.get_template("503.html").render(), status=503)
    return defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400 for what Django itself refuses: a host name that is not ours, a form of thousands of fields."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "this request cannot be read"}, status=400)
    return defaults.bad_request(request, exception)
