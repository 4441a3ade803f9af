"""The workbench computes again at once, signs by password, and shows nobody a plan that is not theirs."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from care.plans.planned_people import agree, answer, first_plan, lamp_of, planned, screened
from django.urls import reverse
from present import present
from pytest_django import DjangoAssertNumQueries

from openpbm.care.audit.models import AuditEntry
from openpbm.care.jobs.models import Job
from openpbm.care.plans.actions import hold, release_plan
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import open_holds, released_plan
from openpbm.care.screening.models import ScreeningRow
from openpbm.planning import rescale
from openpbm.wording import quantity


@pytest.fixture
def plan(house: House) -> PlanRow:
    return first_plan(house)


def at(name: str, plan: Any, **query: Any) -> str:
    return reverse(f"plans:{name}", kwargs={"person_id": plan.person_id, "plan_id": plan.pk}, query=query)


def test_the_workbench_tells_dose_limits_and_what_is_not_verified(house: House, plan: PlanRow) -> None:
    page = signed_in(house.clinician).get(at("workbench", plan)).content.decode()
    assert "gastrocnemius" in page
    # The banner stood empty: it read its words where a screening has them.
    assert "A careful trial of light is allowed" in page
    assert "Not yet verified" in page
    assert "output of Tall lamp" in page
    assert 'aria-label="Dose against depth, ' in page
    assert "Rule <code>skin_irradiance_limit</code>" in page
    # Units as they are printed, and a minus that is one.
    assert "J/cm²" in page
    assert "/cm2" not in page.partition("<main")[2]
    assert 'class="numeric">-' not in page


def test_a_rule_that_is_not_asked_about_has_nothing_to_sign(house: House, plan: PlanRow) -> None:
    page = signed_in(house.clinician).get(at("release_rule", plan)).content.decode()
    assert "This plan does not ask about rule" in page
    assert 'type="password"' not in page


def test_where_one_version_stands_alone_the_way_leads_to_a_second(house: House, plan: PlanRow) -> None:
    page = signed_in(house.clinician).get(reverse("plans:compare", args=[house.alice.pk])).content.decode()
    assert "There are not two versions yet." in page
    assert at("another", plan) in page


def test_other_minutes_are_counted_anew_as_the_core_counts_them(house: House, plan: PlanRow) -> None:
    client = signed_in(house.clinician)
    shown = client.get(at("linear", plan, minutes=10), headers={"HX-Request": "true"}).content.decode()
    wanted = rescale(plan.core, minutes=10).skin.fluence_j_cm2
    assert f'{quantity(wanted, 3)} <span class="unit">J/cm²' in shown
    assert quantity(wanted, 3) != quantity(plan.document["skin"]["fluence_j_cm2"], 3)
    assert "<html" not in shown
    assert 'name="minutes" value="10.0"' in shown
    assert "<html" in client.get(at("linear", plan, minutes=10)).content.decode()


@pytest.mark.parametrize("query", [{"minutes": "nan"}, {"minutes": "1e308"}, {"weeks": "-1"}, {"output_percent": "x"}])
def test_what_cannot_be_counted_is_said_at_the_field(house: House, plan: PlanRow, query: dict[str, Any]) -> None:
    answer = signed_in(house.clinician).get(at("linear", plan, **query), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_make_this_plan_orders_it_with_what_was_asked(house: House, plan: PlanRow) -> None:
    client = signed_in(house.clinician)
    where = reverse("plans:order", args=[house.alice.pk, plan.screening_id])
    sent = client.post(where, {"minutes": "25.5", "weeks": "4"})
    job = Job.objects.get(payload__contains="25.5")
    assert sent["Location"] == reverse("jobs:job", args=[job.pk])
    assert job.payload["overrides"] == {"minutes": 25.5, "sessions_per_week": None, "weeks": 4}
    assert client.post(where, {"weeks": "100"})["Location"] == reverse(
        "screening:show", args=[house.alice.pk, plan.screening_id]
    )
    assert Job.objects.count() == 2


def test_a_release_needs_the_password_and_ends_the_one_before(house: House, plan: PlanRow) -> None:
    client = signed_in(house.clinician)
    wrong = client.post(at("release", plan), {"statement": "Yes", "password": "not it"})
    assert wrong.status_code == 422
    assert "nothing was signed" in wrong.content.decode()
    assert released_plan(house.alice) is None
    sent = {"statement": "Yes", "password": PASSWORD, "id": uuid.uuid4()}
    assert client.post(at("release", plan), sent).status_code == 302
    assert client.post(at("release", plan), sent).status_code == 302  # a second click
    assert released_plan(house.alice) == plan
    assert "Released" in client.get(at("workbench", plan)).content.decode()


def test_whoever_signs_hears_that_agreement_is_not_on_record(house: House, plan: PlanRow) -> None:
    client = signed_in(house.clinician)
    told = "Agreement to light treatment is not on record."
    assert told in client.get(at("release", plan)).content.decode()
    agree(house.alice)
    assert told not in client.get(at("release", plan)).content.decode()


def test_two_versions_stand_side_by_side(house: House, plan: PlanRow) -> None:
    second = planned(plan.screening, house.clinician, overrides={"minutes": 30})
    client, written = signed_in(house.clinician), AuditEntry.objects.count()
    # A sandbox: whatever is tried out on a plan is written nowhere.
    tried = client.get(at("linear", second), {"minutes": 12, "sessions_per_week": 2, "weeks": 3})
    assert "Make this a new version" in tried.content.decode()
    assert (AuditEntry.objects.count(), house.alice.plans.count()) == (written, 2)
    sent = {"statement": "Yes", "password": PASSWORD, "id": uuid.uuid4()}
    assert client.post(at("release", plan), sent).status_code == 302
    # Before the second is signed: what it changes of the one in force.
    asked = client.get(at("release", second))
    assert "What this changes" in asked.content.decode()
    assert "minutes at one place" in [row.name for row in asked.context["found"].changed]
    assert "lamp" in [row.name for row in asked.context["found"].same]
    page = client.get(reverse("plans:compare", args=[house.alice.pk])).content.decode()
    assert "Version 1" in page
    assert f"Version {second.version}" in page
    assert "minutes at one place" in page
    # From here the way leads on to a signature, and to none under what is signed already.
    assert page.count(at("release", second)) == 1
    assert at("release", plan) not in page
    assert page.count(">Released<") == 1
    # A share of cases is read in per cent, as on the plan itself.
    assert ">chance in window at gastrocnemius, posterior calf (both), %<" in page
    # Both doses lie in one chart, over the one table of what differs.
    figure = page.partition('<figure class="chart-box">')[2].partition("</figure>")[0]
    assert figure.count('<polyline class="line') == 6
    assert "Version 1, Tall lamp" in figure
    assert "Version 2, Tall lamp" in figure


def test_another_distance_is_screened_and_planned_anew(house: House, plan: PlanRow) -> None:
    sent = {
        "lamp": plan.lamp_id, "distance_cm": "20", "start_date": "2026-12-01",
        "lamps-TOTAL_FORMS": "0", "lamps-INITIAL_FORMS": "0", "places-TOTAL_FORMS": "2", "places-INITIAL_FORMS": "1",
        "places-0-place": "posterior_calf:gastrocnemius", "places-0-side": "both",
        "places-1-place": "", "places-1-side": "both",
    }  # fmt: skip
    client = signed_in(house.clinician)
    assert 'name="distance_cm" value="15"' in client.get(at("another", plan)).content.decode()
    answer = client.post(at("another", plan), sent)
    assert answer["Location"].startswith("/jobs/")
    screening = present(ScreeningRow.objects.order_by("-created_at").first())
    assert screening.case["placement"] == {"distance_mm": 200.0}
    assert len(screening.case["sites"]) == 1
    # Both legs under one panel: said in the form, they are one position of the lamp.
    client.post(at("another", plan), sent | {"places_at_once": "2"})
    screening = present(ScreeningRow.objects.order_by("-created_at").first())
    assert screening.case["placement"] == {"distance_mm": 200.0, "places_at_once": 2}


def test_papers_carry_their_pictures_and_their_own_style_alone(house: House, plan: PlanRow) -> None:
    client = signed_in(house.clinician)
    report = client.get(at("report", plan))
    page = report.content.decode()
    assert page.count('src="data:image/svg+xml,') == 4
    assert ".png" not in page
    # It is never kept by a browser, since it holds health data: each time all of it is on the line.
    assert len(client.get(at("report", plan), headers={"accept-encoding": "gzip"}).content) < 58_000
    assert "style-src 'self' 'unsafe-inline'" in report.headers["Content-Security-Policy"]
    assert "script-src" not in report.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in client.get(at("workbench", plan)).headers["Content-Security-Policy"]
    assert "diary" in client.get(at("sheet", plan)).content.decode().lower()


def test_a_patient_reads_the_released_papers_and_no_other(house: House, plan: PlanRow) -> None:
    client = signed_in(account_of(house.alice))
    none = client.get(reverse("plans:sheet", args=[house.alice.pk]))
    assert "No plan was released yet" in none.content.decode()
    assert client.get(at("sheet", plan)).status_code == 403
    release_plan(plan=plan, statement="Yes", by=house.clinician)
    for where in (at("sheet", plan), reverse("plans:sheet", args=[house.alice.pk]), at("report", plan)):
        answer = client.get(where)
        assert answer.status_code == 200
        # A printed page has no frame of ours and was a dead end on a telephone.
        assert f'href="{reverse("checkpoints:my_course", args=[house.alice.pk])}"' in answer.content.decode()
    assert client.get(at("workbench", plan)).status_code == 403


@pytest.mark.parametrize("name", ["workbench", "linear", "another", "release", "release_rule", "sheet", "report"])
def test_strangers_see_nothing_of_a_plan(house: House, plan: PlanRow, name: str) -> None:
    for who in (house.other_clinician, house.bob.user, house.auditor, house.admin):
        answer = signed_in(who).get(at(name, plan))
        assert answer.status_code == 403
        assert "Tall lamp" not in answer.content.decode()
    astray = reverse(f"plans:{name}", kwargs={"person_id": house.bob.pk, "plan_id": plan.pk})
    assert signed_in(house.other_clinician).get(astray).status_code == 403


def test_somebody_alone_goes_from_screening_to_the_home_sheet(house: House) -> None:
    carol = house.carol
    answer(carol, carol.user)
    agree(carol)
    own = planned(screened(carol, lamp_of(house, clinic=None, owner=carol.user, by=carol.user), carol.user), carol.user)
    client = signed_in(account_of(carol))
    page = client.get(at("workbench", own)).content.decode()
    assert "Start this course" in page
    assert "Try other values" not in page
    assert "/cm2" not in page.partition("How sure is this?")[0]
    assert "computed" not in page.partition("How sure is this?")[0]
    # A signature that was forgotten led to the page on which a clinician releases.
    unsigned = client.post(at("release", own), {"statement": "I do", "password": ""})
    assert unsigned.status_code == 422
    assert "Start this course" in unsigned.content.decode()
    assert client.post(at("release", own), {"statement": "I do", "password": PASSWORD}).status_code == 302
    assert client.get(reverse("plans:sheet", args=[carol.pk])).status_code == 200


def test_a_hold_is_lifted_with_reason_and_password(house: House, plan: PlanRow) -> None:
    held = hold(person=house.alice, cause="adverse_event", message="Blister on the calf", by=house.alice.user)
    client = signed_in(house.clinician)
    assert "Blister on the calf" in client.get(at("workbench", plan)).content.decode()
    where = reverse("plans:lift_hold", args=[house.alice.pk, held.pk])
    assert client.post(where, {"reason": "Healed, seen today", "password": "wrong"}).status_code == 422
    assert open_holds(house.alice) == [held]
    for bare in ("ok", "ok, fine by me", "all good, go on", "........."):
        assert client.post(where, {"reason": bare, "password": PASSWORD}).status_code == 422
    assert open_holds(house.alice) == [held]
    assert client.post(where, {"reason": "Healed, seen today", "password": PASSWORD}).status_code == 302
    assert open_holds(house.alice) == []


def test_alone_a_hold_is_lifted_only_with_who_agreed(house: House) -> None:
    held = hold(person=house.carol, cause="adverse_event", message="Blister", by=house.carol.user)
    client = signed_in(account_of(house.carol))
    where = reverse("plans:lift_hold", args=[house.carol.pk, held.pk])
    sent = {"reason": "The skin has healed", "password": PASSWORD}
    assert client.post(where, sent).status_code == 422
    sent |= {"agreed_by": "Dr Example, family doctor"}
    assert client.post(where, sent).status_code == 422
    assert client.post(where, sent | {"contact": "practice@example.org"}).status_code == 302
    assert "practice@example.org" in client.get(where).content.decode()


@pytest.mark.parametrize("many", [2, 8])
def test_the_workbench_asks_as_little_for_many_versions_as_for_few(
    house: House, plan: PlanRow, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        planned(plan.screening, house.clinician, overrides={"minutes": 20 + number})
    client = signed_in(house.clinician)
    client.get(at("workbench", plan))
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(at("workbench", plan))


MOST_QUERIES = 40


@pytest.mark.parametrize("query", [{"minutes": 600}, {"sessions_per_week": 7, "weeks": 52}, {"output_percent": 1000}])
def test_the_banner_follows_the_numbers_and_release_is_off_while_limits_are_not_kept(
    house: House, plan: PlanRow, query: dict[str, Any]
) -> None:
    client = signed_in(house.clinician)
    release = f'href="{at("release", plan)}"'
    assert release in client.get(at("workbench", plan)).content.decode()
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(at("linear", plan, **query), headers=headers).content.decode()
        assert "not kept with these numbers" in page
        assert release not in page
        assert "disabled" in page
    # As planned again, the way to the signature is back.
    page = client.get(at("linear", plan), headers={"HX-Request": "true"}).content.decode()
    assert release in page
    assert "not kept with these numbers" not in page
