"""Short Python commands, each forked from a process that has already read what they all begin with.

Reading the libraries and the web application is most of what such a command costs, and the tests of the server run a
hundred. The process has set the application up for nobody and forgets those settings: a command reads them from its own
environment when it first asks for one, as it would by itself (server/test_care_command_forks.py).
A site that one test starts branches off too (`start_python`); those that most tests share are started as anybody does.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from openpbm.care.server.die_with_parent import die_with_parent

__all__ = ["Branch", "run_python", "run_script", "start_python"]

_READ_BEFORE = (
    "cryptography.hazmat.primitives.ciphers.aead",
    "django.contrib.auth.hashers",
    "django.contrib.staticfiles.finders",
    "django.core.management.commands.migrate",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.db.models.sql.compiler",
    "django.middleware.csrf",
    "django.test.signals",
    "django.views.generic",
    "numpy",
    "openpbm.cli.commands",
    "openpbm.delivery",
    "openpbm.outcomes.decision",
    "openpbm.outcomes.measures",
    "openpbm.planning.what_if",
    "openpbm.report",
    "openpbm.single_case",
    "psycopg",
    "pydantic.main",
    "whitenoise.base",
)

_SETTINGS = "openpbm.care.settings"
#: Of the web application, once it is set up.
_READ_AFTER = (
    "openpbm.care.api.urls",
    "openpbm.care.backup.restore",
    "openpbm.care.server.new_tables",
    "openpbm.care.urls",
)


def run_python(
    script: str, words: tuple[str, ...], *, environment: dict[str, str], folder: Path, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """What `python -c script words` gives in that environment and folder."""
    with tempfile.TemporaryDirectory() as passing:
        out, err = Path(passing, "out"), Path(passing, "err")
        asked = {
            "script": script, "words": words, "environment": environment, "folder": str(folder),
            "out": str(out), "err": str(err), "timeout": timeout,
        }  # fmt: skip
        status = _reader().ask(asked)
        if status is None:
            raise subprocess.TimeoutExpired(list(words), timeout)
        return subprocess.CompletedProcess(list(words), status, out.read_text(), err.read_text())


def run_script(
    script: Path, *words: str, environment: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """What `python SCRIPT words` gives in that environment and folder."""
    run = f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')"
    return run_python(run, words, environment=environment, folder=folder)


class Branch:
    """A command that stays, with as much of `subprocess.Popen` as a site needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float) -> int:
        status = _reader().ask({"ends": self.pid, "timeout": timeout})
        if status is None:
            raise subprocess.TimeoutExpired(["branch"], timeout)
        return status


def start_python(
    script: str, words: tuple[str, ...], *, environment: dict[str, str], folder: Path, out: Path, err: Path
) -> Branch:
    """Start what `python -c script words` does in that environment and folder; it ends with the tests at the latest."""
    asked = {
        "script": script, "words": words, "environment": environment, "folder": str(folder), "out": str(out),
        "err": str(err), "timeout": None,
    }  # fmt: skip
    pid = _reader().ask(asked)
    assert pid is not None
    return Branch(pid)


class _Reader:
    """The process that has read them, and takes one command after the other; it answers by how each ended."""

    def __init__(self) -> None:
        ours = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: die_with_parent(ours),
        )  # fmt: skip
        self.one_at_a_time = threading.Lock()
        atexit.register(self.end)

    def ask(self, asked: dict[str, Any]) -> int | None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self.one_at_a_time:
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            status: int | None = json.loads(self.process.stdout.readline())
        return status

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


@cache
def _reader() -> _Reader:
    return _Reader()


def _read_and_fork() -> None:
    for name in _READ_BEFORE:
        import_module(name)
    _set_up_for_nobody()
    # Memory that no collector touches stays shared with each command.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        child = asked.get("ends") or os.fork()
        if child == 0:
            _become(asked)
        stays = asked["timeout"] is None
        print(json.dumps(child if stays else _end_of(child, asked["timeout"])), flush=True)


def _set_up_for_nobody() -> None:
    """Models and migrations are read as for any installation; the settings that this took are gone afterwards."""
    import django
    from django.conf import settings
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader
    from django.db.utils import ConnectionHandler
    from django.utils.functional import empty

    os.environ |= {"DJANGO_SETTINGS_MODULE": _SETTINGS, "OPENPBM_DATA_DIR": "there-is-none"}
    django.setup()
    MigrationLoader(None)
    for name in _READ_AFTER:
        import_module(name)
    settings._wrapped = empty
    del sys.modules[_SETTINGS]
    # Models ask a database how long its names may be, which opens none.
    vars(connections).clear()
    ConnectionHandler.__init__(connections)


def _end_of(child: int, timeout: float) -> int | None:
    """Its exit status; None when it had to be killed for taking too long."""
    late: list[int] = []

    def end(number: int, _: object) -> None:
        late.append(number)
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    _, status = os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return None if late else os.waitstatus_to_exitcode(status)


def _become(asked: dict[str, Any]) -> None:
    """Go on as the command itself; does not come back."""
    die_with_parent()
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    for descriptor, path in ((1, asked["out"]), (2, asked["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["openpbm", *asked["words"]]
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115
    status = _run(asked["script"])
    # It ends as Python ends but for what it has read, whose taking apart would cost more than most commands.
    atexit._run_exitfuncs()
    _close_databases()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _run(script: str) -> int:
    try:
        exec(compile(script, "<command>", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
            return 1
        return ended.code or 0
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _close_databases() -> None:
    from django.db import connections

    # Else none was opened, and to ask would read settings that may be what is wrong.
    if "settings" in vars(connections):
        connections.close_all()


if __name__ == "__main__":
    _read_and_fork()
