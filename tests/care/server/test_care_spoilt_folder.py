"""A data folder with something wrong in it: one line and exit status 2, and nothing of it is written over."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from care.services import openpbm

from openpbm.care.encryption.keys import make_key, secret_key
from openpbm.care.server.data_folder import hold_data_folder
from openpbm.errors import BadInput


def _random_database(data: Path) -> Path:
    path = data / "openpbm.sqlite3"
    path.write_bytes(bytes(range(256)) * 40)
    return path


def _short_cookie_key(data: Path) -> Path:
    path = data / "keys" / "cookies.key"
    path.write_text("5a5a\n", encoding="ascii")
    return path


def _no_key_of_people(data: Path) -> Path:
    path = data / "keys" / "people.key"
    path.write_text("zz\n", encoding="ascii")
    return path


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_random_database, "the database cannot be used: file is not a database"),
        (_short_cookie_key, "has 4 characters, at least 32 are needed"),
        (_no_key_of_people, "is not a key file"),
    ],
)
def test_serve_refuses_in_one_line(spoil: Any, said: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "keys").mkdir(parents=True)
    path = spoil(data)
    before = path.read_bytes()
    done = openpbm("serve", "--port", 0, "--data-dir", data, data_dir=data)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert said in done.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"5a5a", b"\xff\xfe" * 40, "é".encode() * 40])
def test_a_cookie_key_that_signs_nothing_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cookies.key"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="remove it"):
        secret_key(path)


def test_a_cookie_key_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        secret_key(tmp_path)


def test_a_key_for_which_there_is_no_room_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder belongs", encoding="ascii")
    with pytest.raises(BadInput, match="cannot be written"):
        make_key(tmp_path / "keys" / "people.key")


def test_a_disk_too_full_for_our_number_does_not_stop_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with hold_data_folder(tmp_path, "serve"), pytest.raises(BadInput, match="is in use by"):
        hold_data_folder(tmp_path, "serve").__enter__()


def test_a_folder_that_takes_no_lock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "serve.lock").mkdir()
    with pytest.raises(BadInput, match="cannot be written"):
        hold_data_folder(tmp_path, "serve").__enter__()
