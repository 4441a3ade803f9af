"""When a form is due: twice before the start, then in the weeks that its own row names."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from care.conftest import House, account_of
from care.scales.released_course import release
from courses import START, make_plan

from openpbm.care.scales.actions import record_score
from openpbm.care.scales.due import scale_calendar
from openpbm.care.scales.selectors import calendar_of, due_scales
from openpbm.facts.conditions import primary_scales
from openpbm.facts.scales import scales


def test_with_a_plan_the_weeks_of_the_checkpoints_are_due(house: House) -> None:
    start = house.alice.today()
    release(house.alice, start)
    calendar = calendar_of(house.alice, start)
    assert [row.week for row in calendar] == [None, None, 2, 4, 6]
    assert [(row.due_on - start).days for row in calendar] == [-12, -5, 14, 28, 42]
    windows = [(row.opens_on, row.closes_on) for row in calendar]
    assert all(first[1] < second[0] for first, second in itertools.pairwise(windows))
    assert windows[1][1] < start, "what is filled before the start is filled before the first light"
    assert {row.scale.id for row in calendar} == {"irls"}


def test_a_form_is_due_in_its_window_until_it_is_filled(house: House) -> None:
    today = house.alice.today()
    release(house.alice, today - dt.timedelta(days=14))
    (row,) = due_scales(house.alice, today)
    assert (row.scale.id, row.week, row.state(today)) == ("irls", 2, "due")
    record_score(person=house.alice, date=today, scale="irls", value=20, source="paper", by=house.helper)
    assert due_scales(house.alice, today) == []
    week_two = calendar_of(house.alice, today)[2]
    assert (week_two.state(today), week_two.filled_on) == ("done", today)
    assert calendar_of(house.alice, today)[1].state(today) == "missed"
    assert calendar_of(house.alice, today)[3].state(today) == "coming"


def test_before_a_plan_two_scores_a_week_apart_are_asked_for(house: House) -> None:
    from openpbm.care.audit.ledger import append
    from openpbm.care.people.models import Intake

    alice, today = house.alice, house.alice.today()
    assert due_scales(alice, today) == []
    append(Intake(person=alice, document={"condition": {"diagnosis": "rls_primary"}}), by=alice.user, action="x")
    assert [row.scale.id for row in due_scales(alice, today)] == ["irls"]

    def fill(days_ago: Any) -> None:
        date = today - dt.timedelta(days=days_ago)
        record_score(person=alice, date=date, scale="irls", value=20, source="paper", by=account_of(alice))

    fill(1)
    assert due_scales(alice, today) == []
    fill(7)
    assert due_scales(alice, today) == []


def test_a_baseline_a_week_old_asks_for_the_second_one(house: House) -> None:
    from openpbm.care.audit.ledger import append
    from openpbm.care.people.models import Intake

    alice, today = house.alice, house.alice.today()
    append(Intake(person=alice, document={"condition": {"programme": "rls"}}), by=alice.user, action="x")
    date = today - dt.timedelta(days=7)
    record_score(person=alice, date=date, scale="irls", value=20, source="paper", by=account_of(alice))
    (row,) = due_scales(alice, today)
    assert (row.scale.id, row.due_on) == ("irls", today)


def test_what_a_clinician_examines_is_not_all_that_is_asked() -> None:
    examined = {row.id for row in scales if row.examined}
    assert {"mtns", "tcss", "nerve_conduction"} <= examined
    assert "irls" not in examined
    for programme in ("rls", "neuropathic_pain", "neuropathy", "muscle_spasm"):
        assert set(primary_scales(programme)) - examined, programme


def test_a_form_about_two_weeks_is_asked_every_two_and_a_late_checkpoint_gets_its_two() -> None:
    """No database: forms that ask about overlapping days are one form, and one score proves nothing."""
    plan = make_plan(condition_id="carpal_tunnel", weeks=9, checkpoint_weeks=(2, 4, 9))
    rows = [row for row in scale_calendar(plan, "neuropathic_pain", [], START) if row.scale.id == "bctq"]
    assert [(row.due_on - START).days for row in rows if row.week is None] == [-19, -5]
    assert [row.week for row in rows if row.week is not None] == [2, 4, 6, 8]
    longer = make_plan(condition_id="carpal_tunnel", weeks=20, checkpoint_weeks=(2, 4, 6, 18))
    late = [row.week for row in scale_calendar(longer, "neuropathic_pain", [], START) if row.scale.id == "bctq"]
    assert late[-2:] == [16, 18]
    irls = [row.week for row in scale_calendar(make_plan(), "rls", [], START)]
    assert irls == [None, None, 2, 4, 6]
