"""Addresses of the database and of the mail server that were mistyped: one line that repeats no password."""

from __future__ import annotations

from pathlib import Path

import pytest
from care.services import openpbm

from openpbm.care.database import database_settings
from openpbm.care.mail import email_settings
from openpbm.errors import BadInput

MISTYPED = [
    "{}://user@host:port/name",
    "{}://user@host:99999/name",
    "{}://user@[::1/name",
    "{}://user:hid/den@host:25/name",
]


@pytest.mark.parametrize("address", MISTYPED)
def test_an_address_that_cannot_be_read_is_said_without_its_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="DATABASE_URL: cannot be read") as of_database:
        database_settings(address.format("postgresql"), tmp_path)
    with pytest.raises(BadInput, match="EMAIL_URL: cannot be read") as of_mail:
        email_settings(address.format("smtp"))
    assert "hid" not in str(of_database.value) + str(of_mail.value)


def test_a_password_with_special_characters_arrives_whole(tmp_path: Path) -> None:
    found = database_settings("postgresql://user:a%2Fb%23@[::1]:5433/name", tmp_path)
    assert (found["PASSWORD"], found["HOST"], found["PORT"]) == ("a/b#", "::1", "5433")


@pytest.mark.parametrize("address", ["postgresql://user@host:port/name", "sqlite:///no/such/folder/x.sqlite3"])
@pytest.mark.parametrize("command", [["audit", "verify"], ["backup", "copy.tar.gz"], ["serve", "--port", "0"]])
def test_every_command_says_it_in_one_line(command: list[str], address: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    said = openpbm(*command, "--data-dir", data, data_dir=data, database_url=address)
    assert said.returncode == 2, said.stderr
    assert said.stderr.count("\n") == 1, said.stderr
    assert not list(tmp_path.glob("copy*"))


def test_a_plan_quality_that_is_none_is_said_at_the_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    words = ("serve", "--port", 0, "--data-dir", data)
    said = openpbm(*words, data_dir=data, settings={"OPENPBM_PLAN_QUALITY": "qick"})
    assert said.returncode == 2, said.stderr
    assert said.stderr.count("\n") == 1, said.stderr
    assert 'OPENPBM_PLAN_QUALITY = "qick": use standard or quick' in said.stderr
