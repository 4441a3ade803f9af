"""What a symptom felt like is tapped on, area by area; a warning sign among it holds the sessions at once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from care.conftest import House, account_of, signed_in
from django.urls import reverse
from django.utils import timezone

from openpbm.care.jobs.models import Reminder
from openpbm.care.plans.hold_causes import cause_of
from openpbm.care.scales.actions import record_diary
from openpbm.care.scales.selectors import diary_days, newest_days


def sent(house: House, **changes: Any) -> dict[str, Any]:
    return {"entry_id": str(uuid.uuid4()), "date": house.alice.today().isoformat(), **changes}


def test_what_was_tapped_on_is_kept_and_shown_again(house: House) -> None:
    client, url = signed_in(account_of(house.alice)), reverse("scales:diary", kwargs={"person_id": house.alice.pk})
    body = sent(house, severity="5", felt_left_leg=["crawling", "burning"], felt_right_foot=["numb"])
    assert client.post(url, body).status_code == 302
    (day,) = diary_days(newest_days(house.alice))
    assert (day.sensations, day.areas) == ("left leg: crawling, burning; right foot: numb", "left leg, right foot")
    shown = client.get(url).content.decode()
    assert 'name="felt_left_leg" value="burning" id="id_felt_left_leg_' in shown
    assert shown.count("checked") >= 5
    assert not house.alice.holds.exists()
    both = client.post(url, sent(house, felt_nothing="on", felt_face=["numb"]))
    assert both.status_code == 422
    assert "Keep one of the two" in both.content.decode()


def test_a_warning_sign_holds_the_sessions_once_and_says_what_to_do(house: House) -> None:
    client, url = signed_in(account_of(house.alice)), reverse("scales:diary", kwargs={"person_id": house.alice.pk})
    said = client.post(url, sent(house, felt_new=["new_weakness"]), follow=True).content.decode()
    assert "Have it examined today" in said
    (hold,) = house.alice.holds.all()
    assert hold.cause == "red_flag"
    cause = cause_of(hold)
    assert cause is not None
    assert "new limb weakness" in dict(cause.facts)
    told = Reminder.objects.filter(kind="warning_sign")
    assert {row.user for row in told} >= {house.clinician, house.alice.user}
    assert not any("weak" in row.text for row in told)
    yesterday = house.alice.today() - dt.timedelta(days=1)
    record_diary(
        person=house.alice, date=yesterday, entered_at=timezone.now(), answers={"sensations": "weaker"},
        by=account_of(house.alice),
    )  # fmt: skip
    assert house.alice.holds.count() == 1


def test_the_api_takes_the_same_words_and_refuses_others(house: House) -> None:
    client, url = signed_in(account_of(house.alice)), f"/api/people/{house.alice.pk}/diary"
    body = {"id": str(uuid.uuid4()), "date": house.alice.today().isoformat(), "entered_at": timezone.now().isoformat()}
    answers = {"sensations": "left foot: pins and needles; Seeing double"}
    kept = client.post(url, {**body, "answers": answers}, content_type="application/json")
    assert kept.json()["content"]["answers"]["sensations"] == "double_vision; left foot: tingling"
    assert house.alice.holds.filter(cause="red_flag").count() == 1
    wrong = client.post(
        url,
        {**body, "id": str(uuid.uuid4()), "answers": {"sensations": "left leg: bliss"}},
        content_type="application/json",
    )
    assert wrong.status_code == 400
    assert "not a listed sensation" in wrong.json()["problems"][0]["message"]
