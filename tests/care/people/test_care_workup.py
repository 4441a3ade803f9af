"""Tests before light are filled in beside the intake, kept with the answers, and asked for where they are due."""

from __future__ import annotations

from care.conftest import House, account_of, signed_in
from django.urls import reverse

from openpbm.care.people.actions import record_intake
from openpbm.care.people.selectors import latest_intake
from openpbm.care.people.summary import summary_of

SENT = {"done_vitamin_b12": "yes", "result_vitamin_b12": "300", "unit_vitamin_b12": "pmol/l"}
EARLIER = {"test": "vitamin_b12", "result": 250, "unit": "pmol/l", "date": "2020-01-01"}


def test_results_are_recorded_with_the_answers(house: House) -> None:
    client = signed_in(account_of(house.alice))
    person = {"age_years": 52, "sex": "female", "workup": [EARLIER, EARLIER | {"date": "2021-01-01"}]}
    answers = {"person": person, "condition": {"diagnosis": "rls_primary"}}
    record_intake(person=house.alice, document=answers, reason="", by=account_of(house.alice))
    page = reverse("people:intake_step", kwargs={"person_id": house.alice.pk, "step": "workup"})
    check = reverse("people:intake_step", kwargs={"person_id": house.alice.pk, "step": "check"})
    wrong = client.post(page, SENT | {"unit_vitamin_b12": "", "date_vitamin_b12": "2026-01-05"})
    assert "not a unit of vitamin_b12" in wrong.content.decode()
    sent = SENT | {"date_vitamin_b12": "2026-01-05", "done_tsh": "no"}
    assert client.post(page, sent)["Location"] == check
    assert "300 pmol/L, 5 January 2026" in client.get(check).content.decode()
    client.post(check, {"reason": "the letter of the laboratory"})
    newest = latest_intake(house.alice)
    assert newest is not None
    kept = [(row["test"], row.get("date"), row["done"]) for row in newest.document["person"]["workup"][1:]]
    assert kept == [("vitamin_b12", "2026-01-05", True), ("tsh", None, False)]
    assert dict(summary_of(newest.document).facts)["Tested: TSH (thyroid)"] == "not done"
    assert 'value="2026-01-05"' in client.get(page).content.decode()
