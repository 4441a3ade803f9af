"""An effect that matters holds the course in the same transaction and tells the clinic until somebody has signed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from present import present

from openpbm.care.audit.ledger import Conflict
from openpbm.care.audit.verify import verify
from openpbm.care.events.actions import report_event, review_event
from openpbm.care.events.holding import hold_of
from openpbm.care.events.models import AdverseEvent, EventReview
from openpbm.care.events.selectors import course_events
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import lift_hold
from openpbm.care.plans.models import Hold, HoldLift
from openpbm.errors import BadInput, Problem


def write(house: House, kind: str = "blister", **changes: Any) -> tuple[AdverseEvent, bool]:
    given = {
        "person": house.alice,
        "date": house.alice.today(),
        "kind": kind,
        "detail": "",
        "grade": None,
        "by": house.alice.user,
    }
    return report_event(**(given | changes))


def review(house: House, event: Any, **changes: Any) -> tuple[EventReview, bool]:
    given = {
        "event": event,
        "causality": "probable",
        "attributed_to": "heat",
        "serious": False,
        "outcome": "recovered",
        "action": "Distance doubled",
        "by": house.clinician,
        "lift_hold": True,
    }
    return review_event(**(given | changes))


def test_an_effect_that_matters_holds_the_course_and_tells_the_clinic(house: House) -> None:
    event, new = write(house, detail="Marker of a secret")
    assert new
    hold = Hold.objects.get()
    assert (hold.person_id, hold.cause, hold.about_id) == (house.alice.pk, "adverse_event", str(event.pk))
    assert "Blister" in hold.message
    rows = {row.user.username: row for row in Reminder.objects.all()}
    assert set(rows) == {"clara", "alice"}
    assert present(rows["clara"].escalates_at) > timezone.now()
    assert rows["clara"].link == reverse("events:show", kwargs={"person_id": house.alice.pk, "event_id": event.pk})
    said = " ".join([hold.message, *(row.text for row in rows.values())])
    assert "Marker" not in said
    assert verify().faults == ()


def test_an_emergency_escalates_within_the_hour(house: House) -> None:
    write(house, "chest_pain")
    row = Reminder.objects.get(user=house.clinician)
    assert present(row.escalates_at) - row.due_at == dt.timedelta(hours=1)


def test_somebody_without_a_clinic_is_reminded_again_themselves(house: House) -> None:
    event, _ = write(house, person=house.carol, by=house.carol.user)
    row = Reminder.objects.get()
    assert (row.user, row.escalates_at is not None) == (house.carol.user, True)
    assert hold_of(event) is not None


def test_a_mild_effect_is_written_down_without_a_hold(house: House) -> None:
    write(house, "erythema", grade=1)
    assert (Hold.objects.count(), Reminder.objects.count()) == (0, 0)
    assert [(event.line, event.kind, event.grade) for event in course_events(house.alice)] == [(2, "erythema", 1)]


def test_the_same_report_sent_twice_holds_once(house: House) -> None:
    key = uuid.uuid4()
    first, new = write(house, id=key, detail="on the left calf")
    again, new_again = write(house, id=key, detail="on the left calf")
    assert (new, new_again, again.pk) == (True, False, first.pk)
    assert (Hold.objects.count(), AdverseEvent.objects.count(), Reminder.objects.count()) == (1, 1, 2)
    with pytest.raises(Conflict):
        write(house, id=key, detail="on the right calf")


def test_a_correction_supersedes_and_takes_no_hold_away(house: House) -> None:
    first, _ = write(house)
    write(house, "erythema", grade=1, supersedes=first)
    assert [event.kind for event in course_events(house.alice)] == ["erythema"]
    assert Hold.objects.filter(lift=None).count() == 1


def test_when_the_clinic_cannot_be_told_nothing_is_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise BadInput(Problem(message="nobody to tell"))

    monkeypatch.setattr("openpbm.care.events.actions.notify_of_event", fail)
    with pytest.raises(BadInput):
        write(house)
    assert (AdverseEvent.objects.count(), Hold.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"date": dt.date(2199, 1, 1)}, "has not come yet"),
        ({"date": dt.date(1999, 1, 1)}, "check the year"),
        ({"kind": "zebra"}, "not a listed kind"),
        ({"detail": "x" * 4001}, "shorten it to 4000"),
        ({"grade": 7}, "1 to 5"),
    ],
)
def test_what_cannot_be_is_refused(house: House, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        write(house, **changes)
    assert AdverseEvent.objects.count() == 0


def test_a_review_lifts_the_hold_and_settles_what_was_told(house: House) -> None:
    event, _ = write(house)
    row, _ = review(house, event)
    assert (row.signed_name, row.attributed_to) == ("Clara", "heat")
    assert HoldLift.objects.get().hold_id == present(hold_of(event)).pk
    assert set(Reminder.objects.values_list("state", flat=True)) == {Reminder.State.DONE}
    assert verify().faults == ()


def test_a_review_may_leave_the_hold_and_a_later_one_lift_it(house: House) -> None:
    event, _ = write(house)
    review(house, event, lift_hold=False, outcome="recovering")
    assert HoldLift.objects.count() == 0
    review(house, event)
    review(house, event)
    assert (HoldLift.objects.count(), event.reviews.count()) == (1, 3)


def test_what_was_escalated_is_settled_too(house: House) -> None:
    from openpbm.care.jobs.escalate import escalate_due

    event, _ = write(house)
    escalate_due(timezone.now() + dt.timedelta(days=2))
    assert Reminder.objects.filter(kind="escalation").exists()
    review(house, event)
    assert not Reminder.objects.exclude(state=Reminder.State.DONE).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "not_recovered"}, "sessions stay on hold"),
        ({"outcome": "fatal"}, "sessions stay on hold"),
        ({"causality": "sure"}, "must be one of certain"),
        ({"attributed_to": "moon"}, "must be one of"),
        ({"outcome": ""}, "must be one of"),
        ({"action": " "}, "say what was done"),
    ],
)
def test_a_review_that_cannot_be_is_refused(house: House, changes: dict[str, Any], said: str) -> None:
    event, _ = write(house)
    with pytest.raises(BadInput, match=said):
        review(house, event, **changes)
    assert (event.reviews.count(), HoldLift.objects.count()) == (0, 0)


def report_url(person: Person) -> str:
    return reverse("events:report", kwargs={"person_id": person.pk})


def test_the_page_shows_the_advice_after_saving_and_that_nobody_watches(house: House) -> None:
    client = signed_in(account_of(house.alice))
    body = {"event_id": str(uuid.uuid4()), "kind": "chest_pain", "date": house.alice.today().isoformat(), "grade": "3"}
    assert "Nobody watches this page live" in client.get(report_url(house.alice)).content.decode()
    page = client.post(report_url(house.alice), body, follow=True).content.decode()
    assert "Call your local emergency number now" in page
    assert "Nobody watches this live" in page
    assert "on hold" in page
    assert "Severe, 3 of 5" in page
    assert client.post(report_url(house.alice), body).status_code == 302
    assert AdverseEvent.objects.count() == 1


def test_the_advice_can_be_read_before_anything_is_saved(house: House) -> None:
    client = signed_in(account_of(house.alice))
    body = {"kind": "burn", "date": house.alice.today().isoformat(), "preview": "1"}
    whole = client.post(report_url(house.alice), body).content.decode()
    part = client.post(report_url(house.alice), body, headers={"HX-Request": "true"}).content.decode()
    for page in (whole, part):
        assert "Burnt skin gets no light" in page
        assert "Nothing is saved yet" in page
    assert "<html" in whole
    assert "<html" not in part
    nothing = client.post(report_url(house.alice), {"preview": "1"}, headers={"HX-Request": "true"})
    assert (nothing.status_code, "Choose what happened" in nothing.content.decode()) == (200, True)
    assert AdverseEvent.objects.count() == 0


def test_going_back_and_changing_the_report_corrects_it(house: House) -> None:
    client = signed_in(account_of(house.alice))
    body = {"event_id": str(uuid.uuid4()), "kind": "erythema", "date": house.alice.today().isoformat(), "grade": "1"}
    client.post(report_url(house.alice), body)
    assert client.post(report_url(house.alice), {**body, "kind": "blister"}).status_code == 302
    assert [event.kind for event in course_events(house.alice)] == ["blister"]


def test_a_clinician_reviews_with_a_signature(house: House) -> None:
    event, _ = write(house, detail="Marker <b>bold</b>")
    url = reverse("events:review", kwargs={"person_id": house.alice.pk, "event_id": event.pk})
    client = signed_in(house.clinician)
    page = client.get(url).content.decode()
    assert "Marker &lt;b&gt;bold" in page
    body = {
        "causality": "certain",
        "attributed_to": "device",
        "outcome": "recovered",
        "action": "Lamp put away for good",
        "lift_hold": "on",
    }
    assert client.post(url, {**body, "password": "wrong"}).status_code == 422
    assert event.reviews.count() == 0
    assert client.post(url, {**body, "outcome": "fatal", "password": PASSWORD}).status_code == 422
    response = client.post(url, {**body, "review_id": str(uuid.uuid4()), "password": PASSWORD}, follow=True)
    assert "Hold lifted" in response.content.decode()
    assert "Clara" in response.content.decode()


def test_review_and_hold_are_one_page_with_what_was_reported(house: House) -> None:
    """A blister's hold was lifted with "ok" on a page that did not show it."""
    event, _ = write(house, detail="Marker: left calf, as large as a coin", grade=2)
    write(house, supersedes=event, detail="Marker: now open", grade=3)
    old, new = Hold.objects.order_by("audit_number")
    newest = AdverseEvent.objects.get(supersedes=event)
    client = signed_in(house.clinician)
    at = {"person_id": house.alice.pk}
    here = reverse("events:review", kwargs=at | {"event_id": newest.pk})
    for hold in (old, new):
        led = client.get(reverse("plans:lift_hold", kwargs=at | {"hold_id": hold.pk}))
        assert (led.status_code, led.headers["Location"]) == (302, here)
    assert client.get(reverse("events:review", kwargs=at | {"event_id": event.pk})).headers["Location"] == here
    page = client.get(here).content.decode()
    for said in ("Marker: left calf, as large as a coin", "Marker: now open", "3 of 5", "2 of 5"):
        assert said in page
    body = {"causality": "certain", "outcome": "recovered", "lift_hold": "on", "password": PASSWORD}
    for bare in ("ok", "Ok. All fine.", "looked at it, go on", "ja, passt alles"):
        assert client.post(here, body | {"action": bare}).status_code == 422, bare
    assert HoldLift.objects.count() == 0
    assert client.post(here, body | {"action": "Seen: dry and closed"}).status_code == 302
    assert HoldLift.objects.count() == 2


def test_a_hold_of_an_effect_is_not_lifted_past_its_review(house: House) -> None:
    event, _ = write(house)
    hold = present(hold_of(event))
    with pytest.raises(BadInput, match="has not been reviewed"):
        lift_hold(hold=hold, reason="Seen in the clinic today", by=house.clinician)
    later, _ = write(house, supersedes=event, detail="worse", grade=3)
    with pytest.raises(BadInput, match="corrected since"):
        review(house, event)
    review(house, later)
    assert not Hold.objects.filter(lift=None).exists()


def test_alone_the_hold_is_lifted_on_a_page_with_what_was_reported(house: House) -> None:
    event, _ = write(house, person=house.carol, by=house.carol.user, detail="Marker: burnt and open", grade=3)
    where = reverse("plans:lift_hold", kwargs={"person_id": house.carol.pk, "hold_id": present(hold_of(event)).pk})
    client = signed_in(account_of(house.carol))
    page = client.get(where)
    assert "Marker: burnt and open" in page.content.decode()
    assert "3 of 5" in page.content.decode()
    sent = {
        "agreed_by": "Dr Example, dermatologist", "contact": "030 555 0142", "reason": "Seen and dressed, has closed",
        "password": PASSWORD, "read": page.context["cause"].digest,
    }  # fmt: skip
    write(house, person=house.carol, by=house.carol.user, detail="Marker: pus", grade=3, supersedes=event)
    again = client.post(where, sent)
    assert "More was written about it" in again.content.decode()
    assert "Marker: pus" in again.content.decode()
    assert client.post(where, sent | {"read": again.context["cause"].digest}).status_code == 302


def test_who_may_open_it(house: House) -> None:
    event, _ = write(house, detail="MarkerOfAlice")
    one = {"person_id": house.alice.pk, "event_id": event.pk}
    urls = [report_url(house.alice), reverse("events:list", kwargs={"person_id": house.alice.pk})]
    urls.append(reverse("events:show", kwargs=one))
    review_url = reverse("events:review", kwargs=one)
    for user in (house.alice.user, house.helper, house.clinician):
        client = signed_in(user)
        assert [client.get(url).status_code for url in urls] == [200] * 3
    assert signed_in(account_of(house.alice)).get(review_url).status_code == 403
    assert signed_in(house.helper).get(review_url).status_code == 403
    for user in (house.bob.user, house.carol.user, house.other_clinician, house.auditor, house.admin):
        client = signed_in(user)
        assert [client.get(url).status_code for url in [*urls, review_url]] == [403] * 4
    elsewhere = reverse("events:show", kwargs={"person_id": house.bob.pk, "event_id": event.pk})
    assert signed_in(account_of(house.bob)).get(elsewhere).status_code == 403


@given(
    st.dictionaries(st.sampled_from(["kind", "date", "grade", "detail", "event_id"]), st.text(max_size=20), min_size=1)
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered_on_the_page(house: House, answers: Any) -> None:
    body = {"kind": "headache", "date": house.alice.today().isoformat(), "grade": "1", **answers}
    assert signed_in(account_of(house.alice)).post(report_url(house.alice), body).status_code in (302, 422)


@pytest.mark.parametrize("who", ["other_clinician", "auditor", "admin", "helper"])
def test_nobody_but_a_clinician_of_the_clinic_reviews(house: House, who: str) -> None:
    event, _ = write(house)
    with pytest.raises(PermissionDenied):
        review(house, event, by=getattr(house, who), lift_hold=False)
    assert not event.reviews.exists()
    assert Reminder.objects.exclude(state="done").exists()
