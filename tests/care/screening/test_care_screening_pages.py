"""Every reason with its source on the page; a red flag's letter; a request without minutes for who is alone."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from care.conftest import BORN, PASSWORD, House, account_of, signed_in
from care.plans.planned_people import LAMP, answer, first_plan, lamp_of, screened
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.text import capfirst

from openpbm.care.documents.render import pdf
from openpbm.care.screening.models import RuleRelease, ScreeningRow
from openpbm.facts.rules import Rule, rules
from openpbm.facts.sites import sites
from openpbm.wording import URGENCY

RELATIVE = next(
    rule for rule in rules if rule.level == "relative" and rule.when.finding and not rule.sites and not rule.programmes
)
FLAG = next(rule for rule in rules if rule.id == "breathing_or_swallowing_trouble")
PLACES = {
    "lamps-TOTAL_FORMS": "0", "lamps-INITIAL_FORMS": "0", "places-TOTAL_FORMS": "2", "places-INITIAL_FORMS": "0",
    "places-0-place": "posterior_calf:gastrocnemius", "places-0-side": "both",
    "places-1-place": "", "places-1-side": "both",
}  # fmt: skip


def one(name: str, row: Any, **query: Any) -> str:
    return reverse(f"screening:{name}", args=[row.person_id, row.pk], query=query)


def found(rule: Rule) -> dict[str, Any]:
    return {f"person__findings__{rule.when.finding}": True}


def test_the_form_screens_once_however_often_it_is_sent(house: House) -> None:
    answer(house.alice, house.clinician)
    lamp = lamp_of(house)
    client = signed_in(house.clinician)
    where = reverse("screening:new", args=[house.alice.pk])
    page = client.get(where).content.decode()
    given = page.split('name="id" value="')[1].split('"')[0]
    sent = PLACES | {"id": given, "lamp": lamp.pk, "distance_cm": "15", "start_date": "2026-12-01"}
    for _ in range(2):
        moved = client.post(where, sent)
    row = ScreeningRow.objects.get()
    assert moved["Location"] == one("show", row)
    assert str(row.pk) == given
    assert "Light may be planned" in client.get(moved["Location"]).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"distance_cm": "nan"}, {"distance_cm": "999"}, {"places-0-place": "head:brain"}, {"start_date": "1066-01-01"}],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_written(house: House, wrong: dict[str, Any]) -> None:
    answer(house.alice, house.clinician)
    sent = PLACES | {"lamp": lamp_of(house).pk, "distance_cm": "15", "start_date": "2026-12-01"} | wrong
    answered = signed_in(house.clinician).post(reverse("screening:new", args=[house.alice.pk]), sent)
    assert answered.status_code == 422
    assert "error-summary" in answered.content.decode()
    assert not ScreeningRow.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"distance_cm": "180"}, "Outside of 0 to 150 cm. Is this the distance in centimetres?"),
        ({"start_date": "2001-12-01"}, "Is this the first day of the course? Correct it."),
        ({"places_at_once": "3"}, "Only 2 places are treated. Correct it, or add the other places."),
    ],
)
def test_a_page_speaks_of_no_case_file(house: House, wrong: dict[str, Any], told: str) -> None:
    """`[confirm] values = ["distance_mm"]` was shown to people, in a unit that the page does not ask in."""
    answer(house.alice, house.clinician)
    sent = PLACES | {"lamp": lamp_of(house).pk, "distance_cm": "15", "start_date": "2026-12-01"} | wrong
    page = signed_in(house.clinician).post(reverse("screening:new", args=[house.alice.pk]), sent).content.decode()
    assert told in page
    assert "[confirm]" not in page
    assert "[[sites]]" not in page


def test_somebody_elses_lamp_is_no_choice(house: House) -> None:
    answer(house.bob, house.other_clinician)
    lamp = lamp_of(house)
    sent = PLACES | {"lamp": lamp.pk, "start_date": "2026-12-01"}
    answered = signed_in(house.other_clinician).post(reverse("screening:new", args=[house.bob.pk]), sent)
    assert answered.status_code in (200, 422)
    assert not ScreeningRow.objects.exists()


def test_a_reason_is_shown_with_rule_source_and_whether_it_was_checked(house: House) -> None:
    answer(house.alice, house.clinician, **found(RELATIVE))
    row = screened(house.alice, lamp_of(house), house.clinician)
    page = signed_in(house.clinician).get(one("show", row)).content.decode()
    assert f"Rule <code>{RELATIVE.id}</code>" in page
    assert f"source <code>{RELATIVE.source}</code>" in page
    assert f"?rule={RELATIVE.id}" in page


def test_a_rule_is_released_on_its_page_with_reason_and_password(house: House) -> None:
    answer(house.alice, house.clinician, **found(RELATIVE))
    row = screened(house.alice, lamp_of(house), house.clinician)
    client = signed_in(house.clinician)
    assert RELATIVE.message[:30] in client.get(one("release", row, rule=RELATIVE.id)).content.decode()
    sent = {"rule": RELATIVE.id, "reason": "Seen and examined", "password": "wrong"}
    assert client.post(one("release", row), sent).status_code == 422
    assert not RuleRelease.objects.exists()
    assert client.post(one("release", row), sent | {"password": PASSWORD}).status_code == 302
    assert RuleRelease.objects.get().reason == "Seen and examined"


def test_a_red_flag_shows_route_and_urgency_and_offers_no_release(house: House) -> None:
    answer(house.alice, house.clinician, **found(FLAG), condition__diagnosis="dpn", condition__usual_onset=...)
    row = screened(house.alice, lamp_of(house), house.clinician)
    client = signed_in(house.clinician)
    page = client.get(one("show", row)).content.decode()
    assert row.verdict == "refer"
    assert "Emergency: now. Call your local emergency number." in page
    assert "emergency services" in page
    assert f"?rule={FLAG.id}" not in page
    sent = {"rule": FLAG.id, "reason": "Seen and examined", "password": PASSWORD}
    refused = client.post(one("release", row), sent)
    assert refused.status_code == 422
    assert "nobody can release" in refused.content.decode()


def test_the_referral_letter_names_person_flag_route_and_medicines_and_no_codes(house: House) -> None:
    answer(
        house.alice, house.clinician, **found(FLAG), person__medications=["pramipexole"],
        condition__diagnosis="dpn", condition__usual_onset=...,
    )  # fmt: skip
    screened(house.alice, lamp_of(house), house.clinician)
    client = signed_in(house.clinician)
    page = client.get(reverse("screening:referral", args=[house.alice.pk])).content.decode()
    paper = client.get(reverse("screening:referral_pdf", args=[house.alice.pk]))
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-1.7")
    for text in ("MarkerAlice", f"4 May {BORN:%Y}", "emergency services", "pramipexole", "Source: ", "850 nm"):
        assert text in page, text
    # Said once, at the head: it stood a second time beside the only sign it was about.
    assert page.count(URGENCY["emergency"]) == 1
    # "a foot?; Has a check": each question ends by itself.
    assert "?;" not in page
    # Another clinic knows none of our ids.
    assert FLAG.id not in page
    assert FLAG.source not in page


def test_the_letter_takes_what_was_written_as_text_and_not_as_markup(house: House) -> None:
    hostile = '#panic("x") ]#eval("1") $x$ <b> \\ "'
    context = {
        "title": hostile, "author": "Clara", "notice": "n", "head": [[hostile, hostile]],
        "urgency": hostile, "why": "w",
        "flags": [dict.fromkeys(("message", "when", "route", "source"), hostile)],
        "person": [], "light": [], "light_note": "", "asks": [hostile], "signed": "s", "date": "d",
    }  # fmt: skip
    paper = pdf("referral", context)
    assert paper == pdf("referral", context)
    shown = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    assert '#panic("x")' in shown


def test_a_letter_before_any_screening_says_what_is_missing(house: House) -> None:
    client = signed_in(house.clinician)
    for name in ("referral", "referral_pdf"):
        page = client.get(reverse(f"screening:{name}", args=[house.alice.pk])).content.decode()
        assert "There is no screening yet" in page


def test_alone_with_a_strong_lamp_gets_a_request_without_minutes(house: House) -> None:
    carol = house.carol
    answer(carol, carol.user)
    strong = LAMP | {"emitters": [LAMP["emitters"][0] | {"power_mw": 2000, "rows": 1, "columns": 1}]}
    lamp = lamp_of(house, document=strong, clinic=None, owner=carol.user, by=carol.user)
    row = screened(carol, lamp, carol.user, distance_mm=50.0)
    client = signed_in(account_of(carol))
    page = client.get(one("show", row)).content.decode()
    assert "Ask a clinician" in page
    assert "Make the plan" not in page
    request = client.get(one("request", row)).content.decode()
    assert "lamp_not_eye_safe" in request
    assert "J/cm" not in request.split("</main>")[0].split("What to look at")[0]


def test_a_clinics_patient_does_not_screen_themselves(house: House) -> None:
    answer(house.alice, house.clinician)
    row = screened(house.alice, lamp_of(house), house.clinician)
    for who in (house.alice.user, house.helper, house.bob.user, house.other_clinician, house.admin):
        client = signed_in(who)
        for where in (reverse("screening:new", args=[house.alice.pk]), one("show", row), one("request", row)):
            assert client.get(where).status_code == 403


@pytest.mark.parametrize("name", ["home:today", "checkpoints:my_course", "sessions:guide", "sessions:my_lamp"])
def test_whoever_may_have_no_light_reads_why_and_where_to_go_on_every_page_of_theirs(house: House, name: str) -> None:
    page_of = reverse(name, args=[house.alice.pk])
    client = signed_in(account_of(house.alice))
    answer(house.alice, house.clinician)
    screened(house.alice, lamp_of(house), house.clinician)
    assert 'id="no-light"' not in client.get(page_of).content.decode()
    answer(house.alice, house.clinician, person__findings__foot_ulcer=True)
    row = screened(house.alice, lamp_of(house), house.clinician)
    assert row.verdict == "refer"
    page = client.get(page_of).content.decode()
    assert "See a health professional first" in page
    ulcer = next(reason for reason in row.result["reasons"] if reason["rule"] == "foot_ulcer")
    assert conditional_escape(ulcer["message"]) in page
    assert "foot_ulcer" not in page  # an id says nothing to a patient
    assert "within 24 hours" in page
    assert "once one is released" not in page


def test_every_place_is_offered_in_plain_words_and_the_face_refers(house: House) -> None:
    answer(house.alice, house.clinician)
    lamp, client = lamp_of(house), signed_in(house.clinician)
    where = reverse("screening:new", args=[house.alice.pk])
    page = client.get(where).content.decode()
    for site in sites:
        assert f'value="{site.id}:{site.targets[0].id}"' in page, site.id
    assert 'label="Face (a specialist decides)"' in page
    sent = PLACES | {"lamp": lamp.pk, "distance_cm": "15", "start_date": "2026-12-01"}
    for place, verdict in (("face:infraorbital_nerve", "refer"), ("thorax:intercostal_nerve", "allowed")):
        moved = client.post(where, sent | {"places-0-place": place})
        row = ScreeningRow.objects.order_by("-audit_number").first()
        assert row is not None
        assert row.verdict == verdict
        shown = client.get(moved["Location"]).content.decode()
        name, target = place.split(":")
        said = f"{sites[name].plain_name}, both sides, meant for the {sites[name].target(target).plain_name}"
        assert capfirst(said) in shown


def test_what_was_measured_at_a_place_is_kept_and_held_against_people_alike(house: House) -> None:
    """A fat of 90 mm over a calf is a slip of the pen, on the page as in a case file."""
    answer(house.alice, house.clinician)
    client, where = signed_in(house.clinician), reverse("screening:new", args=[house.alice.pk])
    sent = PLACES | {"lamp": lamp_of(house).pk, "distance_cm": "15", "start_date": "2026-12-01"}
    slip = client.post(where, sent | {"places-0-fat_mm": "90"})
    assert slip.status_code == 422
    assert list(slip.context["places"].forms[0].errors) == ["fat_mm"]
    assert "Outside of" in slip.content.decode()
    assert not ScreeningRow.objects.exists()
    assert client.post(where, sent | {"places-0-fat_mm": "8", "places-0-target_depth_mm": "22"}).status_code == 302
    kept = ScreeningRow.objects.get().case["sites"][0]
    assert (kept["fat_mm"], kept["target_depth_mm"], "skinfold_mm" in kept) == (8.0, 22.0, False)


def test_the_drawn_body_has_every_place_and_says_what_is_planned(house: House) -> None:
    first_plan(house)
    page = signed_in(house.clinician).get(reverse("screening:new", args=[house.alice.pk])).content.decode()
    assert page.count('role="button"') == 2 * len(sites.ids)
    assert 'aria-label="back of the calf, left, planned already"' in page
    assert 'aria-label="lower back, left"' in page
    assert "A plan lights these places already, ringed in the drawing: back of the calf, both sides." in page
