"""The picture of a person's course shows what stands in the rows, and the same picture stands beside each decision."""

from __future__ import annotations

import datetime as dt

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import release, write
from django.urls import reverse

from openpbm.care.checkpoints.course_picture import course_picture, judged_words
from openpbm.care.events.actions import report_event
from openpbm.care.plans.actions import hold
from openpbm.care.scales.actions import record_diary
from openpbm.report.draw_course import draw_course

pytestmark = pytest.mark.django_db


def test_the_picture_holds_what_was_written_and_is_the_same_at_the_review(house: House) -> None:
    alice, by = house.alice, house.clinician
    today = alice.today()
    plan = release(alice, by, start=today - dt.timedelta(days=14))
    write(plan, today - dt.timedelta(days=14), looked=True)
    record_diary(
        person=alice, date=today, entered_at=dt.datetime.now(dt.UTC), answers={"severity": 4}, by=account_of(alice)
    )
    event, _ = report_event(person=alice, date=today, kind="headache", detail="", grade=1, by=account_of(alice))
    hold(person=alice, cause="question", message="Call first", by=by)

    found = course_picture(alice)
    rows = {row.name: row.items for row in found.rows}
    assert found.lines[0].points == ((today.toordinal(), 4.0),)
    assert [one.lit for one in found.sessions] == [True]
    assert found.sessions[0].fluence_j_cm2
    assert rows["Effects"][0].text == "Headache, grade 1"
    assert rows["Holds"][0].open_end
    assert rows["Lamp"][0].text.endswith("version 1")
    assert judged_words(alice)[0] == "Nothing was judged yet."

    browser = signed_in(by)
    drawn = draw_course(found)
    for route, more in (("home:record", {}), ("events:review", {"event_id": event.pk})):
        page = browser.get(reverse(route, kwargs={"person_id": alice.pk, **more})).content.decode()
        assert drawn in page
        # Whoever decides sees what holds the person, and never has to leave the page to know whom it is about.
        assert 'class="person-banner"' in page
        assert page.index("Call first") < page.index("<h1")
    # The person's own pages have neither: they have their bar.
    own = signed_in(account_of(alice)).get(reverse("people:timeline", kwargs={"person_id": alice.pk})).content.decode()
    assert "person-banner" not in own
    assert "person-pages" not in own
