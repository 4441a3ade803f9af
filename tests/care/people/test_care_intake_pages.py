"""The intake page by page: what is left open stays unknown, what is wrong is said at its field."""

from __future__ import annotations

from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from django.test import Client
from django.urls import reverse
from present import present

from openpbm.care.people.models import Identity, Intake, Person
from openpbm.care.people.selectors import latest_intake


@pytest.fixture
def house(house: House) -> House:
    """The clinics, with no date of birth on file: these pages ask for the age."""
    house.alice.set_identity(Identity(name=house.alice.identity.name))
    house.alice.save()
    return house


def step_url(person: Person, step: Any) -> str:
    return reverse("people:intake_step", kwargs={"person_id": person.pk, "step": step})


def fill(client: Client, person: Person, **pages: Any) -> Any:
    """Send the pages in their order, each as given; the others empty. Returns the last answer."""
    url = step_url(person, "about")
    for _ in range(20):
        step = url.rstrip("/").rsplit("/", 1)[-1]
        answer = client.post(url, pages.get(step.replace("-", "_"), {}))
        if answer.status_code == 200:
            return answer
        url = answer["Location"]
        if step == "check":
            return answer
    raise AssertionError("the pages never end")


COMPLAINT = {"diagnosis": "rls_primary", "confirmed_by": "neurologist", "usual_onset": "21:30"}


def test_r_004_11_from_the_first_page_to_the_record(house: House) -> None:
    client = signed_in(account_of(house.alice))
    answer = fill(
        client,
        house.alice,
        about={"age_years": "52", "sex": "female", "height_cm": "166", "weight_kg": "68.5", "skin_type": "2"},
        complaint=COMPLAINT,
        skin={"malignancy_known": "unknown", "rest_is_no": "on"},
        health={"pregnant": "no"},
        illnesses={"dialysis": "yes"},
        medicines={"medicine_0": "pramipexole", "medicine_2": "iron"},
        iron={"ferritin_ug_l": "118", "date": "2026-10-20"},
    )
    assert answer.status_code == 302
    row = present(latest_intake(house.alice))
    person = row.document["person"]
    assert row.created_by == house.alice.user
    assert (person["age_years"], person["skin_type"], person["pregnant"]) == (52, 2, False)
    assert person["medications"] == ["pramipexole", "iron"]
    assert person["labs"] == {"ferritin_ug_l": 118, "date": "2026-10-20"}
    assert person["findings"]["malignancy_known"] == "unknown"
    assert person["findings"]["albinism"] is False, "the tick answered what was left open on that page"
    assert person["findings"]["dialysis"] is True
    assert "copd" not in person["findings"], "a page without the tick leaves open what was left open"
    assert row.document["condition"] == {
        "diagnosis": "rls_primary", "confirmed_by": "neurologist", "usual_onset": "21:30"
    }  # fmt: skip
    page = client.get(reverse("people:intake", args=[house.alice.pk])).content.decode()
    assert "Are you on dialysis?" in page
    assert "Restless legs" in page


def test_nothing_said_is_not_known_and_no_medicines_is_an_answer(house: House) -> None:
    fill(signed_in(account_of(house.alice)), house.alice, complaint=COMPLAINT)
    person = present(latest_intake(house.alice)).document["person"]
    assert "medications" not in person
    assert "age_years" not in person
    assert person.get("pregnant") is None
    assert not person.get("findings")
    fill(signed_in(account_of(house.alice)), house.alice, complaint=COMPLAINT, medicines={"none_taken": "on"})
    assert present(latest_intake(house.alice)).document["person"]["medications"] == []


def test_a_man_is_not_asked_whether_he_is_pregnant(house: House) -> None:
    client = signed_in(account_of(house.alice))
    client.post(step_url(house.alice, "about"), {"sex": "male"})
    assert "pregnant" not in client.get(step_url(house.alice, "health")).content.decode()
    client.post(step_url(house.alice, "about"), {"sex": "female"})
    assert "pregnant, or could you be" in client.get(step_url(house.alice, "health")).content.decode()


@pytest.mark.parametrize(
    ("step", "sent", "field", "says"),
    [
        ("about", {"age_years": "130"}, "age_years", "must be at most 120"),
        ("about", {"height_cm": "tall"}, "height_cm", "Enter a number"),
        ("complaint", {"diagnosis": ""}, "diagnosis", "required"),
        ("complaint", {"diagnosis": "scurvy"}, "diagnosis", "Select a valid choice"),
        ("medicines", {"medicine_0": "iron", "none_taken": "on"}, "none_taken", "You also named a medicine"),
        ("medicines", {"medicine_1": "Amelux 78 mg"}, "medicine_1", "Did you mean Ameluz"),
        ("medicines", {"medicine_0": "Zoloft, foobarol"}, "medicine_0", "We do not know “foobarol”"),
        ("medicines", {"medicine_0": "none"}, "medicine_0", "none is taken"),
        ("medicines", {"medicine_0": "none", "keep_names": "on"}, "medicine_0", "none is taken"),
        ("iron", {"ferritin_ug_l": "-4"}, "ferritin_ug_l", "must be at least 0"),
        ("about", {"age_years": "nan"}, "age_years", "Enter a number"),
        ("about", {"height_cm": "68", "weight_kg": "166"}, "height_cm", "not the weight"),
        ("about", {"weight_kg": "4", "height_cm": "166"}, "weight_kg", "not the height"),
        ("about", {"weight_kg": "240", "height_cm": "130"}, "height_cm", "not exchanged"),
        (
            "iron",
            {"transferrin_saturation_percent": "0.27", "date": "2026-10-20"},
            "transferrin_saturation_percent",
            "no fraction",
        ),
        ("iron", {"ferritin_ug_l": "15000", "date": "2026-10-20"}, "ferritin_ug_l", "micrograms"),
        ("iron", {"ferritin_ug_l": "118", "date": "1926-10-20"}, "date", "day of the blood test"),
        ("iron", {"ferritin_ug_l": "118"}, "date", "When was the blood taken"),
        ("iron", {"ferritin_ug_l": "118", "transferrin_saturation_date": "2026-10-20"}, "date", "When was"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    house: House, step: str, sent: dict[str, Any], field: str, says: str
) -> None:
    client = signed_in(account_of(house.alice))
    client.post(step_url(house.alice, "complaint"), COMPLAINT)
    answer = client.post(step_url(house.alice, step), sent)
    assert answer.status_code == 200
    assert says in " ".join(answer.context["form"].errors[field])
    assert "Please check your answers" in answer.content.decode()


def test_a_value_that_hardly_can_be_is_taken_once_it_is_confirmed(house: House) -> None:
    client = signed_in(account_of(house.alice))
    about = {"age_years": "40", "height_cm": "112", "weight_kg": "38"}
    asked = client.post(step_url(house.alice, "about"), about)
    assert 'name="confirm_height_cm"' in asked.content.decode()
    fill(client, house.alice, about=about | {"confirm_height_cm": "on"}, complaint=COMPLAINT)
    document = present(latest_intake(house.alice)).document
    assert document["confirm"] == {"values": ["height_cm"]}
    page = client.get(step_url(house.alice, "about")).content.decode()
    assert 'name="confirm_height_cm"' in page
    fill(client, house.alice, about=about | {"height_cm": "162"}, complaint=COMPLAINT)
    assert not present(latest_intake(house.alice)).document.get("confirm")


def test_what_is_confirmed_is_a_value_and_not_a_field(house: House) -> None:
    """One tick for the height covered every height after it."""
    client = signed_in(account_of(house.alice))

    def asks(**sent: str) -> bool:
        answer = client.post(step_url(house.alice, "about"), {"age_years": "40", "weight_kg": "38"} | sent)
        page = answer.content.decode()
        assert answer.status_code == 302 or "checked" not in page.partition('name="confirm_height_cm"')[2][:200]
        return answer.status_code == 200

    assert asks(height_cm="112")
    assert not asks(height_cm="112", confirm_height_cm="112")
    # As it was, the tick still holds; of another value it says nothing, whoever sends it and however.
    assert not asks(height_cm="112.0", confirm_height_cm="112")
    assert asks(height_cm="111", confirm_height_cm="112")
    assert asks(height_cm="111", confirm_height_cm="on")
    assert not asks(height_cm="111", confirm_height_cm="111")
    # Another implausible value on its heels, and the pair of two values as one.
    assert asks(height_cm="109", confirm_height_cm="111")
    assert not asks(height_cm="170", weight_kg="36", confirm_body_mass_index="170|36")
    assert asks(height_cm="171", weight_kg="35", confirm_body_mass_index="170|36")


def test_a_value_without_a_day_is_kept_when_nobody_knows_the_day(house: House) -> None:
    client = signed_in(account_of(house.alice))
    fill(client, house.alice, complaint=COMPLAINT, iron={"ferritin_ug_l": "22", "day_unknown": "on"})
    assert present(latest_intake(house.alice)).document["person"]["labs"] == {"ferritin_ug_l": 22}


def test_the_check_page_refuses_what_the_core_refuses(house: House) -> None:
    client = signed_in(account_of(house.alice))
    client.post(step_url(house.alice, "about"), {"age_years": "40"})
    answer = client.post(step_url(house.alice, "check"))
    assert answer.status_code == 400
    assert "neither diagnosis nor programme" in answer.content.decode()
    assert not Intake.objects.exists()


def test_more_lines_keep_what_was_written(house: House) -> None:
    client = signed_in(account_of(house.alice))
    sent = {f"medicine_{number}": f"drug {number}" for number in range(6)}
    answer = client.post(step_url(house.alice, "medicines"), sent | {"more": "1"}, follow=True)
    assert answer.content.decode().count('name="medicine_') == 10
    assert "drug 5" in answer.content.decode()


def test_a_name_nobody_knows_is_kept_once_the_pack_was_looked_at_and_not_asked_about_again(house: House) -> None:
    client = signed_in(account_of(house.alice))
    url = step_url(house.alice, "medicines")
    page = client.post(url, {"medicine_0": "foobarol"}).content.decode()
    assert "I have looked at the pack" in page
    # The tick is about the name it stood beside.
    other = client.post(url, {"medicine_0": "barfoolin", "keep_names": "foobarol"})
    assert other.status_code == 200
    assert 'value="barfoolin"' in other.content.decode().partition('name="keep_names"')[2][:60]
    assert client.post(url, {"medicine_0": "foobarol", "keep_names": "foobarol"}).status_code == 302
    assert client.post(url, {"medicine_0": "foobarol", "medicine_1": "Hexvix"}).status_code == 302


def test_brands_are_offered_where_a_medicine_is_typed(house: House) -> None:
    page = signed_in(account_of(house.alice)).get(step_url(house.alice, "medicines")).content.decode()
    assert '<option value="Ameluz">' in page
    assert '<option value="paracetamol">' in page


def test_the_draft_of_one_is_not_the_draft_of_another(house: House) -> None:
    """A clinician who fills in two intakes at once must not mix them."""
    client = signed_in(house.clinician)
    client.post(step_url(house.alice, "about"), {"age_years": "33"})
    assert client.post(step_url(house.bob, "about"), {"age_years": "34"}).status_code == 403
    from care.conftest import make_person

    dora = make_person("dora", house.clinic)
    assert 'value="33"' not in client.get(step_url(dora, "about")).content.decode()
    assert 'value="33"' in client.get(step_url(house.alice, "about")).content.decode()


def test_an_unknown_page_is_not_found_and_a_check_without_a_draft_leads_back(house: House) -> None:
    client = signed_in(account_of(house.alice))
    assert client.get(step_url(house.alice, "nonsense")).status_code == 404
    assert client.get(step_url(house.alice, "check")).status_code == 302


def test_a_red_flag_is_answered_with_help_on_the_next_page(house: House) -> None:
    """Waiting for a screening would be too late."""
    client = signed_in(account_of(house.alice))
    client.post(step_url(house.alice, "complaint"), COMPLAINT)
    page = client.get(step_url(house.alice, "cannot-wait")).content.decode()
    assert "Call your local emergency number or a crisis line" in page, "said wherever mood is asked about"
    assert "Get help first" not in page
    page = client.post(
        step_url(house.alice, "cannot-wait"), {"foot_ulcer": "yes", "suicidal_thoughts": "yes"}, follow=True
    ).content.decode()
    assert "Get help first" in page
    assert page.index("crisis line or emergency services") < page.index("foot team"), "the most urgent first"


def test_what_was_begun_can_be_discarded(house: House) -> None:
    client = signed_in(account_of(house.alice))
    client.post(step_url(house.alice, "about"), {"age_years": "33"})
    client.post(reverse("people:intake", args=[house.alice.pk]), {"discard": "1"})
    assert 'value="33"' not in client.get(step_url(house.alice, "about")).content.decode()


def test_who_has_a_date_of_birth_on_file_is_not_asked_for_the_age(house: House) -> None:
    """It was asked for all the same, and what was written could contradict the record."""
    today = house.alice.today()
    born = today.replace(year=today.year - 52, day=1)
    client = signed_in(account_of(house.alice))
    fill(client, house.alice, about={"age_years": "33"}, complaint=COMPLAINT)
    house.alice.set_identity(Identity(birth_date=born.isoformat()))
    house.alice.save()
    field = client.get(step_url(house.alice, "about")).context["form"]["age_years"]
    assert (field.value(), field.field.disabled) == (52, True)
    fill(client, house.alice, about={"age_years": "33"}, complaint=COMPLAINT, check={"reason": "again"})
    assert present(latest_intake(house.alice)).document["person"]["age_years"] == 52


def test_the_count_of_pages_stands_once_the_complaint_is_said_and_extra_pages_are_not_counted(house: House) -> None:
    """The last pages said "Page 11 of 12" where those before had counted to 10."""
    client = signed_in(account_of(house.alice))

    def said(step: str) -> str:
        page = client.get(step_url(house.alice, step)).content.decode()
        return page.partition('<p class="eyebrow">')[2].partition("<")[0]

    assert said("complaint") == "Page 2"
    client.post(step_url(house.alice, "complaint"), COMPLAINT)
    assert said("complaint") == "Page 2 of 13"
    assert said("iron") == "Page 13 of 13"
    assert said("workup") == "Extra page"
