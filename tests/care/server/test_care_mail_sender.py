"""Mails went out from webmaster@localhost, which most mail servers refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from care.services import openpbm

from openpbm.care.mail import email_settings
from openpbm.errors import BadInput

SERVER = "smtps://user:hid%3Fden@mail.example.org"


@pytest.mark.parametrize(
    ("address", "sender", "shown"),
    [
        (f"{SERVER}?from=clinic@example.org", "", "clinic@example.org"),
        (f"{SERVER}?from=clinic+light@example.org", "other@example.org", "clinic+light@example.org"),
        (f"{SERVER}?from=Calf%20Clinic%20%3Cclinic@example.org%3E", "", "Calf Clinic <clinic@example.org>"),
        (SERVER, "clinic@example.org", "clinic@example.org"),
    ],
)
def test_mails_come_from_whom_is_named(address: str, sender: str, shown: str) -> None:
    found = email_settings(address, sender)
    assert found["DEFAULT_FROM_EMAIL"] == found["SERVER_EMAIL"] == shown
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"]) == ("mail.example.org", 465, True)
    assert found["EMAIL_HOST_PASSWORD"] == "hid?den"


@pytest.mark.parametrize(
    ("address", "sender", "said"),
    [
        (SERVER, "", "nobody whom mails come from"),
        (f"{SERVER}?from=", " ", "nobody whom mails come from"),
        (f"{SERVER}?from=clinic", "", "is no e-mail address"),
        (SERVER, "clinic@example.org\nBcc: x@example.org", "is no e-mail address"),
        (f"{SERVER}?form=clinic@example.org", "", "something else than from"),
        ("smtp://user:12?hid@mail.example.org?from=clinic@example.org", "", "something else than from"),
    ],
)
def test_a_server_without_a_sender_is_said(address: str, sender: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as found:
        email_settings(address, sender)
    assert "hid" not in str(found.value)


def test_the_site_does_not_start_without_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    said = openpbm("serve", "--port", 0, "--data-dir", data, data_dir=data, settings={"EMAIL_URL": SERVER})
    assert said.returncode == 2, said.stderr
    assert said.stderr.count("\n") == 1, said.stderr
    assert "OPENPBM_MAIL_FROM" in said.stderr
