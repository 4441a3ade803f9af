"""kill -9 under writers, short; `benchmarks/care_kill.py` is the long one. Nothing confirmed is lost or doubled."""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
from care.kill_loop import kill_run
from care.services import Site, install, is_alive, served


def test_kills_under_twelve_writers_lose_and_double_nothing(site: Site) -> None:
    outcome = kill_run(site, duration_s=6, kills=4, again=5)
    assert outcome.faults() == [], outcome
    assert outcome.kills == ["web processes", "worker", "web master", "one web process"]


def bindable(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
        return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_port_is_free_and_nothing_runs_on_once_the_supervisor_has_gone(tmp_path: Path, number: int) -> None:
    install(tmp_path / "data")
    with served(tmp_path / "data", program=None) as site:
        deadline = time.monotonic() + 20.0
        while len(site.processes()) < 5 and time.monotonic() < deadline:  # it answers before all of it is there
            time.sleep(0.05)
        others = [pid for pid in site.processes() if pid != site.supervisor]
        assert len(others) >= 4
        assert holders(tmp_path / "data" / "serve.lock", site.processes()) == [site.supervisor]
        os.kill(site.supervisor, number)
        within_s = 3.0 if number == signal.SIGKILL else 15.0
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline and not (bindable(site.port) and not any(map(is_alive, others))):
            time.sleep(0.05)
        assert bindable(site.port)
        assert not [pid for pid in others if is_alive(pid)]
    # Told to stop, it leaves all of the database in its file.
    assert number == signal.SIGKILL or not list((tmp_path / "data").glob("*-wal"))


def holders(path: Path, pids: list[int]) -> list[int]:
    """Which of the processes have the file open."""
    found = []
    for pid in pids:
        for opened in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # it was closed meanwhile
                found += [pid] * (os.readlink(opened) == str(path))
    return found
