"""The whole of `openpbm serve`, in the order it happens."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
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
            status = _prepare(wishes)
            if status != 0:
                return status
            # After the settings were read once: what is wrong with them is said in a line there.
            os.environ["OPENPBM_STATIC"] = collected_static()
            return _run(opened.fileno(), address, folder)


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
    """Migrations and demo in a process of their own: the one that watches the others stays small."""
    command = [sys.executable, "-m", "openpbm.care.server.prepare"]
    if wishes.demo:
        command.append("--demo")
        if wishes.credentials is not None:
            command += ["--credentials", str(wishes.credentials.resolve())]
    return subprocess.run(command, stdin=subprocess.DEVNULL).returncode


def _run(listening: int, address: Address, folder: Path) -> int:
    gunicorn = ["-m", "gunicorn", "-c", "python:openpbm.care.server.gunicorn_config", "--bind", f"fd://{listening}"]
    supervisor = Supervisor(
        children=[
            Child("web server", [sys.executable, *gunicorn], pass_fds=(listening,)),
            Child("worker", [sys.executable, "-m", "openpbm.care.jobs.worker"]),
        ]
    )
    announcement = _Announcement(address, folder, supervisor)
    supervisor.listen_to_signals()
    supervisor.run(announcement.look)
    return 0 if announcement.made else 1


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
