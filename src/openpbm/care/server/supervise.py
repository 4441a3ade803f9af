"""Keeping web server and worker running: one that ends is started again; both stop with us, however we end."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from types import FrameType

__all__ = ["Child", "Supervisor"]

_LOOK_EVERY_S = 0.1
_SHORT_LIFE_S = 10.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 5.0
_STOP_WITHIN_S = 12.0


@dataclass
class Child:
    """One process to keep running.

    begin : starts it
    wait_s : how long it rests before the next start; doubled after a short life
    """

    name: str
    begin: Callable[[], BaseProcess]
    process: BaseProcess | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    wait_s: float = _FIRST_WAIT_S
    starts: int = 0

    def start(self, now: float) -> None:
        """Start it."""
        self.process = self.begin()
        self.started_at, self.starts = now, self.starts + 1

    def look(self, now: float) -> None:
        """Start it when it is not running and has rested long enough."""
        if self.process is None:
            if now >= self.start_after:
                self.start(now)
            return
        status = self.process.exitcode
        if status is None:
            return
        short = now - self.started_at < _SHORT_LIFE_S
        self.wait_s = min(self.wait_s * 2, _LONGEST_WAIT_S) if short else _FIRST_WAIT_S
        print(
            f"openpbm: the {self.name} ended ({_how(status)}); started again in {self.wait_s:.1f} s",
            file=sys.stderr,
            flush=True,
        )
        self.process, self.start_after = None, now + self.wait_s


@dataclass
class Supervisor:
    """The children and the wish to stop."""

    children: list[Child]
    stopping: bool = field(default=False)

    def listen_to_signals(self) -> None:
        """SIGTERM and SIGINT ask for the stop; the loop then carries it out."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def run(self, each_look: Callable[[], None]) -> None:
        """Keep the children running until the stop; `each_look` is called each time."""
        try:
            while not self.stopping:
                for child in self.children:
                    child.look(time.monotonic())
                each_look()
                time.sleep(_LOOK_EVERY_S)
        finally:
            self._stop()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + _STOP_WITHIN_S
        for process in running:
            process.join(max(0.1, deadline - time.monotonic()))
            if process.exitcode is None:
                process.kill()
                process.join()


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
