"""The whole of `openpbm serve`, in the order it happens."""

from __future__ import annotations

import gc
import http.client
import os
import runpy
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from openpbm.care.encryption.keys import make_key
from openpbm.care.server.data_folder import hold_data_folder, make_data_folder
from openpbm.care.server.listen import Address, check_exposure, host_names, listen
from openpbm.care.server.static_files import collected_static
from openpbm.care.server.supervise import Child, Supervisor
from openpbm.errors import BadInput, Problem

__all__ = ["Wishes", "environment_of", "serve"]

_UP_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for on the command line."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    credentials: Path | None = None
    behind_https: bool = False
    insecure_http: bool = False
    allowed_hosts: tuple[str, ...] = ()


def serve(wishes: Wishes) -> int:
    """Serve until told to stop; returns the exit status."""
    names = (*wishes.allowed_hosts, *filter(None, os.environ.get("OPENPBM_HOSTS", "").split(",")))
    check_exposure(wishes.host, behind_https=wishes.behind_https, insecure_http=wishes.insecure_http, names=names)
    # Whatever is written from here on is its owner's alone.
    os.umask(0o077)
    opened, address = listen(wishes.host, wishes.port)
    with opened:
        folder = make_data_folder(wishes.data_dir)
        with hold_data_folder(folder, "serve"):
            os.environ.update(environment_of(folder))
            os.environ["OPENPBM_HOSTS"] = host_names(wishes.host, names)
            if wishes.behind_https:
                os.environ["OPENPBM_HTTPS"] = "1"
            for name in ("OPENPBM_SECRET_FILE", "OPENPBM_PUSH_KEY_FILE"):
                make_key(Path(os.environ[name]))
            _read_application()
            status = _prepare(wishes)
            return _run(opened.fileno(), address, folder) if status == 0 else status


def _read_application() -> None:
    """Read once what web server, worker and preparation all need: they branch off this process.

    Reading opens no database, and Python starts no thread by it: a branch could use neither.
    """
    # What is wrong with the settings is said in a line here, before anything is made by them.
    runpy.run_module(os.environ["DJANGO_SETTINGS_MODULE"])
    os.environ["OPENPBM_STATIC"] = collected_static()
    import django

    django.setup()
    # What was read stays to the end: no branch walks it, and its memory stays shared.
    gc.freeze()


def environment_of(folder: Path) -> dict[str, str]:
    """What the settings read, for this data folder; a key file named elsewhere stays where it is."""
    keys = folder / "keys"
    return {
        "OPENPBM_DATA_DIR": str(folder),
        "OPENPBM_SECRET_FILE": os.environ.get("OPENPBM_SECRET_FILE") or str(keys / "cookies.key"),
        "OPENPBM_PUSH_KEY_FILE": os.environ.get("OPENPBM_PUSH_KEY_FILE") or str(keys / "push.key"),
        "OPENPBM_KEY_FILE": os.environ.get("OPENPBM_KEY_FILE") or str(keys / "people.key"),
        "DJANGO_SETTINGS_MODULE": "openpbm.care.settings",
    }


def _prepare(wishes: Wishes) -> int:
    """Migrations and demo in a process of their own: what they read and open goes with it."""
    from openpbm.care.server.branch_off import branch_off

    words = []
    if wishes.demo:
        words.append("--demo")
        if wishes.credentials is not None:
            words += ["--credentials", str(wishes.credentials.resolve())]
    preparing = branch_off("openpbm-prepare", "openpbm.care.server.prepare", words)
    preparing.join()
    return preparing.exitcode or 0


def _run(listening: int, address: Address, folder: Path) -> int:
    # With every page's code, so that a web server that died has a successor at once.
    from openpbm.care import wsgi as _wsgi  # noqa: F401
    from openpbm.care.server.branch_off import branch_off

    gc.freeze()
    gunicorn = ("-c", "python:openpbm.care.server.gunicorn_config", "--bind", f"fd://{listening}")
    supervisor = Supervisor(
        children=[
            Child("web server", lambda: branch_off("openpbm-web", "gunicorn", gunicorn, keep=listening)),
            Child("worker", lambda: branch_off("openpbm-worker", "openpbm.care.jobs.worker")),
        ]
    )
    announcement = _Announcement(address, folder, supervisor)
    supervisor.listen_to_signals()
    supervisor.run(announcement.look)
    _close_database()
    return 0 if announcement.made else 1


def _close_database() -> None:
    """Whoever closes SQLite last folds its log into the database: we do, since a branch may end with its own open."""
    from django.db import DatabaseError, connection

    # Where that cannot be done the log stays beside it, and is as good.
    with suppress(DatabaseError):
        if connection.vendor == "sqlite":
            connection.ensure_connection()
    connection.close()


@dataclass
class _Announcement:
    """Says where the site is, once it answers."""

    address: Address
    folder: Path
    supervisor: Supervisor
    made: bool = False
    began: float = 0.0

    def look(self) -> None:
        if self.made:
            return
        now = time.monotonic()
        self.began = self.began or now
        if _healthy(self.address):
            self.made = True
            # One line and nothing before it: scripts wait for it.
            print(f"OpenPBM is at {self.address.url} (data in {self.folder})", flush=True)
        elif now - self.began > _UP_WITHIN_S or any(child.starts > 4 for child in self.supervisor.children):
            print("openpbm: the site does not come up; what stands above says why", file=sys.stderr, flush=True)
            self.supervisor.stopping = True


def _healthy(address: Address) -> bool:
    host = address.url.removeprefix("http://").rsplit(":", 1)[0].strip("[]")
    asked = http.client.HTTPConnection(host, address.port, timeout=2)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def check_installed() -> None:
    """BadInput when the packages of the web application are not there."""
    from importlib.util import find_spec

    missing = [name for name in ("django", "allauth", "ninja", "gunicorn", "whitenoise") if find_spec(name) is None]
    if missing:
        raise BadInput(
            Problem(
                key="openpbm",
                message=f"the web application needs {', '.join(missing)}",
                remedy="install it with: pip install 'openpbm[care]'",
            )
        )
