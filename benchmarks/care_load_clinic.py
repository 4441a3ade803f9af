"""A clinic of invented people in the middle of their courses, for the load run; run by `care_load.py` beside the site.

Prints one line of JSON: the login name and the person of everybody. Each is somebody of the demo (`home.demo`) again
and again: screened, planned, released, with the sessions, days and scores of two to six weeks, all through the actions.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import sys
import zoneinfo

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402

from openpbm.care import clock  # noqa: E402
from openpbm.care.accounts.models import Clinic, Membership, Role, User  # noqa: E402
from openpbm.care.devices.actions import add_lamp  # noqa: E402
from openpbm.care.devices.models import Lamp  # noqa: E402
from openpbm.care.home.demo.courses import Lived, Part, evening, give_light, keep_notes, plan  # noqa: E402
from openpbm.care.home.demo.past import Past  # noqa: E402
from openpbm.care.home.demo.people import ZONE, come_in  # noqa: E402
from openpbm.care.people.models import Person  # noqa: E402

# The course began so many whole weeks ago: today is a day of the plan for everybody, which is the most there is to do.
_WEEKS = (2, 3, 4, 5, 6)
_WHO = (
    ("ada", "panel_660_850", {"site": "posterior_calf", "side": "both", "target": "gastrocnemius", "distance_mm": 300}),
    ("cleo", "wrap_660_850", {"site": "upper_trapezius", "side": "left", "target": "trapezius", "distance_mm": None}),
)


def fill(people: int, password: str) -> list[dict[str, str]]:
    """Everybody with their history; who they are."""
    now = clock.now()
    today = now.astimezone(zoneinfo.ZoneInfo(ZONE)).date()
    past = Past(begins=evening(today - dt.timedelta(days=80), 8), now=now)
    hashed = make_password(password)  # one for all: it is slow to make on purpose
    with clock.told_by(past.clock):
        clinic = Clinic.objects.create(name="Load Clinic", time_zone=ZONE)
        clinician = User.objects.create(username="load.clinician", display_name="Load Clinician")
        Membership.objects.create(user=clinician, clinic=clinic, role=Role.CLINICIAN)
        lamps = [
            add_lamp(by=clinician, clinic=clinic, name=lamp, passport={"document": {"id": lamp}, "eye_class": "RG1"})
            for _, lamp, _ in _WHO
        ]
        for number in range(people):
            user = User.objects.create(username=f"load.{number}", password=hashed)
            _tell(past, number, clinic, clinician, lamps, user, today)
        past.happen()
    rows = Person.objects.filter(user__username__startswith="load.").select_related("user")
    return [{"username": row.user.username, "person_id": str(row.pk)} for row in rows if row.user is not None]


def _tell(
    past: Past, number: int, clinic: Clinic, clinician: User, lamps: list[Lamp], user: User, today: dt.date
) -> None:
    """When somebody comes, is planned for, writes and lights."""
    name, _, where = _WHO[number % len(_WHO)]
    start = today - dt.timedelta(weeks=_WEEKS[number % len(_WEEKS)])
    scores = [("nrs", offset, {"1": 6.0}, None) for offset in (-11, -4, 7, 14, 21, 28)]
    lived = Lived(before=6.5, after=3.5, seed=number, scores=scores)
    part = Part(lamp=lamps[number % len(_WHO)], start=start, **where)

    def person() -> Person:
        return Person.objects.select_related("clinic", "user", "key").get(user=user)

    def begin() -> None:
        give_light(past, plan(person(), part, clinician), lived, by=user, until=today)
        print(f"{number + 1} people", end="\r", file=sys.stderr, flush=True)

    past.at(evening(start - dt.timedelta(days=16), 9), functools.partial(come_in, name, clinic, clinician, user))
    past.at(evening(start - dt.timedelta(days=1), 10), begin)
    keep_notes(past, person, start, lived, until=today)


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]), sys.argv[2])))
