"""How gunicorn runs the site. Its listening socket comes from the supervisor, so a restart loses no connection."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

from openpbm.care.server.die_with_parent import die_with_parent

# What is read stays to the end: a collector that looked through all of it at every turn took a seventh of the start. A
# page makes some ten thousand objects, so that in a worker it looks every few pages and not thirty times in each.
gc.set_threshold(50_000, 20, 20)
wsgi_app = "openpbm.care.wsgi:application"
worker_class = "openpbm.care.server.whole_requests.WholeRequests"
# Python computes one request at a time in each process: few threads in more of them keep a page from waiting.
workers = int(os.environ.get("OPENPBM_WEB_PROCESSES", "4"))
threads = int(os.environ.get("OPENPBM_WEB_THREADS", "4"))
# The code is read once: a worker that died has a successor in milliseconds.
preload_app = True
timeout = 60
graceful_timeout = 10
# Longer than a page is read: closing under a form that is just sent would lose it.
keepalive = 75
# Addresses of pages name people.
accesslog = None
loglevel = "warning"
control_socket_disable = True
# The heartbeat file must never wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None


def pre_fork(server: Any, worker: Any) -> None:
    """No two processes may speak over one database connection: a worker opens its own."""
    from django.db import connections

    connections.close_all()
    # What the master has read stays to the end: no worker walks it, and its memory stays shared.
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Take the worker down with its master, so that the port is free at once."""
    die_with_parent(server.pid)
