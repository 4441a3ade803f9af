"""A cramp is written down as it comes, one tap each; what the diary counts that day is never counted twice."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from care.conftest import House, account_of, signed_in
from django.urls import reverse
from django.utils import timezone

from openpbm.care.scales.actions import record_diary
from openpbm.care.scales.models import SpasmRecord
from openpbm.care.scales.selectors import newest_days, recorded_spasms


def sent(house: House, **changes: Any) -> dict[str, Any]:
    taps = {"muscle": "calf", "seconds": "60", "pain": "7", "trigger": "stretching"}
    return {"spasm_id": str(uuid.uuid4()), "date": house.alice.today().isoformat(), "time": "03:10", **taps, **changes}


def test_a_cramp_is_tapped_counted_once_and_can_be_taken_back(house: House) -> None:
    client, url = signed_in(account_of(house.alice)), reverse("scales:spasms", kwargs={"person_id": house.alice.pk})
    body = sent(house)
    assert [client.post(url, body).status_code for _ in range(2)] == [302, 302]
    client.post(url, sent(house, muscle="foot", seconds="", pain="", trigger=""))
    record_diary(
        person=house.alice, date=house.alice.today(), entered_at=timezone.now(), answers={"cramps": 3},
        by=account_of(house.alice),
    )  # fmt: skip
    first, second, third = recorded_spasms(house.alice, newest_days(house.alice))
    assert (first.muscle, first.seconds, first.pain, first.time) == ("calf", 60.0, 7.0, dt.time(3, 10))
    assert (second.muscle, second.seconds, third.muscle) == ("foot", None, "")
    shown = client.get(url).content.decode()
    assert "about a minute, pain 7 of 10, stretching" in shown
    assert 'value="foot" id="id_muscle_1"' in shown
    assert ' id="id_muscle_1" checked' not in shown
    dropped = SpasmRecord.objects.get(muscle="foot")
    client.post(url, {"drop": str(dropped.pk)})
    assert client.post(url, {"drop": str(dropped.pk)}).status_code == 302
    assert SpasmRecord.objects.count() == 3
    assert [row.muscle for row in recorded_spasms(house.alice, newest_days(house.alice))] == ["calf", "", ""]


def test_nobody_takes_back_a_cramp_of_somebody_else(house: House) -> None:
    url = reverse("scales:spasms", kwargs={"person_id": house.alice.pk})
    signed_in(account_of(house.alice)).post(url, sent(house))
    other = signed_in(account_of(house.bob)).post(
        reverse("scales:spasms", kwargs={"person_id": house.bob.pk}), {"drop": str(SpasmRecord.objects.get().pk)}
    )
    assert other.status_code == 403
    assert len(recorded_spasms(house.alice, newest_days(house.alice))) == 1
