"""What was tried before is filled in beside the intake, kept with the answers, and read by letter and course."""

from __future__ import annotations

from care.conftest import House, account_of, signed_in
from django.urls import reverse

from openpbm.care.people.actions import record_intake
from openpbm.care.people.selectors import latest_intake, tried_treatments
from openpbm.care.people.summary import summary_of

SENT = {
    "effect_alpha_2_delta": "some",
    "name_alpha_2_delta": "gabapentin",
    "dose_alpha_2_delta": "300 mg",
    "stopped_because_alpha_2_delta": "adverse_effect",
    "adverse_effects_alpha_2_delta": "dizzy",
    "effect_opioid": "none",
    "still_taken_opioid": "yes",
}


def test_treatments_are_recorded_with_the_answers(house: House) -> None:
    client = signed_in(account_of(house.alice))
    answers = {"person": {"age_years": 52, "sex": "female"}, "condition": {"diagnosis": "rls_primary"}}
    record_intake(person=house.alice, document=answers, reason="", by=account_of(house.alice))
    page = reverse("people:intake_step", kwargs={"person_id": house.alice.pk, "step": "treatments"})
    check = reverse("people:intake_step", kwargs={"person_id": house.alice.pk, "step": "check"})
    both = client.post(page, SENT | {"nothing_tried": "on"})
    assert "You also named a treatment" in both.content.decode()
    crossed = client.post(
        page, SENT | {"since_opioid": "2026-05-01", "until_opioid": "2026-03-01", "still_taken_opioid": ""}
    )
    assert "lies before since" in crossed.content.decode()
    assert client.post(page, SENT)["Location"] == check
    assert "gabapentin, 300 mg" in client.get(check).content.decode()
    client.post(check, {"reason": "asked the pharmacy"})
    tried = tried_treatments(house.alice)
    assert [(row.treatment, row.effect, row.still_taken) for row in tried] == [
        ("alpha_2_delta", "some", None),
        ("opioid", "none", True),
    ]
    newest = latest_intake(house.alice)
    assert newest is not None
    facts = dict(summary_of(newest.document).facts)
    assert facts["Tried before: gabapentin, 300 mg"] == "helped some; stopped: side effects; side effects: dizzy"
    shown = client.get(page).content.decode()
    assert 'value="gabapentin"' in shown
    assert '<option value="adverse_effect" selected>' in shown
