"""The worker: one process beside the web server that does long work, sends reminders and shows that it lives."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

__all__ = ["main"]


def main() -> int:
    """Run until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpbm.care.settings")
    import django

    django.setup()
    from openpbm.care.jobs.pulse import beat

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        beat(f"worker at {socket.gethostname()}")
        stop.wait(1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
