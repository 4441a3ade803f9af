"""Drawing and sealing a blinded test, guessing, learning a period before the end, ending it early."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import uuid
from collections.abc import Mapping
from typing import TypeVar

from django.db import transaction

from openpbm.care.accounts.models import Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.n_of_1.models import DesignStop, PeriodGuess, SealedDesign, Unblinding
from openpbm.care.n_of_1.selectors import blinded_test
from openpbm.care.people.access import Relation, require
from openpbm.care.people.models import Person, lock_person
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import released_plan
from openpbm.errors import BadInput, Problem
from openpbm.single_case import DesignRequest, request_problems, seal, usual_washout

__all__ = ["draw_design", "guess_period", "keepers_of", "request_for", "stop_design", "unblind"]

Row = TypeVar("Row", PeriodGuess, Unblinding, DesignStop)

_SEED_BITS = 63


def keepers_of(person: Person) -> list[User]:
    """Who may keep the lamp of a blinded test: administrators of the clinic who do not treat there."""
    if person.clinic_id is None:
        return []
    rows = User.objects.filter(
        memberships__clinic_id=person.clinic_id,
        memberships__role=Role.ADMIN,
        memberships__ended_at=None,
        is_active=True,
    )
    knows = set(person.helpers.filter(ended_at=None).values_list("user_id", flat=True)) | {person.user_id}
    return [user for user in rows.distinct() if user.pk not in knows and user.role_in(person.clinic_id) == Role.ADMIN]


def request_for(
    person: Person, *, first_day: dt.date, pairs: int, days_per_period: int, half_life_days: float
) -> tuple[PlanRow, DesignRequest]:
    """The released plan, and what is to be drawn: periods from the first session of that plan on.

    Raises BadInput with every problem: no plan, a baseline that is over or too short, periods beyond the plan's end.
    """
    plan = released_plan(person)
    if plan is None:
        message = "there is no released plan to test"
        raise BadInput(Problem(key="plan", message=message, remedy="release a plan whose start lies ahead"))
    begins, ends = plan.followed.start_date, plan.last_day
    request = DesignRequest(
        kind="blocks",
        first_day=first_day,
        made_on=person.today(),
        blinded=True,
        baseline_days=(begins - first_day).days,
        pairs=pairs,
        days_per_period=days_per_period,
        half_life_days=half_life_days,
        washout_days=max(0, usual_washout(half_life_days, days_per_period)),
    )
    problems = request_problems(request)
    last = begins + dt.timedelta(days=2 * pairs * days_per_period - 1)
    if ends is not None and last > ends:
        # After the plan's end there is no session, so that a period there would be without light whatever was drawn.
        remedy = "take fewer or shorter periods, or release a plan of more weeks"
        message = f"the last period ends on {last}, after the plan of {ends}"
        problems.append(Problem("pairs", pairs, message, remedy))
    if problems:
        raise BadInput(problems)
    return plan, request


@transaction.atomic
def draw_design(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    by: User,
    mask: Mapping[str, object],
    first_day: dt.date,
    pairs: int,
    days_per_period: int,
    half_life_days: float,
) -> tuple[SealedDesign, bool]:
    """Draw the order by lot, seal it, and name the keeper; before the baseline, and while no other test goes on.

    mask : method, keeper, looks_alike, feels_alike, checked_on
    Raises BadInput with every problem; PermissionDenied for anybody but a clinician of the person's clinic.
    """
    require(by, person, Relation.CLINICIAN)
    lock_person(person.pk)
    there = SealedDesign.objects.filter(pk=id, person=person).first() if id is not None else None
    if there is not None:
        return there, False
    plan, request = request_for(
        person, first_day=first_day, pairs=pairs, days_per_period=days_per_period, half_life_days=half_life_days
    )
    row = SealedDesign(id=id or uuid.uuid4(), person=person, plan=plan, signed_name=by.shown_name(), **mask)
    problems = [*field_problems(row, "method", "looks_alike", "feels_alike"), *_mask_problems(row, person)]
    running = blinded_test(person, person.today())
    if running is not None and not (running.over or running.stopped):
        remedy = "end it first, or wait for its last day"
        problems.append(Problem(key="design", message="another blinded test goes on", remedy=remedy))
    if problems:
        raise BadInput(problems)
    design, key = seal(request, seed=secrets.randbits(_SEED_BITS), nonce=secrets.token_hex(32))
    row.design = design
    row.sealed_key = person.seal(json.dumps(key), row.place())
    return ledger.append(
        row,
        by=by,
        action="n_of_1_drawn",
        person_id=person.pk,
        clinic_id=person.clinic_id,
        detail={"commitment": design["commitment"]},
    )


def _mask_problems(row: SealedDesign, person: Person) -> list[Problem]:
    found = []
    if row.keeper_id not in {user.pk for user in keepers_of(person)}:
        message = "must be an administrator of the clinic who neither treats nor helps the person"
        found.append(Problem(key="keeper", message=message, remedy="choose another one"))
    for name in ("looks_alike", "feels_alike"):
        if getattr(row, name) == SealedDesign.Alike.NO:
            message = "light and no light can be told apart, so that nothing would be blinded"
            found.append(Problem(key=name, message=message, remedy="mask the lamp in another way first"))
    if row.checked_on is not None and row.checked_on > person.today():
        found.append(Problem("checked_on", row.checked_on, "has not come yet", "give the day somebody tried"))
    return found


@transaction.atomic
def guess_period(
    *, id: uuid.UUID | None = None, person: Person, by: User, period: int, belief: str
) -> tuple[PeriodGuess, bool]:
    """Write down what the person believes a period was; once, from its last day on and before the end is known."""
    require(by, person, Relation.PATIENT, Relation.HELPER)
    lock_person(person.pk)
    there = PeriodGuess.objects.filter(pk=id, design__person=person).first() if id is not None else None
    if there is not None and (there.period, there.belief) == (period, belief):
        return there, False
    today = person.today()
    test = blinded_test(person, today)
    open_rows = {row.number: row for row in test.to_guess} if test is not None else {}
    if test is None or period not in open_rows:
        message = "is not open for a guess: it is not over, was guessed already, or there is no test"
        raise BadInput(Problem("period", period, message, "guess on the last day of a period or after it"))
    if test.design.open_to_all():
        message = "the order is open to everyone by now, so that a guess is none any more"
        raise BadInput(Problem("period", period, message, "leave it out"))
    # The day it is about, so that a course folder puts it into its period.
    row = PeriodGuess(
        id=id or uuid.uuid4(), design=test.design, period=period, date=open_rows[period].last_day, belief=belief
    )
    problems = field_problems(row, "belief")
    if problems:
        raise BadInput(problems)
    return _append(row, person, by, "n_of_1_guess")


@transaction.atomic
def unblind(
    *, id: uuid.UUID | None = None, person: Person, by: User, who: str, emergency: bool, reason: str
) -> tuple[Unblinding, bool]:
    """Write down that somebody learns what the present period is, before they learn it; by a clinician, signed."""
    require(by, person, Relation.CLINICIAN)
    lock_person(person.pk)
    there = Unblinding.objects.filter(pk=id, design__person=person).first() if id is not None else None
    if there is not None:
        return there, False
    today = person.today()
    test = blinded_test(person, today)
    if test is None or test.row is None:
        message = "no period of a blinded test goes on today"
        raise BadInput(Problem(key="period", message=message, remedy="there is nothing to open"))
    row = Unblinding(
        id=id or uuid.uuid4(), design=test.design, period=test.row.number, date=today, who=who, emergency=emergency,
        signed_name=by.shown_name(),
    )  # fmt: skip
    row.sealed_reason = person.seal(reason.strip(), row.place())
    remedy = "say what happened that somebody must know"
    problems = [*field_problems(row, "who"), *reason_problems(reason, "reason", remedy=remedy)]
    if problems:
        raise BadInput(problems)
    return _append(row, person, by, "n_of_1_unblinded")


@transaction.atomic
def stop_design(*, id: uuid.UUID | None = None, person: Person, by: User, reason: str) -> tuple[DesignStop, bool]:
    """End the test before its last day; nothing of it is laid to the light then. Sessions go on by the plan."""
    require(by, person, Relation.CLINICIAN)
    lock_person(person.pk)
    today = person.today()
    test = blinded_test(person, today)
    if test is not None and test.stopped:
        return test.design.stop, False
    if test is None or test.over:
        raise BadInput(Problem(key="design", message="no blinded test goes on", remedy="there is nothing to end"))
    row = DesignStop(
        id=id or uuid.uuid4(), design=test.design, date=today, reason=reason.strip(), signed_name=by.shown_name()
    )
    problems = [*field_problems(row, "reason"), *reason_problems(reason, "reason", remedy="say why it ends")]
    if problems:
        raise BadInput(problems)
    return _append(row, person, by, "n_of_1_stopped")


def _append(row: Row, person: Person, by: User, action: str) -> tuple[Row, bool]:
    return ledger.append(row, by=by, action=action, person_id=person.pk, clinic_id=person.clinic_id)
