"""What was given is written down once, kept whatever it says, and judged against the plan."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from care.conftest import House, account_of
from care.sessions.session_factories import LEFT, RIGHT, agree, make_lamp, release, write
from django.utils import timezone
from present import present

from openpbm.care.audit.ledger import Conflict
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold, lift_hold
from openpbm.care.plans.models import Hold
from openpbm.care.sessions.actions import record_session, record_skin_check, start_session
from openpbm.care.sessions.check_start import StartCheck, check_start
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.selectors import next_due, recorded_sessions, session_state
from openpbm.care.sessions.start_context import load_start_context
from openpbm.errors import BadInput

ONE: dict[str, Any] = {"places": (LEFT,), "looked": False}


@pytest.fixture
def plan(house: House) -> Any:
    agree(house.alice)
    return release(house.alice, house.clinician)


def found(row: Any) -> set[Any]:
    return {finding["rule"] for finding in row.findings}


def test_a_record_sent_twice_is_there_once_and_another_body_conflicts(house: House, plan: Any) -> None:
    today = house.alice.today()
    first = write(plan, today, id=uuid.UUID(int=9), **ONE)
    again = write(plan, today, id=uuid.UUID(int=9), **ONE)
    assert first[0].pk == again[0].pk
    assert SessionRecord.objects.count() == 1
    with pytest.raises(Conflict):
        write(plan, today, id=uuid.UUID(int=9), minutes=14.0, **ONE)


def test_two_devices_with_ids_of_their_own_lose_nothing(house: House, plan: Any) -> None:
    today = house.alice.today()
    write(plan, today, looked=False)
    (second,) = write(plan, today, time=dt.time(22, 0), **ONE)
    assert "two_in_a_day" in found(second)
    assert SessionRecord.objects.count() == 3
    (same_light,) = write(plan, today, time=dt.time(22, 0), **ONE)
    assert SessionRecord.objects.count() == 4
    assert "two_in_a_day" not in found(same_light)  # it says the same light once more, which counts once


def test_much_longer_than_planned_holds_the_course_until_a_clinician_has_looked(house: House, plan: Any) -> None:
    (row,) = write(plan, house.alice.today(), minutes=30.0, **ONE)
    assert "much_longer_than_planned" in found(row)
    hold = house.alice.holds.get()
    assert (hold.cause, hold.about_id) == ("much_longer_than_planned", str(row.pk))
    assert session_state(person=house.alice, now=timezone.now()).word in ("done", "held")
    lift_hold(hold=hold, reason="skin seen, nothing found", by=house.clinician)
    rules = {check.rule for check in verify(plan) if check.stops}
    assert "hold" not in rules
    assert "earlier_much_longer_than_planned" not in rules


def verify(plan: Any, places: Any = (LEFT, RIGHT)) -> list[StartCheck]:
    return check_start(load_start_context(person=plan.person, lamp=plan.lamp, places=list(places), now=timezone.now()))


def test_another_lamp_is_kept_and_holds_the_course(house: House, plan: Any) -> None:
    other = make_lamp(house.alice, house.clinician)
    (row,) = write(plan, house.alice.today(), lamp=other, **ONE)
    assert "other_lamp" in found(row)
    assert house.alice.holds.get().cause == "other_lamp"


def test_a_place_outside_the_plan_is_kept_and_marked(house: House, plan: Any) -> None:
    rows = write(plan, house.alice.today(), places=(("foot_sole", "left"),), looked=False)
    assert "place_not_planned" in found(rows[0])


@pytest.mark.parametrize("reaction", ["pain", "blister"])
def test_sore_or_burnt_skin_holds_the_course_once(house: House, plan: Any, reaction: str) -> None:
    rows = write(plan, house.alice.today(), looked=False, skin_reaction=reaction)
    assert house.alice.holds.filter(cause="skin_reaction").count() == len(rows)
    record_skin_check(record=rows[0], moment="24h", reaction=reaction, by=account_of(house.alice))
    assert house.alice.holds.filter(cause="skin_reaction").count() == len(rows)
    assert "hold" in {check.rule for check in verify(plan) if check.stops}


@pytest.mark.parametrize("reaction", ["none", "warmth", "redness"])
def test_milder_skin_holds_nothing(house: House, plan: Any, reaction: str) -> None:
    write(plan, house.alice.today(), looked=False, skin_reaction=reaction)
    assert not house.alice.holds.exists()


def test_a_skin_check_sent_twice_is_there_once_although_its_note_is_sealed(house: House, plan: Any) -> None:
    (record,) = write(plan, house.alice.today(), **ONE)
    values = {"id": uuid.UUID(int=4), "record": record, "moment": "24h", "reaction": "redness", "by": house.alice.user}
    first, new = record_skin_check(**values, note="pale red rim")
    again, new_again = record_skin_check(**values, note="pale red rim")
    assert (first.pk, new, new_again) == (again.pk, True, False)
    with pytest.raises(Conflict):
        record_skin_check(**values, note="dark red rim")
    assert house.alice.open(first.sealed_note, f"skin {first.pk}") == "pale red rim"


def test_a_correction_counts_and_the_first_stays_on_file(house: House, plan: Any) -> None:
    today = house.alice.today()
    (old,) = write(plan, today, minutes=5.0, status="partial", reason="slip of the pen", **ONE)
    (new,) = write(plan, today, supersedes=old, **ONE)
    assert [row.minutes for row in recorded_sessions(house.alice)] == [15.0]
    assert SessionRecord.objects.count() == 2
    assert "two_in_a_day" not in found(new)
    with pytest.raises(BadInput, match="corrected already"):
        write(plan, today, supersedes=old, **ONE)


def test_a_missed_session_says_what_to_do_and_is_never_made_up_for(house: House, plan: Any) -> None:
    rows = write(plan, house.alice.today(), status="missed", minutes=None, reason="away", skin_reaction="")
    assert "leave_out" in found(rows[-1])
    assert present(next_due(person=house.alice, today=house.alice.today())).number == 2


def test_a_partial_session_is_resumed_on_the_same_day_only_for_what_is_left(house: House, plan: Any) -> None:
    start, _ = start_session(
        person=house.alice, lamp=plan.lamp, places=[LEFT, RIGHT], started_at=timezone.now(), by=account_of(house.alice)
    )  # fmt: skip
    today = house.alice.today()
    short: dict[str, Any] = {"status": "partial", "reason": "phone", "start": start, "time": None}
    write(plan, today, minutes=6.0, **short, **ONE)
    write(plan, today, places=(RIGHT,), looked=False, start=start, time=None)
    values = {"person": house.alice, "lamp": plan.lamp, "started_at": timezone.now(), "by": house.alice.user}
    with pytest.raises(BadInput, match="broken off today"):
        start_session(**values, places=[RIGHT], resumes=start)
    again, _ = start_session(**values, places=[LEFT], resumes=start)
    assert (again.minutes, again.distance_mm) == (9.0, 150.0)
    (row,) = write(plan, today, minutes=9.0, start=again, time=dt.time(23, 59), **ONE)
    assert "two_in_a_day" not in found(row)
    assert present(session_state(person=house.alice, now=timezone.now()).today).state == "done"


def test_back_dated_lines_are_marked(house: House) -> None:
    agree(house.alice)
    today = house.alice.today()
    plan = release(house.alice, house.clinician, start=today - dt.timedelta(days=7))
    (late,) = write(plan, today - dt.timedelta(days=7), **ONE)
    (now,) = write(plan, today, **ONE)
    assert (late.back_dated, now.back_dated) == (True, False)


def test_a_clock_a_little_ahead_is_kept_and_marked_and_more_is_refused(house: House, plan: Any) -> None:
    tomorrow = house.alice.today() + dt.timedelta(days=1)
    (row,) = write(plan, tomorrow, **ONE)
    assert "future_date" in found(row)
    with pytest.raises(BadInput, match="lies in the future"):
        write(plan, tomorrow + dt.timedelta(days=1), **ONE)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "skipped"}, 'status = "skipped"'),
        ({"minutes": -1.0}, "minutes = -1.0"),
        ({"minutes": float("nan")}, "minutes = nan"),
        ({"minutes": 601.0}, "from 0 to 600"),
        ({"distance_mm": float("inf")}, "distance_mm = inf"),
        ({"status": "missed", "reason": "away"}, "a missed session has no minutes"),
        ({"status": "partial"}, "reason: needed"),
        ({"skin_reaction": "itch"}, 'skin_reaction = "itch"'),
        ({"side": "upper"}, 'side = "upper"'),
        ({"places": (("", "left"),)}, "site: empty"),
        ({"reason": "x" * 401}, "at most 400"),
        ({"pauses": [[1]]}, "pauses: must be a list"),
        ({"pauses": [[-1, 2]]}, "pauses: must be a list"),
        ({"date": dt.date(1999, 1, 1)}, "check the year"),
    ],
)
def test_what_cannot_be_is_refused_with_thing_value_and_remedy(
    house: House, plan: Any, changes: dict[str, Any], said: str
) -> None:
    values = {"day": house.alice.today()} | ONE | changes
    values["day"] = values.pop("date", values["day"])
    with pytest.raises(BadInput, match=said.replace("[", r"\[")):
        write(plan, values.pop("day"), **values)
    assert not SessionRecord.objects.exists()


def test_rows_of_somebody_else_cannot_be_tied_to_a_record(house: House, plan: Any) -> None:
    agree(house.bob)
    other = release(house.bob, house.other_clinician)
    (theirs,) = write(other, house.bob.today(), by=house.bob.user, **ONE)
    today = house.alice.today()
    with pytest.raises(BadInput, match="a released plan of this person"):
        record_session(
            person=house.alice, plan=other, lamp=plan.lamp, date=today, time=None, site="posterior_calf", side="left",
            minutes=15.0, distance_mm=150.0, status="done", by=account_of(house.alice),
        )  # fmt: skip
    with pytest.raises(BadInput, match="supersedes: must be a record of this person"):
        write(plan, today, supersedes=theirs, **ONE)
    begun, _ = start_session(
        person=house.alice, lamp=plan.lamp, places=[LEFT, RIGHT], started_at=timezone.now(), by=account_of(house.alice)
    )  # fmt: skip
    with pytest.raises(BadInput, match="start: must be a session of this person"):
        write(other, house.bob.today(), by=house.bob.user, start=begun, time=dt.time(7), **ONE)


def test_next_and_state_follow_what_was_written(house: House, plan: Any) -> None:
    now = timezone.now()
    assert session_state(person=house.alice, now=now).word == "due"
    write(plan, house.alice.today())
    state = session_state(person=house.alice, now=now)
    assert (state.word, present(state.next).number) == ("done", 2)
    assert not state.over
    assert session_state(person=house.bob, now=now).word == "no_plan"
    later = now + dt.timedelta(weeks=7)
    state = session_state(person=house.alice, now=later)
    assert (state.word, len(state.unwritten), state.next) == ("finished", 17, None)
    assert state.over


def hold_now(house: House, cause: str = "red_flag", message: str = "A warning sign was reported.") -> Hold:
    return hold(person=house.alice, cause=cause, message=message, by=house.clinician)


def at_clock(moment: Any, person: Person) -> Any:
    return moment.astimezone(person.zone).time()


def test_light_begun_under_a_hold_is_a_stop_and_holds_again_once_for_all_places(house: House, plan: Any) -> None:
    hold_now(house)
    later = timezone.now() + dt.timedelta(seconds=2)
    rows = write(
        plan, later.astimezone(house.alice.zone).date(), time=at_clock(later + dt.timedelta(seconds=1), house.alice),
        looked=False,
    )  # fmt: skip
    severities = [finding["level"] for row in rows for finding in row.findings if finding["rule"] == "light_while_held"]
    assert severities == ["stop", "stop"]
    assert house.alice.holds.filter(cause="light_while_held").count() == 1


def test_no_light_and_light_before_the_hold_are_not_marked(house: House, plan: Any) -> None:
    yesterday = house.alice.today() - dt.timedelta(days=1)
    hold_now(house)
    (before,) = write(plan, yesterday, **ONE)
    (none,) = write(plan, house.alice.today(), minutes=0.0, status="missed", reason="held", skin_reaction="", **ONE)
    assert "light_while_held" not in found(before) | found(none)


def test_light_on_the_day_of_a_hold_without_a_time_is_a_caution(house: House, plan: Any) -> None:
    hold_now(house)
    (row,) = write(plan, house.alice.today(), time=None, **ONE)
    assert [one["level"] for one in row.findings if one["rule"] == "light_while_held"] == ["caution"]


def test_a_session_begun_before_the_hold_and_written_after_it_is_a_caution(house: House, plan: Any) -> None:
    start, _ = start_session(
        person=house.alice, lamp=plan.lamp, places=[LEFT], started_at=timezone.now(), by=account_of(house.alice)
    )
    hold_now(house)
    (row,) = write(plan, house.alice.today(), start=start, **ONE)
    assert [one["level"] for one in row.findings if one["rule"] == "light_while_held"] == ["caution"]
    assert not house.alice.holds.filter(cause="light_while_held").exists()


def test_the_hold_that_a_session_brings_about_does_not_mark_its_other_places(house: House, plan: Any) -> None:
    rows = write(plan, house.alice.today(), looked=False, time=None, skin_reaction="blister")
    assert "light_while_held" not in found(rows[0]) | found(rows[1])


def test_light_under_a_hold_that_was_lifted_since_is_still_marked(house: House, plan: Any) -> None:
    held = hold_now(house)
    moment = timezone.now()
    lift_hold(hold=held, reason="seen, may go on", by=house.clinician)
    (row,) = write(plan, moment.astimezone(house.alice.zone).date(), time=None, **ONE)
    assert "light_while_held" in found(row)
