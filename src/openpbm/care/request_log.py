"""What the console says of a request that went wrong: its route and not its address, which names a person."""

from __future__ import annotations

import logging

from django.urls import Resolver404, resolve

__all__ = ["OneLine"]

_OUR_FAULT = 500


class OneLine(logging.Filter):
    """DomainErrors as one line; where the fault is ours, the traceback stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it is always said."""
        status, request = getattr(record, "status_code", None), getattr(record, "request", None)
        if status is None or request is None:
            return True
        record.msg, record.args = "%s %s on %s", (status, request.method, _route(request.path_info))
        if status < _OUR_FAULT:
            record.exc_info = record.exc_text = None
        return True


def _route(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return "a page that is not there"
