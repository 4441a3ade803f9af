"""The diary on a phone: four questions at first sight, a fault said beside its field, a correction by writing again."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.scales.released_course import release
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpbm.care.people.models import Person
from openpbm.care.scales.selectors import diary_days, newest_days


def page(person: Person) -> str:
    return reverse("scales:diary", kwargs={"person_id": person.pk})


def sent(person: Person, **changes: Any) -> dict[Any, Any]:
    return {"entry_id": str(uuid.uuid4()), "date": person.today().isoformat(), **changes}


def test_a_day_is_filled_and_listed(house: House) -> None:
    client = signed_in(account_of(house.alice))
    yesterday = house.alice.today() - dt.timedelta(days=1)
    answers = sent(
        house.alice,
        date=yesterday.isoformat(),
        severity="7",
        onset="21:40",
        sleep_minutes="6.5",
        bother="0",
        at_rest="yes",
        areas=["left leg", "face"],
    )
    response = client.post(page(house.alice), answers, follow=True)
    assert response.redirect_chain[-1][0] == reverse("home:today", kwargs={"person_id": house.alice.pk})
    (day,) = diary_days(newest_days(house.alice))
    assert (day.severity, day.onset, day.sleep_minutes, day.bother) == (7.0, dt.time(21, 40), 390.0, 0.0)
    assert (day.at_rest, day.areas, day.relieved_by_movement) == (True, "left leg, face", None)
    assert "6.5" in client.get(reverse("scales:days", kwargs={"person_id": house.alice.pk})).content.decode()


def test_sending_the_page_twice_leaves_one_entry(house: House) -> None:
    client = signed_in(account_of(house.alice))
    body = sent(house.alice, severity="7")
    client.post(page(house.alice), body)
    client.post(page(house.alice), body)
    assert house.alice.diary.count() == 1


def test_going_back_and_changing_an_answer_corrects_the_day(house: House) -> None:
    client = signed_in(account_of(house.alice))
    body = sent(house.alice, severity="7")
    client.post(page(house.alice), body)
    assert client.post(page(house.alice), {**body, "severity": "4"}).status_code == 302
    assert [day.severity for day in diary_days(newest_days(house.alice))] == [4.0]
    assert house.alice.diary.count() == 2


def test_a_day_that_is_there_is_shown_for_correction(house: House) -> None:
    client = signed_in(account_of(house.alice))
    client.post(page(house.alice), sent(house.alice, severity="7", sleep_minutes="6.25", notes="new pillow"))
    shown = client.get(page(house.alice)).content.decode()
    assert "written down already" in shown
    assert 'value="6.25"' in shown
    assert "new pillow" in shown
    assert 'value="7" class="rating" id="id_severity_7" checked' in shown


def test_a_future_day_is_refused_in_words(house: House) -> None:
    client = signed_in(account_of(house.alice))
    tomorrow = (house.alice.today() + dt.timedelta(days=1)).isoformat()
    assert "has not come yet" in client.get(page(house.alice), {"date": tomorrow}).content.decode()
    response = client.post(page(house.alice), sent(house.alice, severity="7", date=tomorrow))
    assert response.status_code == 422
    assert "has not come yet" in response.content.decode()
    assert house.alice.diary.count() == 0


def test_cramps_are_asked_where_cramps_are_treated(house: House) -> None:
    client = signed_in(account_of(house.alice))
    assert 'name="cramps"' not in client.get(page(house.alice)).content.decode()
    release(house.alice, house.alice.today(), "muscle_spasm")
    assert 'name="cramps"' in client.get(page(house.alice)).content.decode()


@given(
    st.dictionaries(
        st.sampled_from(
            ["severity", "onset", "sleep_minutes", "bother", "awakenings", "areas", "at_rest", "date", "caffeine"]
        ),
        st.text(max_size=12),
        min_size=1,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered_on_the_page(house: House, answers: Any) -> None:
    client = signed_in(account_of(house.alice))
    response = client.post(page(house.alice), sent(house.alice, **answers))
    assert response.status_code in (302, 422), response.content


@pytest.mark.parametrize("route", ["scales:diary", "scales:days", "scales:list"])
def test_who_may_open_it(house: House, route: str) -> None:
    url = reverse(route, kwargs={"person_id": house.alice.pk})
    may = [house.alice.user, house.helper, house.clinician]
    may_not = [house.bob.user, house.carol.user, house.other_clinician, house.auditor, house.admin]
    assert [signed_in(user).get(url).status_code for user in may] == [200] * 3
    refused = [signed_in(user).get(url) for user in may_not]
    assert [response.status_code for response in refused] == [403] * 5
    unknown = signed_in(account_of(house.bob)).get(reverse(route, kwargs={"person_id": uuid.uuid4()}))
    assert unknown.status_code == 403
