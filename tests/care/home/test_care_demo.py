"""The demo clinic: there once, whatever is asked twice, with everybody the documentation promises."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from care.conftest import account_of
from django.contrib.auth import authenticate
from django.utils import timezone
from present import present

from openpbm.care.accounts.models import User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.audit.verify import verify
from openpbm.care.checkpoints.due import judge_what_is_due
from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import output_state
from openpbm.care.home.demo import make_demo
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.lifestyle import habits_of
from openpbm.care.people.models import HelperGrant, Person
from openpbm.care.plans.selectors import open_holds, released_plan
from openpbm.care.scales.programme import programme_of
from openpbm.care.screening.selectors import newest_screening
from openpbm.errors import BadInput

pytestmark = pytest.mark.django_db


def test_a_file_that_is_no_credentials_file_stops_it_before_anything_is_made(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(BadInput, match="no credentials file"):
        make_demo(path)
    assert not User.objects.exists()
    assert path.read_text(encoding="utf-8") == "[]"


def test_the_demo_clinic_is_all_there_and_there_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "credentials.json"
    make_demo(path)
    said = capsys.readouterr()
    assert said.out == ""  # the first line of the output is where the site is
    assert "a plan for Ada" in said.err
    assert said.err.splitlines()[-1].endswith(f"passwords are in {path}")
    written = path.read_text(encoding="utf-8")
    entries = {row["username"]: row for row in json.loads(written)["users"]}
    people = {account_of(person).username: person for person in Person.objects.select_related("user", "key", "clinic")}
    _accounts_open(path, entries)
    _everybody_is_there(people)
    links = AuditEntry.objects.count()
    make_demo(path)
    assert path.read_text(encoding="utf-8") == written
    assert (Person.objects.count(), AuditEntry.objects.count()) == (len(people), links)
    assert not list(verify().faults)
    _happened_when_it_is_said_to_have_happened(people["demo.ada"])
    judge_what_is_due(timezone.now())
    reminded = {tuple(row.key.split(":")[1:3]) for row in Reminder.objects.filter(kind="checkpoint")}
    decided = {(str(one.checkpoint.plan_id), str(one.checkpoint.week)) for one in CheckpointDecision.objects.all()}
    assert decided
    assert not reminded & decided


def _happened_when_it_is_said_to_have_happened(ada: Person) -> None:
    moments = list(AuditEntry.objects.order_by("number").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= timezone.now()
    plan = released_plan(ada)
    assert plan is not None
    first_day = plan.followed.start_date
    assert plan.release.created_at.astimezone(ada.zone).date() < first_day
    for record in ada.session_records.all():
        assert record.created_at.astimezone(ada.zone).date() == record.date
        assert not record.back_dated
    for decision in CheckpointDecision.objects.filter(checkpoint__person=ada):
        day = plan.followed.checkpoint_days[decision.checkpoint.week]
        assert decision.created_at.astimezone(ada.zone).date() == day + dt.timedelta(days=1)


def _accounts_open(path: Path, entries: Any) -> None:
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


def _everybody_is_there(people: Any) -> None:
    assert all("Demo" in person.shown_name() for person in people.values())
    plans = {name: released_plan(person) for name, person in people.items()}
    programmes = {programme_of(people[name], plan.followed) for name, plan in plans.items() if plan}
    assert programmes == {"rls", "neuropathic_pain", "neuropathy", "muscle_spasm"}
    verdicts = {
        name: present(newest_screening(people[f"demo.{name}"])).verdict for name in ("dan", "finn", "hugo", "kim")
    }
    assert verdicts == {"dan": "refer", "finn": "allowed", "hugo": "allowed", "kim": "refused"}
    assert present(newest_screening(people["demo.eva"])).verdict == "refer"
    _before_and_after_a_course(people)
    judged = {name: _last_judgement(people[f"demo.{name}"]) for name in ("ada", "ben")}
    assert judged["ada"]["decision"] == "maintain"
    assert judged["ben"]["decision"] == "stop"
    assert [bool(open_holds(people[f"demo.{name}"])) for name in ("ada", "cleo")] == [False, True]
    assert people["demo.hugo"].self_managed
    assert HelperGrant.objects.get().person == people["demo.ada"]
    today = people["demo.ada"].today()
    states = {lamp.name: output_state(lamp, today).status for lamp in Lamp.objects.all()}
    assert set(states.values()) == {"claimed", "measured", "expired"}


def _before_and_after_a_course(people: Any) -> None:
    """A baseline under way, a whole-body lamp, a course that keeps up what the first reached, and a relapse."""
    ned, mia, ola, pia = (people[f"demo.{name}"] for name in ("ned", "mia", "ola", "pia"))
    began = ned.diary.order_by("date").first().date
    course = present(newest_screening(ned)).case["course"]
    assert dt.date.fromisoformat(course["start_date"]) == began + dt.timedelta(days=14) > ned.today()
    assert released_plan(ned) is None
    assert len(habits_of(ned)) == 6
    assert present(released_plan(mia)).followed.lamp.kind == "whole_body"
    assert mia.spasms.count() == 3
    first, second = (row.followed.schedule for row in ola.plans.order_by("version"))
    assert (second.sessions_per_week, first.sessions_per_week > 1) == (1, True)
    weeks = {(row.week, row.judgement["decision"]) for row in Checkpoint.objects.filter(person=ola)}
    assert (6, "maintain") in weeks
    assert Checkpoint.objects.get(person=pia, week=10).lasting == "relapse"


def _last_judgement(person: Person) -> Any:
    return Checkpoint.objects.filter(person=person, week=6).get().judgement
