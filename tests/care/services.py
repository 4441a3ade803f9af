"""What tests and benchmarks need beside Python: Chromium, a PostgreSQL server of their own, and the served site."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from care.command_forks import Branch, run_python, start_python

from openpbm.care.encryption.keys import KeyRing, key_ring, make_key, replace_ring
from openpbm.care.encryption.sealing import signing_key_of
from openpbm.care.server.die_with_parent import die_with_parent

REPOSITORY = Path(__file__).parents[2]


#: Settings of a server whose tables live for minutes: nothing to clean up behind, to compile for, or to hand on.
_PASSING = {
    "fsync": "off", "full_page_writes": "off", "autovacuum": "off", "jit": "off", "wal_level": "minimal",
    "max_wal_senders": 0,
}  # fmt: skip
#: How a database is copied: file by file takes a fifth of the time of page by page, where nothing waits for the disk.
_AS_FILES = "STRATEGY FILE_COPY"


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """A server in a passing folder; gives the DATABASE_URL of an empty database, `new_database` makes more.

    durable : it waits for the disk as it usually does, for benchmarks; no test pulls the plug, so none waits
    """
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="openpbm-postgresql-"))
    as_whom: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    if as_whom:
        shutil.chown(folder, "postgres", "postgres")
    port = _free_port()
    data, log = folder / "data", folder / "log"
    initdb: list[str | Path] = [
        programs / "initdb", "-D", data, "-U", "openpbm", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
    ]  # fmt: skip
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_whom)
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 150,
        **({} if durable else _PASSING),
    }  # fmt: skip
    command: list[str | Path] = [
        programs / "postgres",
        "-D",
        data,
        *(word for key, value in settings.items() for word in ("-c", f"{key}={value}")),
    ]
    ours = os.getpid()
    with open(log, "wb") as said:
        server = subprocess.Popen(
            command, stdout=said, stderr=said, cwd=folder, preexec_fn=lambda: die_with_parent(ours), **as_whom
        )
    try:
        url = f"postgresql://openpbm@127.0.0.1:{port}/postgres"
        _until_it_answers(url, server, log)
        yield new_database(url)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def postgres_programs() -> Path:
    """Where Debian puts the server's programs; `scripts/test-services` installs them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("postgres")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise RuntimeError("no PostgreSQL server is installed; run scripts/test-services first")


def chromium() -> str:
    """Debian's Chromium; its headless shell first, which draws the same pages at less than half the processor time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise RuntimeError("no Chromium is installed; run scripts/test-services first")
    return found


def new_database(url: str) -> str:
    """The address of a fresh, empty database on the same server."""
    name = f"test_{time.time_ns()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" {_AS_FILES}')
    return f"{url.rpartition('/')[0]}/{name}"


def _until_it_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL does not come up: {log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def site_environment(data_dir: Path, database_url: str | None) -> dict[str, str]:
    """The environment in which commands of one installation run."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("OPENPBM_", "DATABASE_", "DJANGO_"))}
    ours["OPENPBM_DATA_DIR"] = str(data_dir)
    return ours | ({"DATABASE_URL": database_url} if database_url else {})


def openpbm(
    *words: object,
    data_dir: Path,
    database_url: str | None = None,
    settings: dict[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run one command of openpbm on that installation."""
    return run_python(
        "from openpbm.cli import main; main()", tuple(map(str, words)),
        environment=site_environment(data_dir, database_url) | (settings or {}), folder=data_dir.parent,
        timeout=timeout,
    )  # fmt: skip


OPENPBM = str(Path(sys.executable).with_name("openpbm"))


def install(data_dir: Path, database_url: str | None = None) -> dict[str, str]:
    """An installation with nobody in it, as the first `serve` leaves it; gives the environment of its commands.

    Its tables are made once on each database and then copied: most tests want them, and few want to see them made.
    """
    server, _, name = (database_url or "").rpartition("/")
    made, template = _installed(server or None)
    shutil.copytree(made, data_dir, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.key"))
    for key in ("cookies.key", "people.key"):  # two installations have no key in common
        make_key(data_dir / "keys" / key)
    # What was noted of the audit at the first start stays signed, as after a rotation.
    key_file, first = data_dir / "keys" / "people.key", key_ring(made / "keys" / "people.key")
    replace_ring(key_file, KeyRing(key_ring(key_file).current, (), (signing_key_of(first.current),)))
    if template is not None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}"')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {_AS_FILES}')
    return _settings_of(data_dir, database_url)


@cache
def _installed(server: str | None) -> tuple[Path, str | None]:
    """The folder and, on a PostgreSQL server, the name of the database of an installation that nobody uses."""
    folder = Path(tempfile.mkdtemp(prefix="openpbm-installed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = new_database(f"{server}/postgres") if server else None
    _prepare(folder, url)
    return folder, url and url.rpartition("/")[2]


def _prepare(data_dir: Path, database_url: str | None) -> None:
    make_key(data_dir / "keys" / "cookies.key")
    run = "import runpy; runpy.run_module('openpbm.care.server.prepare', run_name='__main__')"
    run_python(run, (), environment=_settings_of(data_dir, database_url), folder=data_dir).check_returncode()


def _settings_of(data_dir: Path, database_url: str | None) -> dict[str, str]:
    ours = {
        "DJANGO_SETTINGS_MODULE": "openpbm.care.settings",
        "OPENPBM_SECRET_FILE": str(data_dir / "keys" / "cookies.key"),
    }
    return site_environment(data_dir, database_url) | ours


@dataclass
class Site:
    """The site while it is served."""

    url: str
    data_dir: Path
    database_url: str | None
    credentials: Path | None
    process: subprocess.Popen[bytes] | Branch | None

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    @property
    def supervisor(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def web_master(self) -> int | None:
        return next((pid for pid in children_of(self.supervisor) if name_of(pid) == "openpbm-web"), None)

    @property
    def web_workers(self) -> list[int]:
        master = self.web_master
        return children_of(master) if master else []

    @property
    def worker(self) -> int | None:
        return next((pid for pid in children_of(self.supervisor) if name_of(pid) == "openpbm-worker"), None)

    def processes(self) -> list[int]:
        """Every process of the site that is there now."""
        return [pid for pid in (self.supervisor, self.web_master, *self.web_workers, self.worker) if pid]


@contextmanager
def served(
    data_dir: Path,
    database_url: str | None = None,
    *,
    demo: bool = False,
    within_s: float = 180,
    extra: tuple[str, ...] = (),
    settings: dict[str, str] | None = None,
    program: tuple[str, ...] | None = (OPENPBM,),
) -> Iterator[Site]:
    """`openpbm serve` on a free port, up and healthy, with further settings in its environment; stopped at the end.

    program : what is started, None for a branch of the process that has read the site (`care.command_forks`)
    """
    credentials = data_dir.parent / f"{data_dir.name}-credentials.json" if demo else None
    words = ["serve", "--port", "0", "--data-dir", str(data_dir), *extra]
    if credentials is not None:
        words += ["--demo", "--credentials", str(credentials)]
    environment = site_environment(data_dir, database_url) | (settings or {})
    process, said = _started(program, words, environment, data_dir)
    try:
        url = _announced(process, said, within_s)
        yield Site(url, data_dir, database_url, credentials, process)
    finally:
        process.terminate()
        process.wait(30)


def _started(
    program: tuple[str, ...] | None, words: list[str], environment: dict[str, str], data_dir: Path
) -> tuple[subprocess.Popen[bytes] | Branch, tuple[Path, Path]]:
    """The process, and where its output and its errors go."""
    out, err = (data_dir.parent / f"{data_dir.name}-serve.{name}" for name in ("out", "log"))
    out.unlink(missing_ok=True)
    if program is None:
        script = "from openpbm.cli import main; main()"
        folder = data_dir.parent
        return start_python(script, tuple(words), environment=environment, folder=folder, out=out, err=err), (out, err)
    ours = os.getpid()
    with open(out, "wb") as output, open(err, "ab") as errors:
        process = subprocess.Popen(
            [*program, *words], env=environment, stdout=output, stderr=errors, preexec_fn=lambda: die_with_parent(ours)
        )
    return process, (out, err)


def _announced(process: subprocess.Popen[bytes] | Branch, said: tuple[Path, Path], within_s: float) -> str:
    out, err = said
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and is_alive(process.pid):
        found = out.exists() and re.search(r"^OpenPBM is at (http://\S+) .*\n", out.read_text(), re.MULTILINE)
        if found:
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"openpbm serve does not come up: {err.read_text(errors='replace')[-3000:]}")


def is_alive(pid: int) -> bool:
    """Whether the process runs, and has not only not been waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children_of(parent: int) -> list[int]:
    """The processes that one started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(after_name[1]) == parent and after_name[0] != "Z":
            found.append(int(path.parent.name))
    return sorted(found)


def name_of(pid: int) -> str:
    """The name of a process, "" once it has ended."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").rstrip("\n")
    except OSError:
        return ""
