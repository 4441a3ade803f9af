"""Several lamps in one session, a tilted lamp and a moved laser: the pages plan what a case file of the same would."""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import replace
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.db_snapshot import once
from care.plans.planned_people import LAMP, START, agree, answer, lamp_of, planned, screened
from django.urls import reverse
from present import present

from openpbm.care import clock
from openpbm.care.devices.actions import record_measurement, retire_lamp
from openpbm.care.devices.passport import lamp_of as device_of
from openpbm.care.devices.reading import claimed_at
from openpbm.care.devices.selectors import passport_of
from openpbm.care.plans.actions import order_plan, release_plan
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import open_holds
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.selectors import changes_since
from openpbm.care.screening.session_lamps import ChosenLamp, chosen_again, lamp_sections
from openpbm.care.sessions.check_start import check_start
from openpbm.care.sessions.positions import positions_of
from openpbm.care.sessions.preparation import preparation
from openpbm.care.sessions.start_context import StartContext, load_start_context
from openpbm.case import Placement, case_of
from openpbm.errors import BadInput
from openpbm.planning import Quality, make_plan
from openpbm.planning.document import LampPlace
from openpbm.safety import screen

PAD = LAMP | {"kind": "pad", "contact": True, "default_distance_mm": 0}
PAD["emitters"] = [LAMP["emitters"][0] | {"power_mw": 5}]
LASER = {
    "name": "Probe", "kind": "laser", "output_status": "claimed", "laser_class": "3B",
    "emitters": [{"wavelength_nm": 830, "power_mw": 60, "spot_diameter_mm": 10}],
}  # fmt: skip


def form_of(*lamps: dict[str, Any], **said: Any) -> dict[str, Any]:
    """What the page sends: the first lamp, those beside it and the calves."""
    first, *beside = lamps
    sent = {"start_date": START.isoformat(), "lamps-TOTAL_FORMS": len(beside), "lamps-INITIAL_FORMS": 0}
    sent |= {"places-TOTAL_FORMS": 1, "places-INITIAL_FORMS": 0} | first
    sent |= {"places-0-place": "posterior_calf:gastrocnemius", "places-0-side": "both"}
    for number, lamp in enumerate(beside):
        sent |= {f"lamps-{number}-{name}": value for name, value in lamp.items()}
    return sent | said


def page(house: House) -> str:
    return reverse("screening:new", args=[house.alice.pk])


def two_panels(house: House) -> PlanRow:
    """alice's plan with two panels turned toward each other, as its page asks for it."""

    def made() -> PlanRow:
        answer(house.alice, house.clinician)
        lamps = [lamp_of(house), lamp_of(house)]
        sent = [
            {"lamp": lamp.pk, "distance_cm": "40", "tilt_deg": tilt}
            for lamp, tilt in zip(lamps, ("20", "-20"), strict=True)
        ]
        answered = signed_in(house.clinician).post(page(house), form_of(*sent))
        assert answered.status_code == 302, answered.context["form"].errors
        return planned(house.alice.screenings.get(), house.clinician)

    return once(("two panels", house.alice.pk), made)


def test_page_file_and_api_give_the_same_plan(house: House) -> None:
    row = two_panels(house)
    device = LAMP | {"output_status": "claimed"}
    placements = [{"distance_mm": 400.0, "tilt_deg": tilt} for tilt in (20.0, -20.0)]
    written = {
        "person": row.screening.case["person"],
        "condition": row.screening.case["condition"],
        "sites": [{"site": "posterior_calf", "side": "both", "target": "gastrocnemius"}],
        "lamps": [{"device": device, "placement": placement} for placement in placements],
        "course": {"start_date": START.isoformat(), "supervision": "clinician"},
    }
    made = make_plan(screen(case_of(written, today=START)), seed=1, quality=Quality(scenarios=16)).to_json_dict()
    assert row.document == made
    assert [lamp["tilt_deg"] for lamp in made["placement"]["lamps"]] == [20.0, -20.0]
    told = signed_in(house.clinician).get(reverse("api:list_plans", args=[house.alice.pk])).json()
    assert told[0]["content"]["document"] == made


def test_the_pages_of_plan_and_session_name_every_lamp_and_where_it_stands(house: House) -> None:
    row = two_panels(house)
    agree(house.alice)
    release_plan(plan=row, statement="Seen", by=house.clinician)
    clinic, home = signed_in(house.clinician), signed_in(account_of(house.alice))
    beside = {"person_id": house.alice.pk, "plan_id": row.pk}
    workbench = clinic.get(reverse("plans:workbench", kwargs=beside)).content.decode()
    assert workbench.count("40 cm from the skin, turned by 20 degrees") == 2
    query = {"distance_cm": 45}
    tried = clinic.get(reverse("plans:linear", kwargs=beside, query=query), headers={"HX-Request": "true"})
    assert tried.status_code == 200
    again = clinic.get(reverse("plans:another", kwargs=beside)).context
    assert [form["tilt_deg"].value() for form in (again["form"], *again["lamps"])] == ["20", "-20", None]
    assert lamp_sections(chosen_again(row.screening.with_placements()), START)["lamps"] == row.screening.case["lamps"]
    shown = home.get(reverse("sessions:my_lamp", args=[house.alice.pk])).content.decode()
    assert shown.count("40 cm from the skin, turned by 20 degrees") == 2
    place = next(step for step in preparation(row.followed, "") if step.title == "Place each lamp")
    assert place.text.count("40 cm from the skin, turned by 20 degrees") == 2
    record = home.get(reverse("sessions:record", args=[house.alice.pk])).content.decode()
    assert "Did another lamp stand nearer than planned?" in html.unescape(record)
    sheet = home.get(reverse("plans:sheet", kwargs=beside)).content.decode()
    assert "which lamp where stands below" in sheet


def test_whatever_is_said_of_the_second_lamp_counts_as_of_the_first(house: House) -> None:
    row = two_panels(house)
    agree(house.alice)
    release_plan(plan=row, statement="Seen", by=house.clinician)
    second = row.screening.lamps[1]
    today = house.alice.today()
    record_measurement(
        lamp=second, by=house.clinician, measured_on=today, wavelength_nm=850, irradiance_mw_cm2=200.0,
        distance_mm=150.0, uncertainty_percent=10, meter="Meter", meter_calibrated_on=today, signed=True,
    )  # fmt: skip
    assert [hold.cause for hold in open_holds(house.alice)] == ["lamp_reading"]
    fresh = ScreeningRow.objects.get(pk=row.screening_id)
    assert [problem.message for problem in changes_since(fresh)] == ["what is known of Tall lamp changed since"]
    retire_lamp(lamp=second, by=house.clinician)
    fresh = ScreeningRow.objects.get(pk=row.screening_id)
    assert any("put away" in problem.message for problem in changes_since(fresh))
    guide = signed_in(account_of(house.alice)).get(reverse("sessions:guide", args=[house.alice.pk])).content.decode()
    assert "This lamp was taken out of use." in guide


def test_a_reading_that_ran_out_stops_a_plan_that_took_one_of_its_lamps_as_measured(house: House) -> None:
    """Together the lamps count as claimed, so a plan of a measured and a claimed one seemed to rest on no reading."""
    answer(house.alice, house.clinician)
    read, claimed = lamp_of(house), lamp_of(house)
    today = house.alice.today()
    record_measurement(
        lamp=read, by=house.clinician, measured_on=today, wavelength_nm=850, distance_mm=150.0,
        irradiance_mw_cm2=present(claimed_at(device_of(passport_of(read).document), 850, 150.0)),
        uncertainty_percent=10, meter="Meter", meter_calibrated_on=today, signed=True,
    )  # fmt: skip
    beside = ChosenLamp(lamp=claimed, placement=Placement(distance_mm=400.0))
    row = planned(screened(house.alice, read, house.clinician, beside=[beside], distance_mm=400.0), house.clinician)
    agree(house.alice)
    release_plan(plan=row, statement="Seen", by=house.clinician)
    assert (row.core.lamp.output_status, row.measured_lamps) == ("claimed", (read,))
    later = clock.now() + dt.timedelta(days=800)
    fails = {
        now: "measurement_valid" in {check.rule for check in check_start(started(house, read, now)) if not check.passed}
        for now in (clock.now(), later)
    }
    assert list(fails.values()) == [False, True]


def started(house: House, lamp: Any, now: dt.datetime) -> StartContext:
    places = [("posterior_calf", "left")]
    return load_start_context(person=house.alice, lamp=lamp, places=places, now=now)


def test_two_lamps_that_are_each_safe_for_eyes_need_not_be_so_together(house: House) -> None:
    """Alone, each leaves bare eyes 101 s; both at once 40 s, and the limit is 100."""
    carol, user = house.carol, account_of(house.carol)
    answer(carol, user)
    strong = LAMP | {"emitters": [LAMP["emitters"][0] | {"power_mw": 240}]}
    first, second = (lamp_of(house, document=strong, clinic=None, owner=user, by=user) for _ in range(2))
    order_plan(screening=screened(carol, first, user), by=user, overrides=None)
    beside = ChosenLamp(lamp=second, placement=Placement(distance_mm=150.0))
    both = screened(carol, first, user, beside=[beside])
    with pytest.raises(BadInput, match="not safe for the eyes"):
        order_plan(screening=both, by=user, overrides=None)
    shown = signed_in(user).get(reverse("screening:show", args=[carol.pk, both.pk])).content.decode()
    assert "Ask a clinician" in shown
    assert "Make the plan" not in shown


def test_a_lamp_of_others_is_no_choice_beside_ones_own_either(house: House) -> None:
    answer(house.bob, house.other_clinician)
    theirs, own = lamp_of(house), lamp_of(house, clinic=house.other_clinic, by=house.other_clinician)
    where = reverse("screening:new", args=[house.bob.pk])
    answered = signed_in(house.other_clinician).post(where, form_of({"lamp": own.pk}, {"lamp": theirs.pk}))
    assert list(answered.context["lamps"].forms[0].errors) == ["lamp"]
    assert not ScreeningRow.objects.exists()


@pytest.mark.parametrize(
    ("first", "beside", "field", "told"),
    [
        (LAMP, None, "lamp", "stands in this session already"),
        (LAMP, LASER, "lamp", "A laser treats one point after the other"),
        (LAMP, PAD, "lights", "no other lamp's light gets through it"),
        (LAMP, PAD | {"said": {"lights": ["2"]}}, "lights", "There is no place 3"),
        (LAMP, PAD | {"said": {"tilt_deg": "20"}}, "tilt_deg", "This lamp lies on the skin"),
        (LAMP, LAMP | {"said": {"scanned_area_cm2": "20"}}, "scanned_area_cm2", "Only a laser is moved"),
    ],
)
def test_what_cannot_be_of_two_lamps_is_said_at_the_lamp(
    house: House, first: Any, beside: Any, field: str, told: str
) -> None:
    answer(house.alice, house.clinician)
    one = lamp_of(house, first)
    said = {} if beside is None else beside.get("said", {})
    document = None if beside is None else {key: value for key, value in beside.items() if key != "said"}
    other = one if beside is None else lamp_of(house, document)
    answered = signed_in(house.clinician).post(page(house), form_of({"lamp": one.pk}, {"lamp": other.pk} | said))
    assert answered.status_code == 422
    problems = answered.context["lamps"].forms[0].errors
    assert told in "".join(problems[field]), problems
    assert not ScreeningRow.objects.exists()


def test_a_laser_that_is_moved_says_so_at_home(house: House) -> None:
    answer(house.alice, house.clinician, condition__diagnosis="myofascial_spasm", condition__usual_onset=...)
    laser = lamp_of(house, LASER)
    sent = form_of({"lamp": laser.pk, "scanned_area_cm2": "25", "distance_cm": "0"})
    place = {"places-0-place": "upper_trapezius:trapezius", "places-0-side": "left"}
    answered = signed_in(house.clinician).post(page(house), sent | place)
    assert answered.status_code == 302, answered.context["form"].errors
    row = present(ScreeningRow.objects.first())
    assert row.case["placement"] == {"distance_mm": 0.0, "scanned_area_cm2": 25.0}
    plan = planned(row, house.clinician).followed
    assert plan.skin is not None
    assert plan.skin.scanned is not None
    assert plan.skin.scanned.area_cm2 == 25.0
    moving = next(step.text for step in preparation(plan, "") if step.title == "Keep the lamp moving")
    assert "Over all 25 cm²" in moving


def test_places_under_lamps_of_their_own_are_lit_together_and_those_of_one_lamp_in_turn(house: House) -> None:
    """Three places in front and one behind were cut into two positions, though one lamp lights all three in front."""
    plan = two_panels(house).followed
    lights = {"A": "front", "B": "back"}
    lamps = tuple(LampPlace(name=name, distance_mm=200.0, sites=(site,)) for name, site in lights.items())
    plan = replace(plan, placement=replace(plan.placement, distance_mm=200.0, lamps=lamps))
    found = positions_of(plan, [("front", "left"), ("back", "left"), ("front", "right"), ("front", "other")])
    assert [one.places for one in found] == [
        (("front", "left"), ("back", "left")), (("front", "right"),), (("front", "other"),)
    ]  # fmt: skip
    assert [[lamp.name for lamp in one.lamps] for one in found] == [["A", "B"], ["A"], ["A"]]
