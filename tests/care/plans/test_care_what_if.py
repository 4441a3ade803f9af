"""Another distance, skin, fat or place on the workbench: the numbers of the core, refusals, and light kept apart."""

from __future__ import annotations

from typing import Any

import pytest
from care.conftest import House, signed_in
from care.plans.planned_people import answer, first_plan, planned
from django.test import Client
from django.urls import reverse

from openpbm.care.plans import what_if as kept
from openpbm.care.plans.models import PlanRow
from openpbm.case import SiteChoice, case_of
from openpbm.planning import PreparedLight, WhatIf, prepare_light
from openpbm.planning.document import DoseRow
from openpbm.safety import screen
from openpbm.wording import quantity


@pytest.fixture
def plan(house: House) -> PlanRow:
    kept.LIGHT.things.clear()
    return first_plan(house)


@pytest.fixture
def client(house: House, plan: PlanRow) -> Client:
    # After the plan, which is put back as it was made: signing in writes to the audit.
    return signed_in(house.clinician)


def asked(client: Client, plan: PlanRow, **query: Any) -> tuple[int, str]:
    where = reverse("plans:linear", kwargs={"person_id": plan.person_id, "plan_id": plan.pk}, query=query)
    got = client.get(where, headers={"HX-Request": "true"})
    return got.status_code, got.content.decode()


def of_the_core(plan: PlanRow, **choice: Any) -> PreparedLight:
    return prepare_light(plan.core, screen(case_of(plan.screening.case, "screening")), **choice)


def target_of(found: WhatIf) -> DoseRow:
    return found.numbers.dose[0]


@pytest.mark.parametrize(
    ("query", "choice", "at"),
    [
        ({"distance_cm": "25"}, {}, {"distance_mm": 250.0}),
        ({"distance_cm": "25", "minutes": "12"}, {}, {"distance_mm": 250.0, "minutes": 12.0}),
        ({"fat_mm": "22"}, {"fat_mm": 22.0}, {}),
        ({"skin_type": "5"}, {"skin_type": 5}, {}),
        (
            {"place": "foot_sole:plantar_nerves"},
            {"place": SiteChoice(site="foot_sole", side="both", target="plantar_nerves")},
            {},
        ),
    ],
    ids=["distance", "distance and minutes", "fat", "skin", "place"],
)
def test_the_page_shows_the_numbers_of_the_core(
    client: Client, plan: PlanRow, query: Any, choice: Any, at: Any
) -> None:
    status, page = asked(client, plan, **query)
    assert status == 200
    wanted = of_the_core(plan, **choice).at(**at)
    row = target_of(wanted)
    assert f"{quantity(row.fluence_j_cm2.median, 3)} J/cm²" in page
    assert f"{quantity(row.depth_mm, 3)} mm" in page
    assert f'{quantity(wanted.numbers.skin.fluence_j_cm2, 3)} <span class="unit">J/cm²' in page
    low, high = wanted.windows[row.place]
    assert f"{quantity(low, 2)} to {quantity(high, 2)} J/cm²" in page
    assert "Not a plan yet" in page
    assert "Screen again" in page
    # What would be ordered is the plan's own light: no button that looks as if it made this one.
    assert "Make this plan" not in page
    assert 'href="' + reverse("plans:release", args=[plan.person_id, plan.pk]) not in page


def test_a_distance_that_limits_refuse_is_shown_with_the_limit(client: Client, plan: PlanRow) -> None:
    status, page = asked(client, plan, distance_cm="2")
    assert status == 200
    assert "not kept with these numbers" in page
    assert "<code>skin_irradiance_limit</code>" in page


def test_what_the_rules_say_of_another_skin_stands_beside_it(client: Client, plan: PlanRow) -> None:
    assert "<code>dark_skin</code>" in asked(client, plan, skin_type="6")[1]
    assert "<code>dark_skin</code>" not in asked(client, plan, skin_type="3")[1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"distance_cm": "501"}, "501.0 is more than 500 cm, the most there can be. Correct it."),
        ({"distance_cm": "-1"}, "-1.0 is less than 0 cm, the least there can be. Correct it."),
        ({"fat_mm": "900"}, "900.0 is more than 150.0 mm"),
        ({"skin_type": "7"}, "7 is not one of the available choices"),
        ({"place": "elbow:bone"}, "elbow:bone is not one of the available choices"),
        ({"distance_cm": "nan"}, "Enter a number"),
    ],
)
def test_what_cannot_be_is_named_with_its_limit(client: Client, plan: PlanRow, query: Any, said: str) -> None:
    status, page = asked(client, plan, **query)
    assert status == 422
    assert said in page
    assert not kept.LIGHT.things


def test_light_is_computed_once_for_all_distances_and_never_serves_another_plan(
    house: House, client: Client, plan: PlanRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []

    def counted(*given: Any, **choice: Any) -> PreparedLight:
        computed.append(choice["fat_mm"])
        return prepare_light(*given, **choice)

    monkeypatch.setattr(kept, "prepare_light", counted)
    for distance_cm in ("20", "30", "40"):
        asked(client, plan, distance_cm=distance_cm)
    assert computed == [None]
    asked(client, plan, fat_mm="9")
    asked(client, plan, fat_mm="9", distance_cm="20")
    assert computed == [None, 9.0]
    second = planned(plan.screening, house.clinician, overrides={"minutes": 30})
    asked(client, second, fat_mm="9")
    assert computed == [None, 9.0, 9.0]
    assert {key[0] for key in kept.LIGHT.things} == {str(plan.pk), str(second.pk)}


def test_as_many_are_kept_as_memory_is_meant_to_hold(
    client: Client, plan: PlanRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.LIGHT, "most", 2)
    for fat_mm in (5, 6, 7):
        asked(client, plan, fat_mm=fat_mm)
    assert [key[-1] for key in kept.LIGHT.things] == [kept.TissueChoice(fat_mm=fat_mm) for fat_mm in (6.0, 7.0)]


def test_kept_light_is_for_those_who_may_read_the_plan(house: House, client: Client, plan: PlanRow) -> None:
    assert asked(client, plan, distance_cm="20")[0] == 200
    for who in (house.other_clinician, house.bob.user, house.alice.user):
        status, page = asked(signed_in(who), plan, distance_cm="20")
        assert status == 403
        assert "J/cm²" not in page


def test_no_light_is_shown_for_a_lamp_or_a_person_that_is_another_by_now(
    house: House, client: Client, plan: PlanRow
) -> None:
    """Kept light would still fit the plan; what it would be tried out for is no longer so."""
    assert asked(client, plan, distance_cm="20")[0] == 200
    newer = answer(house.alice, house.clinician, before=plan.screening.intake, person__weight_kg=95)
    status, page = asked(client, plan, distance_cm="20")
    assert status == 422
    assert "newer ones were given since; screen again" in page
    # Minutes on the plan as it was made are still computed from its own light.
    assert asked(client, plan, minutes="9")[0] == 200
    assert newer.supersedes_id == plan.screening.intake_id


def test_a_duty_is_tried_out_beside_minutes(client: Client, plan: PlanRow) -> None:
    status, page = asked(client, plan, duty_percent="40", minutes="12")
    assert status == 200
    wanted = of_the_core(plan).at(duty=0.4, minutes=12.0)
    assert f'{quantity(wanted.numbers.skin.fluence_j_cm2, 3)} <span class="unit">J/cm²' in page
    assert "Warmest skin, one person in twenty" in page


def test_the_page_says_why_these_minutes_and_what_is_left_to_each_limit(client: Client, plan: PlanRow) -> None:
    where = reverse("plans:workbench", kwargs={"person_id": plan.person_id, "plan_id": plan.pk})
    page = client.get(where).content.decode()
    choice = plan.core.choice
    assert choice is not None
    assert "Why these minutes" in page
    assert f'<th scope="row">Chosen</th><td class="numeric">{quantity(choice.chosen.session_minutes, 4)}' in page
    assert all(f'<th scope="row">{limit.name}' in page for limit in choice.quality)
    assert all(f"<code>{protocol.id}</code>" in page for protocol in choice.protocols)
