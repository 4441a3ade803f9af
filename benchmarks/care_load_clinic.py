"""A clinic of invented people in the middle of their courses, for the load run; run by `care_load.py` beside the site.

Prints one line of JSON: the login name and the person of everybody. Each is somebody of the demo (`home.demo`) again
and again: screened, planned, released, with the sessions, days and scores of two to six weeks, all through the actions.
"""

from __future__ import annotations

import datetime as dt
import json
import sys

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402

from openpbm.care.devices.actions import add_lamp  # noqa: E402
from openpbm.care.devices.models import Lamp  # noqa: E402
from openpbm.care.home.demo.courses import Lived, Part, live, plan  # noqa: E402
from openpbm.care.home.demo.people import come_in  # noqa: E402
from openpbm.care.people.models import Person  # noqa: E402
from openpbm.care.trust.models import Clinic, Membership, Role, User  # noqa: E402

# The course began so many whole weeks ago: today is a day of the plan for everybody, which is the most there is to do.
_WEEKS = (2, 3, 4, 5, 6)
_WHO = (
    ("ada", "panel_660_850", {"site": "posterior_calf", "side": "both", "target": "gastrocnemius", "distance_mm": 300}),
    ("cleo", "wrap_660_850", {"site": "upper_trapezius", "side": "left", "target": "trapezius", "distance_mm": None}),
)


def fill(people: int, password: str) -> list[dict[str, str]]:
    """Everybody with their history; who they are."""
    clinic = Clinic.objects.create(name="Load Clinic", time_zone="Europe/Berlin")
    clinician = User.objects.create(username="load.clinician", display_name="Load Clinician")
    Membership.objects.create(user=clinician, clinic=clinic, role=Role.CLINICIAN)
    lamps = [
        add_lamp(by=clinician, clinic=clinic, name=lamp, passport={"document": {"id": lamp}, "eye_class": "RG1"})
        for _, lamp, _ in _WHO
    ]
    hashed = make_password(password)  # one for all: it is slow to make on purpose
    return [_lived(number, clinic, clinician, lamps, hashed) for number in range(people)]


@transaction.atomic
def _lived(number: int, clinic: Clinic, clinician: User, lamps: list[Lamp], hashed: str) -> dict[str, str]:
    name, _, where = _WHO[number % len(_WHO)]
    user = User.objects.create(username=f"load.{number}", password=hashed)
    person = come_in(name, clinic, clinician, user)
    start = person.today() - dt.timedelta(weeks=_WEEKS[number % len(_WEEKS)])
    released = plan(person, Part(lamp=lamps[number % len(_WHO)], start=start, **where), clinician)
    scores = [("nrs", offset, {"1": 6.0}, None) for offset in (-11, -4, 7, 14, 21, 28)]
    live(released, Lived(before=6.5, after=3.5, seed=number, scores=scores), by=user, until=person.today())
    print(f"{number + 1} people", end="\r", file=sys.stderr, flush=True)
    return {"username": user.username, "person_id": str(Person.objects.get(user=user).pk)}


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]), sys.argv[2])))
