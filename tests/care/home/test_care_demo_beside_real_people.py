"""`serve --demo` filled whatever folder it was given, a clinic of real people too."""

from __future__ import annotations

from pathlib import Path

import pytest
from care.conftest import House
from django.db import connection
from pytest_django import Settings

from openpbm.care.accounts.models import Clinic, User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.home.demo import make_demo
from openpbm.care.people.account.operator import open_clinic
from openpbm.care.people.models import Person
from openpbm.errors import BadInput


def test_a_real_clinic_gets_no_invented_people(house: House, tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path
    before = [model.objects.count() for model in (Person, User, Clinic, AuditEntry)]
    with pytest.raises(BadInput, match="holds real accounts") as refused:
        make_demo(tmp_path / "credentials.json")
    assert (str(tmp_path) if connection.vendor == "sqlite" else "DATABASE_URL") in str(refused.value)
    assert "--data-dir" in str(refused.value)
    assert [model.objects.count() for model in (Person, User, Clinic, AuditEntry)] == before
    assert not (tmp_path / "credentials.json").exists()


def test_a_clinic_nobody_came_to_yet_is_real_as_well(db: None) -> None:
    open_clinic(name="Calf Clinic", time_zone="UTC", administrator="ann")
    with pytest.raises(BadInput, match="holds real accounts"):
        make_demo()
    assert Clinic.objects.count() == 1
