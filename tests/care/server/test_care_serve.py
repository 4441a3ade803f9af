"""`openpbm serve`: up by one command, refusing by one line, picking up what fell over."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from care.services import OPENPBM, Site, install, openpbm, served, site_environment
from present import present

from openpbm.care.server.listen import check_exposure, host_names
from openpbm.errors import BadInput


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def one_line(said: str) -> bool:
    return len(said.strip().splitlines()) == 1 and "Traceback" not in said


def test_it_comes_up_restarts_what_is_killed_and_refuses_a_second_server(site: Site) -> None:
    data = site.data_dir
    assert healthy(site.url)
    for name in ("openpbm.sqlite3", "keys/people.key", "keys/cookies.key", "keys/push.key"):
        if (data / name).exists():
            assert stat.S_IMODE((data / name).stat().st_mode) == 0o600, name
    master, worker = site.web_master, site.worker
    os.kill(present(master), signal.SIGKILL)
    os.kill(present(worker), signal.SIGKILL)
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and not (
        site.web_master not in (None, master) and site.worker not in (None, worker) and healthy(site.url)
    ):
        time.sleep(0.2)
    assert site.web_master not in (None, master)
    assert site.worker not in (None, worker)
    assert healthy(site.url)
    second = openpbm("serve", "--port", 0, "--data-dir", data, data_dir=data, database_url=site.database_url)
    assert second.returncode == 2
    assert one_line(second.stderr)
    assert "is in use by process" in second.stderr


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = openpbm("serve", "--port", port, "--data-dir", tmp_path / "data", data_dir=tmp_path / "data")
    assert said.returncode == 2
    assert one_line(said.stderr)
    assert f"port {port} of 127.0.0.1 cannot be had: address already in use" in said.stderr
    assert not (tmp_path / "data").exists()


def test_a_lost_key_file_is_said_and_none_is_made_in_its_place(tmp_path: Path) -> None:
    from care.kill_loop import MAKE_PEOPLE, in_site

    data = tmp_path / "data"
    install(data)
    in_site(Site("", data, None, None, None), MAKE_PEOPLE, "1")
    key = data / "keys" / "people.key"
    kept = key.read_text()
    key.unlink()
    said = openpbm("serve", "--port", 0, "--data-dir", data, data_dir=data)
    assert said.returncode == 2
    assert one_line(said.stderr)
    assert "key file cannot be read" in said.stderr
    assert not key.exists()
    key.write_text("ab" * 32 + "\n")
    said = openpbm("serve", "--port", 0, "--data-dir", data, data_dir=data)
    assert said.returncode == 2
    assert "is not the one this was sealed with" in said.stderr
    key.write_text(kept)
    with served(data, program=None) as site:  # what was made before stays, and is not made a second time
        assert healthy(site.url)


def test_a_database_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:9/nothing"
    # The program itself; other refusals branch off one that has read it.
    said = subprocess.run(
        [OPENPBM, "serve", "--port", "0", "--data-dir", str(tmp_path / "data")], capture_output=True, text=True,
        timeout=60, env=site_environment(tmp_path / "data", url), cwd=tmp_path,
    )  # fmt: skip
    assert said.returncode == 2
    assert one_line(said.stderr), said.stderr
    assert "the database cannot be used" in said.stderr


@pytest.mark.parametrize(
    ("host", "options", "said"),
    [
        ("0.0.0.0", {}, "plain http shows health data"),
        ("192.0.2.7", {}, "plain http shows health data"),
        ("example.org", {}, "plain http shows health data"),
        ("0.0.0.0", {"insecure_http": True}, "--allowed-host NAME"),
        ("127.0.0.1", {"behind_https": True}, "--allowed-host NAME"),
        ("127.0.0.1", {"behind_https": True, "insecure_http": True}, "exclude each other"),
    ],
)
def test_plain_http_off_this_machine_is_refused(host: str, options: dict[str, Any], said: str) -> None:
    wishes: dict[str, Any] = {"behind_https": False, "insecure_http": False, "names": ()} | options
    with pytest.raises(BadInput, match=said):
        check_exposure(host, **wishes)


@pytest.mark.parametrize(
    ("host", "options"),
    [
        ("127.0.0.1", {}),
        ("127.1.2.3", {}),
        ("localhost", {}),
        ("::1", {}),
        ("192.0.2.7", {"insecure_http": True}),
        ("0.0.0.0", {"insecure_http": True, "names": ("light.example",)}),
        ("0.0.0.0", {"behind_https": True, "names": ("light.example",)}),
    ],
)
def test_this_machine_alone_or_https_in_front_or_told_so_is_served(host: str, options: dict[str, Any]) -> None:
    plain: dict[str, Any] = {"behind_https": False, "insecure_http": False, "names": ()}
    check_exposure(host, **plain | options)


def test_the_site_answers_to_the_names_it_was_given_and_to_this_machine() -> None:
    assert host_names("0.0.0.0", ["light.example"]) == "light.example,localhost,127.0.0.1,[::1]"
    assert host_names("::1", []) == "[::1],localhost,127.0.0.1"
