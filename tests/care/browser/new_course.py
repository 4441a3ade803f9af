"""A person of the demo clinic with a released plan that begins today, made beside the site: `new_course.py LOGIN`.

Prints the credentials of the account. For journeys that begin in the middle: the way there has a journey of its own.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "care.browser.quick_settings"
django.setup()

from openpbm.care.accounts.models import User  # noqa: E402
from openpbm.care.devices.models import Lamp  # noqa: E402
from openpbm.care.home.demo.courses import Part, plan  # noqa: E402
from openpbm.care.home.demo.people import agree, answer  # noqa: E402
from openpbm.care.people.actions import register_with_account  # noqa: E402
from openpbm.care.people.models import Consent, Identity  # noqa: E402


def new_course(login: str) -> dict[str, Any]:
    """Registered, agreed, screened, planned and released by the demo's clinician."""
    by = User.objects.get(username="demo.clinician")
    lamp = Lamp.objects.get(serial="DEMO-W-1")
    assert lamp.clinic is not None
    person, password = register_with_account(
        by=by, clinic=lamp.clinic, identity=Identity(name=f"{login.title()} Journey"), time_zone="Europe/Berlin",
        login_name=login,
    )  # fmt: skip
    # The account's owner has signed in once and chosen the password; here it stays the one that is printed.
    User.objects.filter(person=person).update(must_change_password=False)
    assert person.user is not None
    agree(person, person.user, Consent.Purpose.RECORD, Consent.Purpose.LIGHT)
    answer(person, "cleo", by)
    neck = Part(lamp=lamp, site="upper_trapezius", side="left", target="trapezius", start=person.today())
    plan(person, neck, by, early_start="A journey through the pages that begins with a session")
    return {"username": login, "password": password, "person_id": str(person.pk)}


if __name__ == "__main__":
    json.dump(new_course(sys.argv[1]), sys.stdout)
