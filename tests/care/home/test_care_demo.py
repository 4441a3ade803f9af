"""The demo clinic: there once, whatever is asked twice, with everybody the documentation promises."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate

from openpbm.care.checkpoints.models import Checkpoint
from openpbm.care.devices.current import output_state
from openpbm.care.devices.models import Lamp
from openpbm.care.home.demo import make_demo
from openpbm.care.people.models import HelperGrant, Person
from openpbm.care.plans.current import open_holds, released_plan
from openpbm.care.scales.programme import programme_of
from openpbm.care.screening.current import newest_screening
from openpbm.care.trust.models import AuditEntry, User
from openpbm.care.trust.verify import verify
from openpbm.errors import BadInput

pytestmark = pytest.mark.django_db


def test_a_file_that_is_no_credentials_file_stops_it_before_anything_is_made(tmp_path: Path):
    path = tmp_path / "users.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(BadInput, match="no credentials file"):
        make_demo(path)
    assert not User.objects.exists()
    assert path.read_text(encoding="utf-8") == "[]"


def test_the_demo_clinic_is_all_there_and_there_once(tmp_path: Path, settings):
    settings.LIGHT_DIR = tmp_path / "light"
    path = tmp_path / "credentials.json"
    make_demo(path)
    written = path.read_text(encoding="utf-8")
    entries = {row["username"]: row for row in json.loads(written)["users"]}
    people = {person.user.username: person for person in Person.objects.select_related("user", "key", "clinic")}
    _accounts_open(path, entries)
    _everybody_is_there(people)
    links = AuditEntry.objects.count()
    make_demo(path)
    assert path.read_text(encoding="utf-8") == written
    assert (Person.objects.count(), AuditEntry.objects.count()) == (len(people), links)
    assert not list(verify().faults)


def _accounts_open(path: Path, entries) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    roles = {row["role"] for row in entries.values()}
    assert roles == {
        "clinician", "auditor", "admin", "other_clinician", "patient", "self_managed", "helper", "other_patient"
    }  # fmt: skip
    for row in entries.values():
        user = authenticate(username=row["username"], password=row["password"])
        assert user is not None
        has_second = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
        assert has_second is bool(row["totp_secret"]) is user.is_member
    assert len({row["password"] for row in entries.values()}) == len(entries)


def _everybody_is_there(people) -> None:
    assert all("Demo" in person.shown_name() for person in people.values())
    plans = {name: released_plan(person) for name, person in people.items()}
    programmes = {programme_of(people[name], plan.to_core()) for name, plan in plans.items() if plan}
    assert programmes == {"rls", "neuropathic_pain", "neuropathy", "muscle_spasm"}
    verdicts = {name: newest_screening(people[f"demo.{name}"]).verdict for name in ("dan", "eva", "finn", "hugo")}
    assert verdicts == {"dan": "refer", "eva": "refer", "finn": "allowed", "hugo": "allowed"}
    judged = {name: _last_judgement(people[f"demo.{name}"]) for name in ("ada", "ben")}
    assert judged["ada"]["decision"] == "maintain"
    assert judged["ben"]["decision"] == "stop"
    assert [bool(open_holds(people[f"demo.{name}"])) for name in ("ada", "cleo")] == [False, True]
    assert people["demo.hugo"].self_managed
    assert HelperGrant.objects.get().person == people["demo.ada"]
    today = people["demo.ada"].today()
    states = {lamp.name: output_state(lamp, today).status for lamp in Lamp.objects.all()}
    assert set(states.values()) == {"claimed", "measured", "expired"}


def _last_judgement(person: Person):
    return Checkpoint.objects.filter(person=person, week=6).get().judgement
