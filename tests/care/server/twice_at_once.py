"""Every action that could meet itself, asked for by two threads at the same moment, several times over.

Prints {action: [what went wrong for whom, how many rows there are for each time]}. Run by its test as a program.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).parents[2]))
# Nobody signs in here, and a real hash is slow on purpose.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()

from care.conftest import House, account_of, build_house, make_user  # noqa: E402
from cases import changed  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from openpbm.care.accounts.models import Role, User  # noqa: E402
from openpbm.care.accounts.staff import invite_member  # noqa: E402
from openpbm.care.audit.verify import verify  # noqa: E402
from openpbm.care.devices.actions import add_lamp, new_passport, record_measurement  # noqa: E402
from openpbm.care.devices.models import Lamp, LampPassport, Measurement  # noqa: E402
from openpbm.care.events.actions import report_event, review_event  # noqa: E402
from openpbm.care.events.models import AdverseEvent, EventReview  # noqa: E402
from openpbm.care.people import actions as people  # noqa: E402
from openpbm.care.people.models import Goal, HelperGrant, Identity, Person  # noqa: E402
from openpbm.care.plans.actions import hold, lift_hold  # noqa: E402
from openpbm.care.plans.models import HoldLift  # noqa: E402
from openpbm.care.scales.actions import record_diary  # noqa: E402
from openpbm.care.screening.actions import release_rule, screen_person  # noqa: E402
from openpbm.care.screening.models import RuleRelease  # noqa: E402
from openpbm.care.screening.session_lamps import ChosenLamp  # noqa: E402
from openpbm.case import Placement  # noqa: E402
from openpbm.errors import OpenPBMError  # noqa: E402
from openpbm.facts.rules import rules  # noqa: E402

TIMES = 4
RELATIVE = next(
    rule for rule in rules if rule.level == "relative" and rule.when.finding and not rule.sites and not rule.programmes
)

#: What both ask for, and how many rows there are of it afterwards.
Asked = tuple[Callable[[], Any], Callable[[], int]]


def at_once(ask: Callable[[], Any]) -> list[str]:
    """Ask for the same in two threads; what was not answered, by a row or by a refusal in words."""
    ready, wrong = threading.Barrier(2), []

    def one() -> None:
        try:
            connection.ensure_connection()
            ready.wait(10)
            ask()
        except OpenPBMError:
            pass
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}"[:200])
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong


def lifted(house: House, number: int) -> Asked:
    held = hold(person=house.alice, cause="question", message=f"Wait {number}", by=house.clinician)
    return (
        lambda: lift_hold(hold=held, reason="Seen and examined", by=house.clinician),
        lambda: HoldLift.objects.filter(hold=held).count(),
    )


def granted(house: House, number: int) -> Asked:
    friend = make_user(f"friend{number}")
    return (
        lambda: people.grant_help(person=house.alice, user=friend, by=account_of(house.alice)),
        lambda: HelperGrant.objects.filter(user=friend, person=house.alice).count(),
    )


def corrected(house: House, number: int) -> Asked:
    said = {"person": house.alice, "date": house.alice.today(), "kind": "headache", "by": house.alice.user}
    first, _ = report_event(**said, detail=f"first {number}", grade=1)
    return (
        lambda: report_event(**said, detail="corrected", grade=1, supersedes=first),
        lambda: AdverseEvent.objects.filter(supersedes=first).count(),
    )


def goal_set(house: House, number: int) -> Asked:
    rows = Goal.objects.filter(person=house.alice, number=1, newer=None)
    return lambda: people.set_goal(person=house.alice, number=1, text="Sleep", by=account_of(house.alice)), rows.count


def lamp(house: House) -> Lamp:
    return add_lamp(name="Lamp", by=house.clinician, clinic=house.clinic, passport={"document": DOCUMENT})


DOCUMENT = changed()["device"] | {"name": "Lamp", "kind": "panel", "default_distance_mm": 150}


def described_anew(house: House, number: int) -> Asked:
    row = lamp(house)
    return (
        lambda: new_passport(lamp=row, passport={"document": DOCUMENT}, by=house.clinician),
        lambda: LampPassport.objects.filter(lamp=row, newer=None).count(),
    )


def reading_corrected(house: House, number: int) -> Asked:
    row, today = lamp(house), house.alice.today()
    said = {
        "lamp": row, "by": house.clinician, "measured_on": today, "wavelength_nm": 850, "distance_mm": 150,
        "uncertainty_percent": 10, "meter": "Meter", "meter_calibrated_on": today,
    }  # fmt: skip
    first, _ = record_measurement(**said, irradiance_mw_cm2=40)
    return (
        lambda: record_measurement(**said, irradiance_mw_cm2=41, supersedes=first),
        lambda: Measurement.objects.filter(supersedes=first).count(),
    )


def rule_released(house: House, number: int) -> Asked:
    case = changed(**{f"person__findings__{RELATIVE.when.finding}": True})
    document = {"person": case["person"], "condition": case["condition"]}
    people.record_intake(person=house.alice, document=document, reason="", by=house.clinician)
    row = screen_person(
        person=house.alice, sites=[{"site": "posterior_calf", "side": "both"}],
        lamps=[ChosenLamp(lamp=lamp(house), placement=Placement(distance_mm=150.0))],
        start_date=house.alice.today() + dt.timedelta(days=1), by=house.clinician,
    )  # fmt: skip
    return (
        lambda: release_rule(screening=row, rule=RELATIVE.id, reason="Seen and examined", by=house.clinician),
        lambda: RuleRelease.objects.filter(screening=row).count(),
    )


def registered(house: House, number: int) -> Asked:
    key = uuid.uuid4()
    return (
        lambda: people.register_with_account(
            by=house.clinician, clinic=house.clinic, identity=Identity(name="N"), time_zone="UTC",
            login_name=f"new{number}", id=key,
        ),
        lambda: Person.objects.filter(pk=key).count(),
    )  # fmt: skip


def signed_up(house: House, number: int) -> Asked:
    user = make_user(f"alone{number}")
    return (
        lambda: people.sign_up_self(user=user, identity=Identity(name="N"), time_zone="UTC"),
        lambda: Person.objects.filter(user=user).count(),
    )


def invited(house: House, number: int) -> Asked:
    name = f"staff{number}"
    return (
        lambda: invite_member(clinic=house.clinic, username=name, display_name="S", role=Role.AUDITOR, by=house.admin),
        lambda: User.objects.filter(username=name).count(),
    )


def reviewed_beside_a_diary(house: House, number: int) -> Asked:
    """Not the same, but of the same person: both take the person's row and the audit chain, in one order."""
    event, _ = report_event(
        person=house.alice,
        date=house.alice.today(),
        kind="blister",
        detail=f"{number}",
        grade=2,
        by=account_of(house.alice),
    )
    turns = itertools.count()

    def review() -> Any:
        return review_event(
            event=event, causality="possible", attributed_to="", serious=False, outcome="recovered",
            action="Seen and dressed", by=house.clinician, lift_hold=True,
        )  # fmt: skip

    def diary() -> Any:
        return record_diary(
            person=house.alice, date=house.alice.today(), entered_at=timezone.now(), answers={"severity": 5},
            by=account_of(house.alice),
        )  # fmt: skip

    return (
        lambda: review() if next(turns) == 0 else [diary() for _ in range(5)],
        lambda: EventReview.objects.filter(event=event).count(),
    )


ALL = (
    lifted, granted, corrected, goal_set, described_anew, reading_corrected, rule_released, registered, signed_up,
    invited, reviewed_beside_a_diary,
)  # fmt: skip


def all_of_them() -> Iterator[tuple[str, tuple[list[str], int]]]:
    house = build_house()
    for make in ALL:
        wrong, rows = [], set()
        for number in range(TIMES):
            ask, count = make(house, number)
            wrong += at_once(ask)
            rows.add(count())
        yield make.__name__, (wrong, rows.pop() if len(rows) == 1 else -1)
    found = verify()
    yield "the audit afterwards", (list(found.faults), 1)


if __name__ == "__main__":
    json.dump(dict(all_of_them()), sys.stdout)
