"""The case file: what is read, and one line for each problem."""

from __future__ import annotations

import copy
import datetime as dt
import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cases import SOUND, changed, make_case, toml, with_claims, write_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpbm.case import case_of, read_case
from openpbm.errors import BadInput
from openpbm.safety import screen


def problems_of(folder: Path, **changes: Any) -> tuple[str, ...]:
    with pytest.raises(BadInput) as caught:
        make_case(folder, **changes)
    return tuple(map(str, caught.value.problems))


def test_sound_case_is_read(tmp_path: Path) -> None:
    case = make_case(tmp_path)
    assert case.person.age_years == 52
    assert case.device.emitters[0].wavelength_nm == 850
    assert str(case.condition.usual_onset) == "21:30:00"


def test_absent_is_unknown_and_empty_is_none(tmp_path: Path) -> None:
    assert make_case(tmp_path, person__medications=...).person.medications is None
    assert make_case(tmp_path).person.medications == ()


def test_none_other_answers_the_rest_but_not_what_was_said(tmp_path: Path) -> None:
    case = make_case(tmp_path, person__findings={"foot_ulcer": "unknown", "none_other": True})
    assert case.person.findings["foot_ulcer"] == "unknown"
    assert case.person.findings["deep_vein_thrombosis_suspected"] is False
    assert "standard_care_offered" not in case.person.findings  # no disease is not "nothing was offered"


@pytest.mark.parametrize(
    ("changes", "needles"),
    [
        ({"person__agee_years": 3}, ["person.agee_years = 3", "did you mean age_years"]),
        ({"person__age": 40}, ["person.age = 40", "names no unit", "age_years"]),
        ({"person__age_years": 400}, ["person.age_years = 400", "at most 120"]),
        ({"person__age_years": "40"}, ["person.age_years", "number"]),
        ({"person__skin_type": 7}, ["person.skin_type = 7", "at most 6"]),
        ({"person__skin_type": 2.5}, ["person.skin_type = 2.5"]),
        ({"person__sex": "f"}, ["person.sex", "female"]),
        ({"person__sex": "male", "person__pregnant": True}, ["person.pregnant", "male"]),
        ({"person__pregnant": "maybe"}, ["person.pregnant"]),
        ({"person__weight_kg": float("nan")}, ["person.weight_kg", "finite"]),
        ({"person__medications": ["  "]}, ["person.medications[0]"]),
        ({"person__medications": ["none"]}, ["person.medications[0]"]),
        ({"person__medications": ["aspirin", "Keine Medikamente"]}, ["person.medications[1]"]),
        ({"person__findings": {"foot_ulcr": True}}, ["foot_ulcr", "did you mean foot_ulcer"]),
        ({"person__findings": {"foot_ulcer": "yes"}}, ["foot_ulcer", "true, false"]),
        ({"person__labs": {"ferritin": 20}}, ["person.labs.ferritin = 20", "ferritin_ug_l"]),
        ({"person__labs__date": "2026-02-30"}, ["person.labs.date", "2026-02-30", "YYYY-MM-DD"]),
        ({"condition__diagnosis": "rls_primry"}, ["rls_primry", "did you mean rls_primary"]),
        ({"condition": {}}, ["diagnosis", "programme"]),
        ({"condition__programme": "neuropathy"}, ["condition.programme", "rls"]),
        ({"condition__usual_onset": "25:30"}, ["condition.usual_onset", "21:30"]),
        ({"sites__0__site": "calf"}, ["sites[0].site", "posterior_calf"]),
        ({"sites__0__target": "median_nerve"}, ["sites[0].target", "median_nerve", "gastrocnemius"]),
        ({"sites__0__side": "middle"}, ["sites[0].side", "left"]),
        ({"sites": []}, ["sites"]),
        ({"sites": SOUND["sites"] * 2}, ["sites[1]", "twice"]),
        ({"device": {"id": "panel"}}, ["device.id", "panel"]),
        ({"device": {}}, ["device", "emitters"]),
        ({"device": {"id": "panel_660_850", "output_status": "measured"}}, ["output_status", "emitters"]),
        ({"device__emitters__0__power_mw": -5}, ["device.emitters[0].power_mw = -5", "more than 0"]),
        ({"device__emitters__0__power": 5}, ["device.emitters[0].power = 5", "power_mw"]),
        ({"device__emitters__0__wavelength_nm": 1450}, ["wavelength_nm = 1450", "600-1000"]),
        ({"device__emitters__0__pitch_mm": ...}, ["pitch_mm"]),
        ({"placement__distance_mm": -1}, ["placement.distance_mm = -1", "at least 0"]),
        ({"placement__distance": 10}, ["placement.distance = 10", "distance_mm"]),
        ({"course__start_date": "2026-02-30"}, ["course.start_date", "2026-02-30"]),
        ({"release": {"rules": ["foot_ulcer"], "by": "dr"}}, ["release.rules[0]", "foot_ulcer"]),
        ({"release": {"rules": ["lamp_not_eye_safe"]}}, ["release.by"]),
        ({"patient": {}}, ["patient", "not a known key"]),
    ],
)
def test_each_fault_is_named_in_one_line(tmp_path: Path, changes: dict[str, Any], needles: list[str]) -> None:
    if changes.get("person__weight_kg") is not None:
        path = tmp_path / "case.toml"
        path.write_text(toml(SOUND).replace("weight_kg = 68", "weight_kg = nan"), encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            read_case(path)
        problems = tuple(str(problem) for problem in caught.value.problems)
    else:
        problems = problems_of(tmp_path, **changes)
    assert len(problems) == 1, problems
    assert "\n" not in problems[0]
    for needle in ["case.toml", *needles]:
        assert needle in problems[0]


def test_all_problems_are_listed_not_the_first_alone(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, person__age_years=400, placement__distance_mm=-1, course__start="2026-12-01")
    assert len(problems) == 3


def test_bare_date_that_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(toml(changed()).replace('"2026-12-01"', "2026-02-30"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"2026-02-30.*does not exist"):
        read_case(path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"person = [", b""])
def test_unreadable_content(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"case\.toml"):
        read_case(path)


def test_unreadable_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.toml"):
        with pytest.raises(BadInput, match="cannot be read"):
            read_case(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    section=st.sampled_from(["person", "condition", "device", "placement", "course", "sites", "release"]),
    value=st.one_of(st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2), st.booleans()),
)
def test_any_section_of_the_wrong_shape_is_a_fault_not_a_crash(tmp_path: Path, section: str, value: Any) -> None:
    path = tmp_path / "case.toml"
    path.write_text(toml(changed(**{section: value})), encoding="utf-8")
    with pytest.raises(BadInput):
        read_case(path)


def test_written_case_round_trip(tmp_path: Path) -> None:
    assert write_case(tmp_path).read_text(encoding="utf-8") == toml(with_claims(copy.deepcopy(SOUND)))


EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.toml"))


def test_there_are_examples_to_compare() -> None:
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_file_and_its_json_give_the_same_case(path: Path) -> None:
    document = json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=dt.date.isoformat))
    assert case_of(document) == read_case(path)


def test_a_mapping_is_not_changed() -> None:
    document = changed()
    before = copy.deepcopy(document)
    case_of(document)
    assert document == before


def test_dates_as_text_or_as_dates_are_the_same() -> None:
    as_dates = changed(course__start_date=dt.date(2026, 12, 1), condition__usual_onset=dt.time(21, 30))
    assert case_of(as_dates) == case_of(changed())


def test_null_is_left_out() -> None:
    """A null of the lamp's own distance must not stand above the catalogue's, as it once would have."""
    chosen = {"id": "nir_890_pads", "default_distance_mm": None, "emitters": None}
    assert case_of(changed(device=chosen)) == case_of(changed(device={"id": "nir_890_pads"}))
    assert case_of(changed(person__labs=None)).person.labs == case_of(changed(person__labs=...)).person.labs


@pytest.mark.parametrize(
    "changes",
    [{"person__age_years": 400}, {"course__start_date": "2026-02-30"}, {"patient": {}}, {"device": {"id": "nothing"}}],
)
def test_both_doors_name_a_fault_in_the_same_words(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        case_of(changed(**changes), "case.toml")
    assert tuple(map(str, caught.value.problems)) == problems_of(tmp_path, **changes)


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize(
    ("document", "needle"),
    [
        ([1], "must be a section"),
        ("person", "must be a section"),
        (changed(person__age_years=10**5000), "thousands of digits"),
        (changed(person__age_years=Decimal("52")), "person.age_years: holds a Decimal"),
        (changed(person__age_years=float("nan")), "not a finite number"),
        (changed(person={1: 2}), "a key must be text"),
        (changed(sites=nested(200)), "nested too deeply"),
        (changed(sites=[None]), "sites[0]"),
        (changed(device={"id": ["panel_660_850"]}), "device.id"),
        (changed(person={"a\nb": {1}}), "holds a set"),
    ],
)
def test_what_no_file_could_hold_is_a_fault_in_one_line(document: Any, needle: str) -> None:
    with pytest.raises(BadInput) as caught:
        case_of(document, "form")
    assert any(needle in line for line in map(str, caught.value.problems)), caught.value.problems
    assert all(line.startswith("form: ") and "\n" not in line for line in map(str, caught.value.problems))


LEDS = {"wavelength_nm": 850, "half_angle_deg": 30, "rows": 10, "columns": 10, "pitch_mm": 20}


@pytest.mark.parametrize(
    ("emitters", "device", "supervision", "status", "power_mw"),
    [
        ({"power_mw": 40, "claimed_power_mw": 400}, {}, "self", "claimed", 400),
        ({"power_mw": 40, "claimed_power_mw": 400}, {"reading_confirmed": True}, "self", "claimed", 400),
        ({"power_mw": 40, "claimed_power_mw": 400}, {"reading_signed_by": "Dr Ode"}, "self", "claimed", 400),
        ({"power_mw": 40, "claimed_power_mw": 400}, {"reading_signed_by": "Dr Ode"}, "clinician", "measured", 40),
        ({"power_mw": 40, "claimed_power_mw": 60}, {}, "self", "measured", 40),
        ({"power_mw": 40, "claimed_power_mw": 20}, {}, "self", "claimed", 40),
        ({"power_mw": 40, "claimed_power_mw": 20}, {"reading_confirmed": True}, "self", "measured", 40),
        ({"power_mw": 40}, {}, "self", "claimed", 40),
        ({"power_mw": 40}, {"reading_signed_by": "Dr Ode"}, "clinician", "measured", 40),
    ],
)
def test_a_reading_is_held_against_the_claim(
    emitters: dict[str, Any], device: dict[str, Any], supervision: str, status: str, power_mw: float
) -> None:
    """A reading ten times too low made a lamp that is not eye-safe allowed, alone, for 28 minutes."""
    raw = copy.deepcopy(SOUND)
    raw["device"] = {"output_status": "measured", "emitters": [LEDS | emitters]} | device
    raw["course"]["supervision"] = supervision
    lamp = case_of(raw).device
    assert (lamp.output_status, lamp.emitters[0].power_mw) == (status, power_mw)
    assert lamp.claim_missing is (len(emitters) == 1 and status == "claimed")


def test_a_claim_beside_a_claimed_output_does_not_go_unheard(tmp_path: Path) -> None:
    """9 mW/cm2 beside a claim of 90 was planned with 9, because the whole was called claimed."""
    field = {"wavelength_nm": 850, "irradiance_mw_cm2": 9, "at_distance_mm": 150, "claimed_irradiance_mw_cm2": 90}
    with pytest.raises(BadInput, match="the output itself is the claim"):
        make_case(tmp_path, device={"output_status": "claimed", "emitters": [field]})


def test_a_stated_irradiance_is_held_against_its_claim_and_a_laser_against_its_power() -> None:
    raw = copy.deepcopy(SOUND)
    field = {"wavelength_nm": 850, "irradiance_mw_cm2": 2.0, "claimed_irradiance_mw_cm2": 20.0, "at_distance_mm": 150}
    laser = {"wavelength_nm": 810, "power_mw": 2.0, "claimed_power_mw": 200.0, "spot_diameter_mm": 4}
    raw["device"] = {"output_status": "measured", "emitters": [field, laser]}
    lamp = case_of(raw).device
    assert lamp.emitters[0].irradiance_mw_cm2 == 20.0
    assert lamp.emitters[1].power_mw == 200.0
    assert lamp.reading_over_claim == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("claim", "rule"), [({}, "lamp_claim_missing"), ({"claimed_power_mw": 400}, "lamp_reading_not_counted")]
)
def test_the_verdict_says_that_a_reading_does_not_count(claim: dict[str, Any], rule: str) -> None:
    raw = copy.deepcopy(SOUND)
    raw["device"] = {"output_status": "measured", "emitters": [LEDS | {"power_mw": 40} | claim]}
    result = screen(case_of(raw))
    assert rule in [reason.rule for reason in (*result.reasons, *result.cautions)]
    assert result.verdict != "allowed"


def test_only_somebody_else_signs_a_reading() -> None:
    raw = copy.deepcopy(SOUND)
    raw["device"] |= {"reading_signed_by": "myself"}
    with pytest.raises(BadInput, match="only a clinician signs a reading"):
        case_of(raw)
