"""One day's light is begun once: three full sessions once were, by writing "missed", going on, and moving the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import LEFT, RIGHT, agree, release, write
from django.urls import reverse

from openpbm.care import clock
from openpbm.care.people.actions import set_identity
from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold, PlanRow
from openpbm.care.sessions.actions import StartRefused, record_session, start_session
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.selectors import newest_records, recent_starts
from openpbm.care.sessions.sitting import sittings
from openpbm.care.sessions.time_passed import MoreThanPassed
from openpbm.errors import BadInput

NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)  # a Monday


class Clock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def go(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture
def time(house: House) -> Iterator[Clock]:
    told = Clock()
    with clock.told_by(told):
        yield told


@pytest.fixture
def plan(time: Clock, house: House) -> PlanRow:
    agree(house.alice)
    return release(house.alice, house.clinician, start=NOON.date())


def begin(plan: PlanRow, **changes: Any) -> SessionStart:
    values = {"person": plan.person, "by": plan.person.user, "started_at": clock.now(), "places": [LEFT, RIGHT]}
    return start_session(**(values | changes))[0]


def end(start: SessionStart, *minutes: float | None, **changes: Any) -> list[SessionRecord]:
    """Write down what each of its places got; 0 is no light."""
    rows = []
    for (site, side), given in zip(start.places(), minutes, strict=True):
        status = "missed" if given == 0 else "done" if given == 15 else "partial"
        row, _ = record_session(
            **{
                "person": start.person, "plan": start.plan, "lamp": start.lamp, "date": start.person.today(),
                "time": None, "site": site, "side": side, "minutes": given, "distance_mm": None, "status": status,
                "reason": "as it was", "start": start, "by": start.person.user,
            } | changes
        )  # fmt: skip
        rows.append(row)
    return rows


def stops(plan: PlanRow, **changes: Any) -> set[str]:
    count = SessionStart.objects.count()
    with pytest.raises(StartRefused) as caught:
        begin(plan, **changes)
    assert SessionStart.objects.count() == count
    return {check.rule for check in caught.value.checks if check.stops}


@pytest.mark.parametrize("passed", [dt.timedelta(seconds=1), dt.timedelta(minutes=9), dt.timedelta(hours=5)])
def test_a_session_begun_and_written_as_missed_keeps_its_day(plan: PlanRow, time: Clock, passed: dt.timedelta) -> None:
    start = begin(plan)
    time.now += passed
    end(start, 0, 0)
    assert "least_gap" in stops(plan)
    time.now = NOON + dt.timedelta(hours=19, minutes=59)
    assert "least_gap" in stops(plan)


def test_the_least_gap_is_the_server_s_and_ends(plan: PlanRow, time: Clock) -> None:
    end(begin(plan), 0, 0)
    time.go(hours=48)
    assert begin(plan)


def test_the_pages_alone_begin_one_session_of_a_day(plan: PlanRow, house: House, time: Clock) -> None:
    client = signed_in(account_of(house.alice))
    guide = reverse("sessions:guide", args=[house.alice.pk])
    for number in range(3):
        sent = {"id": f"00000000-0000-4000-8000-00000000000{number}", "ready": "on", "begin": "1"}
        client.post(guide, sent)
        for start in SessionStart.objects.filter(records=None):
            none = {"minutes_0": "0", "minutes_1": "0", "distance_cm": "", "reason": "not today"}
            client.post(reverse("sessions:run", args=[house.alice.pk, start.pk]), none)
        time.go(seconds=1)
    assert SessionStart.objects.count() == 1


def test_going_on_again_and_again_gives_no_more_than_was_planned(plan: PlanRow, time: Clock) -> None:
    last, light_min = begin(plan, places=[LEFT]), 0.0
    for _ in range(8):
        time.go(minutes=4)
        light_min += 4
        end(last, 0.0, status="partial")
        try:
            last = begin(plan, places=[LEFT], resumes=last)
        except StartRefused:
            break
    assert light_min <= 15
    assert SessionStart.objects.count() == 3


def test_what_has_passed_counts_as_light_where_less_is_written(plan: PlanRow, time: Clock) -> None:
    start = begin(plan, places=[LEFT])
    time.go(minutes=10)
    end(start, 2.0)
    assert begin(plan, places=[LEFT], resumes=start).minutes == 5.0


def test_of_two_places_the_one_that_was_done_is_not_counted_against_the_other(plan: PlanRow, time: Clock) -> None:
    start = begin(plan)
    time.go(minutes=21)
    end(start, 15, 6.0)
    assert begin(plan, places=[RIGHT], resumes=start).minutes == 9.0


def test_a_session_of_which_all_the_time_has_passed_is_not_gone_on_with(plan: PlanRow, time: Clock) -> None:
    start = begin(plan, places=[LEFT])
    time.go(minutes=40)
    end(start, 1.0)
    assert "resume_open" in stops(plan, places=[LEFT], resumes=start)


def test_gone_on_with_from_an_earlier_part_all_parts_count(plan: PlanRow, time: Clock) -> None:
    first = begin(plan)
    end(first, 2.0, 2.0, confirmed=True)
    second = begin(plan, resumes=first)
    time.go(minutes=16)
    end(second, 2.0, 2.0)
    # Two minutes each, then up to sixteen at either of them: nothing is left, whichever part is named.
    assert "resume_open" in stops(plan, resumes=first)
    assert "resume_open" in stops(plan, resumes=second)


def test_three_parts_are_all_whichever_is_gone_on_with(plan: PlanRow) -> None:
    first = begin(plan)
    end(first, 0.0, 0.0)
    for _ in range(2):
        end(begin(plan, resumes=first), 0.0, 0.0)
    assert "resume_often" in stops(plan, resumes=first)


def test_a_slip_of_the_pen_at_one_place_frees_no_light_at_the_other(plan: PlanRow, time: Clock) -> None:
    start = begin(plan)
    time.go(minutes=29)
    (seen,) = sittings([start])
    # Fifteen of "500" were planned there, so that up to fourteen can have gone here.
    assert seen.light_min({LEFT: 500.0, RIGHT: 0.0}, clock.now()) == {LEFT: 500.0, RIGHT: 14.0}


def test_the_gap_counts_from_the_part_that_was_gone_on_with(plan: PlanRow, time: Clock) -> None:
    start = begin(plan, places=[LEFT])
    end(start, 0.0, status="partial")
    time.go(hours=10)
    end(begin(plan, places=[LEFT], resumes=start), 15, confirmed=True)
    time.go(hours=19)
    assert "least_gap" in stops(plan)


@pytest.mark.parametrize("days", [1, -1, 2])
def test_a_record_that_ends_a_start_bears_its_day(plan: PlanRow, time: Clock, days: int) -> None:
    start = begin(plan, places=[LEFT])
    with pytest.raises(BadInput, match="date"):
        end(start, 15, date=start.person.today() + dt.timedelta(days=days), confirmed=True)
    (row,) = end(start, 15, confirmed=True)
    with pytest.raises(BadInput, match="was begun on"):
        end(start, 15, date=row.date - dt.timedelta(days=1), supersedes=row, confirmed=True)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "Asia/Tokyo"])
def test_a_change_of_time_zone_counts_a_day_later(plan: PlanRow, time: Clock, zone: str) -> None:
    person = plan.person
    end(begin(plan), 15, 15, confirmed=True, skin_reaction="none")
    set_identity(person=person, identity=person.identity, time_zone=zone, by=account_of(person))
    time.go(seconds=0.3)
    person = Person.objects.get(pk=person.pk)
    assert person.zone.key == "Europe/Berlin"
    assert "least_gap" in stops(plan, person=person)
    time.go(hours=23, minutes=59)
    assert person.zone.key == "Europe/Berlin"
    time.go(minutes=2)
    assert person.zone.key == zone


def test_light_taken_back_holds_until_it_is_cleared_up(plan: PlanRow, time: Clock) -> None:
    start = begin(plan, places=[LEFT])
    time.go(minutes=15)
    (row,) = end(start, 15)
    (none,) = end(start, 0, supersedes=row)
    assert Hold.objects.get(lift=None).cause == "light_taken_back"
    assert {"hold", "least_gap"} <= stops(plan)
    end(start, 15, supersedes=none)
    assert not Hold.objects.filter(lift=None).exists()


def test_light_that_was_only_written_down_is_not_taken_back_to_begin_another(plan: PlanRow, time: Clock) -> None:
    (row,) = write(plan, plan.person.today(), places=(LEFT,), time=dt.time(9), looked=False)
    write(plan, plan.person.today(), places=(LEFT,), supersedes=row, status="missed", minutes=None, reason="slip",
          skin_reaction="", looked=False)  # fmt: skip
    assert "hold" in stops(plan)


@pytest.mark.parametrize(
    ("written_at", "said"),
    [(dt.time(9, 30), "1 March at 09:30"), (None, "1 March at 13:00")],
)
def test_light_that_was_only_written_down_takes_the_gap_too(
    plan: PlanRow, time: Clock, written_at: dt.time | None, said: str
) -> None:
    write(plan, plan.person.today(), time=written_at)
    time.now = dt.datetime(2027, 3, 2, 3, tzinfo=dt.UTC)
    with pytest.raises(StartRefused, match=said):
        begin(plan)


def settled(person: Person) -> list[str]:
    return [hold.lift.reason for hold in person.holds.exclude(lift=None)]


@pytest.mark.parametrize("minutes", [500.0, 60.0, 23.0])
def test_more_than_has_passed_asks_once_and_a_correction_settles_its_hold(
    plan: PlanRow, time: Clock, minutes: float
) -> None:
    start = begin(plan, places=[LEFT])
    time.go(minutes=5)
    with pytest.raises(MoreThanPassed, match="only 5 have passed"):
        end(start, minutes)
    (row,) = end(start, minutes, confirmed=True)
    assert plan.person.holds.get().cause == "much_longer_than_planned"
    end(start, 5.0, supersedes=row)
    assert not plan.person.holds.filter(lift=None).exists()
    assert settled(plan.person) == [
        "Settled by a correction of the record it was about, which now says: 5 min, 2027-03-01."
    ]


def test_a_correction_that_still_stops_holds_anew(plan: PlanRow, time: Clock) -> None:
    start = begin(plan, places=[LEFT])
    time.go(minutes=60)
    (row,) = end(start, 50.0)
    (again,) = end(start, 40.0, supersedes=row)
    assert plan.person.holds.get(lift=None).about_id == str(again.pk)
    end(start, 15, supersedes=again)
    assert not plan.person.holds.filter(lift=None).exists()


def test_a_correction_does_not_settle_sore_skin(plan: PlanRow, time: Clock) -> None:
    start = begin(plan, places=[LEFT])
    time.go(minutes=15)
    (row,) = end(start, 15, skin_reaction="blister")
    end(start, 15, supersedes=row, skin_reaction="none")
    assert plan.person.holds.get(lift=None).cause == "skin_reaction"


def test_the_page_asks_and_takes_a_yes(plan: PlanRow, house: House, time: Clock) -> None:
    start = begin(plan)
    client, path = signed_in(account_of(house.alice)), reverse("sessions:run", args=[house.alice.pk, start.pk])
    sent = {"minutes_0": "15", "minutes_1": "15", "distance_cm": "", "skin_reaction": "none"}
    time.go(minutes=20)
    page = client.post(path, sent).content.decode()
    assert "only 20 have passed since it began" in page
    assert 'type="checkbox" name="confirmed"' in page
    # The yes is about the minutes it stands beside.
    client.post(path, sent | {"minutes_1": "40", "confirmed": "15|15"})
    assert not SessionRecord.objects.exists()
    client.post(path, sent | {"confirmed": "15|15"})
    assert SessionRecord.objects.count() == 2


@pytest.mark.parametrize(("hour", "minutes"), [(13, 30.0), (12, 62.0), (None, 800.0)])
def test_light_that_was_only_written_down_is_asked_about_too(
    plan: PlanRow, time: Clock, hour: int | None, minutes: float
) -> None:
    # It is 13:00 where she lives.
    with pytest.raises(BadInput):
        write(plan, plan.person.today(), time=hour and dt.time(hour), minutes=minutes, confirmed=False, looked=False)
    assert not newest_records(plan.person).exists()


@pytest.mark.parametrize(
    ("passed", "phase"),
    [
        (dt.timedelta(seconds=30), "begun"), (dt.timedelta(minutes=29), "running"),
        (dt.timedelta(minutes=59), "running"), (dt.timedelta(minutes=61), "abandoned"),
    ],
)  # fmt: skip
def test_a_session_is_begun_then_running_then_written_or_abandoned(
    plan: PlanRow, time: Clock, passed: dt.timedelta, phase: str
) -> None:
    start = begin(plan)
    time.now += passed
    (seen,) = sittings([start])
    assert seen.phase(time.now) == phase
    end(start, 0, 0)
    (seen,) = sittings(recent_starts(start.person, clock.now()))
    assert seen.phase(time.now) == "written"
