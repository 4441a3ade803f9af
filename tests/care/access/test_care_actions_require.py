"""Every action, called by somebody with no relation to the person: refused before anything is written.

An action is found by itself, so that a new one without a check fails here.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from care.conftest import House, account_of
from care.plans.planned_people import lamp_of
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import openpbm.care
from openpbm.care.checkpoints.models import AuthorsPart, Checkpoint
from openpbm.care.events.models import AdverseEvent
from openpbm.care.jobs.actions import mark
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import require_unless_system
from openpbm.care.people.models import Appointment, HelperGrant
from openpbm.care.plans.models import Hold, PlanRow
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.sessions.models import SessionRecord, SessionStart

#: Public functions beside the actions that ask nobody, each with the reason.
_EXEMPT = {
    "accounts.staff.new_member_account": "makes an account that belongs to nothing; a console makes the first one",
    "checkpoints.actions.decisions": "a list of words",
    "checkpoints.actions.end_calendar_with_help": "hears of a withdrawal that record_consent let through",
    "checkpoints.actions.judge_payload": "writes nothing",
    "checkpoints.actions.light_is_cause": "reads; its callers asked",
    "checkpoints.actions.parse_dates": "writes nothing",
    "checkpoints.actions.weeks_due": "reads; its callers asked",
    "checkpoints.actions.lacks_reason": "writes nothing",
    "devices.actions.must_be_theirs": "is the check of a lamp itself",
    "n_of_1.actions.keepers_of": "reads; its callers asked",
    "n_of_1.actions.request_for": "writes nothing",
    "jobs.actions.remind": "nobody acts: the system reminds somebody",
    "jobs.actions.remind_all": "nobody acts: the system reminds",
    "plans.actions.make_plan.ask_a_clinician": "writes nothing",
    "plans.actions.hold_sessions.hold_on_withdrawal": "hears of a withdrawal that record_consent let through",
    "plans.actions.hold_sessions.needs_agreement": "writes nothing",
    "plans.actions.make_plan.overrides_of": "writes nothing",
    "devices.actions.audit_subject": "writes nothing",
    "plans.actions.release_plan.begins_early": "writes nothing",
    "plans.actions.release_plan.must_sign": "is the check of the signature itself",
    "plans.actions.release_plan.release_problems": "writes nothing",
    "people.actions.erase.erasure_now": "reads; its callers asked",
    "people.actions.erase.may_ask": "writes nothing",
    "people.actions.intake.check_answers": "writes nothing",
    "people.actions.register.sign_up_self": "the account acts for itself, and nobody else is named",
    "scales.actions.check_day": "writes nothing",
    "sessions.actions.end_session.status_of": "writes nothing",
    "sessions.actions.record_skin_check.hold_for_skin": "holds by the action `hold`, which asks",
    "screening.actions.signer_name": "a name of the one who signs",
}


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(openpbm.care.__path__, "openpbm.care."):
        if "actions" in found.name.split(".") or found.name == "openpbm.care.accounts.staff":
            yield found.name


def _public_functions() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for name in _modules():
        for key, value in vars(importlib.import_module(name)).items():
            if not key.startswith("_") and inspect.isfunction(value) and value.__module__ == name:
                found[f"{name.removeprefix('openpbm.care.')}.{key}"] = value
    return found


_PUBLIC = _public_functions()
_ACTIONS = sorted(_PUBLIC.keys() - _EXEMPT.keys())


def test_whatever_is_exempt_is_there() -> None:
    assert _EXEMPT.keys() <= _PUBLIC.keys()


@pytest.mark.parametrize("name", _ACTIONS)
def test_a_stranger_is_refused_and_nothing_is_written(name: str, house: House) -> None:
    action = _PUBLIC[name]
    subjects = _subjects_of_alice(house)
    # Whatever is not a subject is None: an action that looks at it before it asks fails with another error.
    given = {key: subjects.get(key) for key, told in inspect.signature(action).parameters.items() if _named(key, told)}
    for stranger in (account_of(house.bob), account_of(house.carol), house.other_clinician):
        with CaptureQueriesContext(connection) as asked, pytest.raises(PermissionDenied):
            action(**given | {"by": stranger})
        assert [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def _named(key: str, told: inspect.Parameter) -> bool:
    # Of a lamp the clinic or the owner is named, never both; the clinic is what the stranger is no member of.
    return told.default is inspect.Parameter.empty or key in ("clinic", "person_id")


def _subjects_of_alice(house: House) -> dict[str, Any]:
    """One of everything an action can be about, all of it alice's; only what an action looks up is stored."""
    alice = house.alice
    return {
        "person": alice,
        "person_id": alice.pk,
        "clinic": house.clinic,
        "membership": house.clinician.member_of()[0],
        "user": account_of(alice),
        "appointment": Appointment(person=alice),
        "grant": HelperGrant.objects.get(person=alice),
        "screening": ScreeningRow(person=alice),
        "event": AdverseEvent(person=alice),
        "checkpoint": Checkpoint(person=alice),
        "part": AuthorsPart(person=alice),
        "reminder": Reminder(user=account_of(alice), person_id=alice.pk),
        "lamp": lamp_of(house),
        "plan": PlanRow(person=alice, screening=ScreeningRow(person=alice), document={"reasons": []}),
        "hold": Hold(person=alice),
        "record": SessionRecord(person=alice),
        "start": SessionStart(person=alice),
    }


def test_the_system_itself_is_asked_nothing_where_a_job_acts(house: House) -> None:
    require_unless_system(None, house.alice)
    with pytest.raises(PermissionDenied):
        require_unless_system(account_of(house.bob), house.alice)


def test_a_reminder_of_nobody_in_particular_is_its_owners_alone(house: House) -> None:
    row = Reminder.objects.create(user=house.clinician, kind="lamp", key="k", text="Measure it", due_at=timezone.now())
    with pytest.raises(PermissionDenied):
        mark(reminder=row, state="done", by=account_of(house.bob))
    assert mark(reminder=row, state="done", by=house.clinician).state == "done"
