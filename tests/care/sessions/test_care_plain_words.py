"""People read words: no code, no ISO date, no picture of a lamp that stands off when theirs lies on the skin."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import LEFT, agree, plan_document, release, write
from django.urls import reverse
from django.utils import timezone

from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold
from openpbm.care.plans.printouts import render_printout
from openpbm.care.sessions.actions import StartRefused, start_session
from openpbm.facts.scales import scales

ISO = re.compile(r">[^<]*\b\d{4}-\d{2}-\d{2}\b[^<]*<")


@pytest.fixture
def plan(house: House) -> Any:
    agree(house.alice)
    return release(house.alice, house.clinician)


def page(user: Any, name: str, person: Person, **more: Any) -> str:
    answer = signed_in(user).get(reverse(name, kwargs={"person_id": person.pk, **more}))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_record_names_programme_and_verdict_in_words(house: House, plan: Any) -> None:
    shown = page(house.clinician, "home:record", house.alice)
    assert "Programme: Restless legs" in shown
    assert "rogramme: rls" not in shown


def test_the_list_of_sessions_writes_dates_out(house: House, plan: Any) -> None:
    write(plan, house.alice.today(), looked=False)
    shown = page(house.alice.user, "sessions:list", house.alice)
    main = shown.split("<main", 1)[1]
    assert not ISO.search(main)
    assert main.count("<summary>Correct</summary>") == 1
    opened = re.sub(r"<details.*?</details>", "", main, flags=re.DOTALL)
    assert "J/cm" in main
    assert "J/cm" not in opened


@pytest.mark.parametrize("ended", ["weeks", "hold"])
def test_no_session_is_offered_once_a_course_is_over_or_held(house: House, ended: str) -> None:
    """The list of sessions offered today's after the last week, and under the hold of a decision to stop."""
    agree(house.alice)
    weeks_ago = house.alice.today() - dt.timedelta(weeks=7)
    release(house.alice, house.clinician, start=weeks_ago if ended == "weeks" else None)
    if ended == "hold":
        hold(person=house.alice, cause="checkpoint", message="The light is stopped.", by=house.clinician)
    said = {"weeks": "Your course is over", "hold": "The light is stopped."}[ended]
    for user in (house.alice.user, house.clinician):
        listed, guide = (page(user, f"sessions:{name}", house.alice) for name in ("list", "guide"))
        assert said in listed
        assert reverse("sessions:guide", args=[house.alice.pk]) not in listed.split("<main", 1)[1]
        assert said in guide
        assert "data-begins" not in guide
    with pytest.raises(StartRefused):
        start_session(person=house.alice, started_at=timezone.now(), by=house.clinician, override_reason="All is well.")


def test_a_lamp_that_lies_on_the_skin_shows_no_lamp_at_a_distance(house: House) -> None:
    agree(house.alice)
    placement = plan_document(house.alice.today())["placement"] | {"distance_mm": 0.0}
    release(house.alice, house.clinician, placement=placement)
    shown = page(house.alice.user, "sessions:guide", house.alice)
    assert "Lay it flat on the skin." in shown
    assert f"care/positions/{LEFT[0]}_left_contact.svg" in shown
    assert f"care/positions/{LEFT[0]}_left.svg" not in shown


def test_a_distance_is_not_rounded_and_is_said_alike_everywhere(house: House) -> None:
    agree(house.alice)
    placement = plan_document(house.alice.today())["placement"] | {"distance_mm": 25.0}
    plan = release(house.alice, house.clinician, placement=placement)
    for name in ("guide", "my_lamp"):
        shown = page(house.alice.user, f"sessions:{name}", house.alice)
        assert re.search(r"2\.5 (<[^>]+>)?cm", shown), name
    start, _ = start_session(
        person=house.alice, lamp=plan.lamp, places=[LEFT], started_at=timezone.now(), by=account_of(house.alice)
    )
    assert "2.5 cm" in page(house.alice.user, "sessions:run", house.alice, start_id=start.pk)


def test_a_lamp_at_a_distance_shows_it(house: House, plan: Any) -> None:
    shown = page(house.alice.user, "sessions:guide", house.alice)
    assert f"care/positions/{LEFT[0]}_left.svg" in shown
    assert "Lay it flat on the skin." not in shown


def test_the_home_sheet_names_who_released_it(house: House, plan: Any) -> None:
    assert "<p>Clinician <strong>Clara, Clinic A</strong>" in render_printout(plan, "home_sheet")
    agree(house.carol)
    own = release(house.carol, house.carol.user)
    assert '<p>Clinician <span class="line"></span>' in render_printout(own, "home_sheet")


def test_what_a_clinician_examines_is_offered_to_clinicians_alone(house: House) -> None:
    examined = {row.plain_name for row in scales if row.examined}
    assert any(name in page(house.clinician, "scales:list", house.alice) for name in examined)
    shown = page(house.alice.user, "scales:list", house.alice)
    assert not [name for name in examined if name in shown]
