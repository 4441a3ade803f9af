"""Checks the whole job: identities of the dose, the same bits for the same seed, minutes for the allowed alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import make_case
from present import present
from quick_plans import QUICK, quick_plan

from openpbm.case import Case, Complaint, Course, Placement, Release, SiteChoice, read_case
from openpbm.facts.conditions import Protocol
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.facts.notice import NOTICE
from openpbm.facts.rules import computed_rules
from openpbm.person import Labs, Person
from openpbm.planning import PlanOverrides, Quality, make_plan
from openpbm.planning.prescription import prescribe
from openpbm.safety import screen

DOCS = Path(__file__).parents[2] / "docs"
TWO_COLOURS = [
    {
        "wavelength_nm": wavelength_nm,
        "power_mw": 120,
        "half_angle_deg": 30,
        "rows": 10,
        "columns": 10,
        "pitch_mm": 20,
    }
    for wavelength_nm in (660, 850)
]
LASER = [{"wavelength_nm": 808, "power_mw": 100, "spot_diameter_mm": 12}]
WRIST: dict[str, Any] = {
    "condition": {"diagnosis": "carpal_tunnel", "confirmed_by": "neurologist"},
    "sites": [{"site": "volar_wrist", "side": "right"}],
    "course__supervision": "clinician",
    "placement__distance_mm": 0,
}
RELEASED = {"rules": ["lamp_not_eye_safe"], "by": "a physiatrist"}


def plan(*, seed: int = 1, **changes: Any) -> dict[str, Any]:
    return quick_plan(seed=seed, **changes).to_json_dict()


def rules(rows: list[dict[str, Any]]) -> list[str]:
    return [row["rule"] for row in rows]


def row_of(made: dict[str, Any], structure: str, wavelength_nm: float | None = None) -> dict[str, Any]:
    return next(row for row in made["dose"] if (row["structure"], row["wavelength_nm"]) == (structure, wavelength_nm))


def test_a_sound_case_is_planned_whole() -> None:
    made = plan()
    assert (made["verdict"], made["reasons"]) == ("allowed", [])
    assert made["prescription"] is not None
    assert made["schedule"] is not None
    assert made["notice"] == NOTICE
    json.dumps(made, allow_nan=False)


def test_fluence_is_rate_times_time_everywhere() -> None:
    """Identity: fluence [J/cm2] = fluence rate [mW/cm2] x minutes x 0.06, at the skin and at every structure."""
    made = plan(device__emitters=TWO_COLOURS)
    minutes = made["exposure_minutes"]
    assert made["skin"]["fluence_j_cm2"] == pytest.approx(made["skin"]["irradiance_mw_cm2"] * minutes * 0.06)
    for row in made["dose"]:
        for key in ("p5", "median", "p95"):
            assert row["fluence_j_cm2"][key] == pytest.approx(row["fluence_rate_mw_cm2"][key] * minutes * 0.06)
        assert 0.0 < row["fluence_j_cm2"]["p5"] <= row["fluence_j_cm2"]["median"] <= row["fluence_j_cm2"]["p95"]


def test_curves_pass_through_the_skin_dose_scale() -> None:
    """The curve at a depth is the same fluence: just under the skin it exceeds none of 5 times the skin's."""
    made = plan()
    (curve,) = made["curves"]
    assert [one["wavelength_nm"] for one in curve["wavelengths"]] == [850.0, None]
    top = curve["wavelengths"][0]["points"][0]["fluence_j_cm2"]
    assert 0.5 * made["skin"]["fluence_j_cm2"] < top["median"] < 5.0 * made["skin"]["fluence_j_cm2"]
    assert curve["window_j_cm2"] == made["prescription"]["window"][0]["fluence_j_cm2"]


def test_twice_the_power_gives_twice_the_fluence_rate() -> None:
    """Identity: the same seed draws the same tissues, so every percentile doubles."""
    one, two = plan(), plan(device__emitters__0__power_mw=240)
    for single, double in zip(one["dose"], two["dose"], strict=True):
        for key in ("p5", "median", "p95"):
            assert double["fluence_rate_mw_cm2"][key] == pytest.approx(2.0 * single["fluence_rate_mw_cm2"][key])
    assert two["skin"]["irradiance_mw_cm2"] == pytest.approx(2.0 * one["skin"]["irradiance_mw_cm2"])


def test_same_seed_same_plan_whatever_the_threads(tmp_path: Path) -> None:
    # More tissues than a thread takes at once, so that there is something to share out.
    case, many = screen(make_case(tmp_path)), Quality(scenarios=130)
    one, two = (make_plan(case, seed=1, quality=many, threads=threads) for threads in (1, 2))
    assert one == two


def test_another_seed_draws_another_plan() -> None:
    assert plan(seed=1)["dose"] != plan(seed=2)["dose"]


def test_another_seed_moves_a_chance_by_no_more_than_its_standard_error() -> None:
    """Sixteen seeds. The error is that of tissues drawn one by one; they lie more evenly, so it is the upper end."""
    minutes, power = PlanOverrides(minutes=25), {"device__emitters__0__power_mw": 80}
    seeds = [quick_plan(minutes, seed=seed, **power) for seed in range(1, 17)]
    for structure in ("gastrocnemius", "sural_nerve"):
        rows = [next(row for row in made.dose if row.structure == structure) for made in seeds]
        chances = np.array([present(row.chance_in_window) for row in rows])
        errors = np.array([present(row.chance_standard_error) for row in rows])
        assert 0.1 < chances.mean() < 0.9
        assert 0.2 < chances.std(ddof=1) / errors.mean() < 1.0


def test_provenance_holds_what_is_needed_to_make_it_again() -> None:
    """The solver's own estimate of its error is within the 2 % that are asked of it."""
    made = plan(seed=3)["provenance"]
    assert 0.0 < made["light_error"] <= 0.02
    assert (made["seed"], made["scenarios"]) == (3, QUICK.scenarios)
    assert made["facts_digest"].startswith("sha256:")
    assert made["transport_digest"].startswith("sha256:")


def test_a_claimed_output_is_believed_less_than_a_measured_one() -> None:
    """Same numbers, same tissues: the claim's 5th percentile lies lower and its interval is wider."""
    measured, claimed = plan(), plan(device__output_status="claimed")
    true, said = (row_of(made, "gastrocnemius")["fluence_rate_mw_cm2"] for made in (measured, claimed))
    assert said["p5"] < true["p5"]
    assert said["median"] < true["median"]
    assert said["p95"] / said["p5"] > true["p95"] / true["p5"]
    assert claimed["skin"]["irradiance_upper_mw_cm2"] > measured["skin"]["irradiance_upper_mw_cm2"]
    assert claimed["skin"]["irradiance_mw_cm2"] == measured["skin"]["irradiance_mw_cm2"]
    assert "lamp_claimed" in rules(claimed["cautions"])
    assert "lamp_claimed" not in rules(measured["cautions"])


def test_more_fat_puts_the_muscle_deeper_and_dims_it() -> None:
    slim, heavy = plan(person__weight_kg=55), plan(person__weight_kg=110)
    near, deep = row_of(slim, "gastrocnemius"), row_of(heavy, "gastrocnemius")
    assert deep["depth_mm"] > near["depth_mm"] + 3.0
    assert deep["fluence_rate_mw_cm2"]["median"] < near["fluence_rate_mw_cm2"]["median"]


def test_darker_skin_lets_less_red_through_and_takes_more_of_red_than_of_infrared() -> None:
    """Melanin absorbs more at 660 than at 850 nm, so the red loses the larger share."""
    light, dark = (plan(person__skin_type=skin_type, device__emitters=TWO_COLOURS) for skin_type in (1, 6))
    share = {
        wavelength: row_of(dark, "gastrocnemius", wavelength)["fluence_rate_mw_cm2"]["median"]
        / row_of(light, "gastrocnemius", wavelength)["fluence_rate_mw_cm2"]["median"]
        for wavelength in (660.0, 850.0)
    }
    assert share[660.0] < share[850.0] < 1.0


def test_the_asked_target_stands_first_and_all_light_before_each_wavelength() -> None:
    made = plan(device__emitters=TWO_COLOURS, sites__0__target="tibial_nerve")
    assert made["dose"][0]["structure"] == "tibial_nerve"
    assert [row["wavelength_nm"] for row in made["dose"]] == [None, 660.0, 850.0] * 3
    assert {row["structure"] for row in made["dose"]} == {"tibial_nerve", "gastrocnemius", "sural_nerve"}
    assert all(row["chance_in_window"] is None for row in made["dose"] if row["wavelength_nm"] is not None)


def test_no_share_is_counted_in_a_window_of_next_to_no_light() -> None:
    """A share of "70 %" stood beside 0.0016 J/cm2 and was read as the chance of enough."""
    deep: dict[str, Any] = {
        "condition__diagnosis": "rls_ckd",
        "person__findings": {"dialysis": True, "none_other": True},
        "sites__0__target": "tibial_nerve",
    }
    made = plan(**deep)
    highest = {window["structure"]: window["fluence_j_cm2"][1] for window in made["prescription"]["window"]}
    shares = {row["structure"]: row["chance_in_window"] for row in made["dose"] if row["wavelength_nm"] is None}
    assert shares.keys() == highest.keys()
    assert all((shares[name] is None) == (highest[name] < 0.1) for name in shares)
    assert {highest[name] < 0.1 for name in shares} == {True, False}
    # What refuses a lamp too weak is counted all the same.
    feeble = plan(**deep, device__emitters__0__power_mw=0.1)
    assert "reach" in rules(feeble["reasons"])


def test_two_sites_have_rows_in_the_order_asked() -> None:
    sites = [{"site": "foot_sole", "side": "left"}, {"site": "posterior_calf", "side": "left"}]
    made = plan(sites=sites, condition__diagnosis="dpn")
    assert list(dict.fromkeys(row["site"] for row in made["dose"])) == ["foot_sole", "posterior_calf"]
    assert made["dose"][0]["structure"] == "plantar_nerves"


def test_minutes_and_skin_dose_stay_inside_the_protocol() -> None:
    made = plan()
    low, high = made["prescription"]["minutes_range"]
    assert low <= made["schedule"]["minutes_per_session"] <= high
    dose = made["prescription"]["skin_fluence_j_cm2"]
    assert dose["range"][0] <= dose["planned"] <= dose["range"][1]
    assert dose["lower"] < dose["planned"] < dose["upper"]


def test_a_point_laser_gives_its_energy_on_every_point() -> None:
    """Closed form: energy of a point = power x seconds; the session is the sum over points."""
    made = plan(device={"output_status": "measured", "emitters": LASER}, release=RELEASED, **WRIST)
    assert made["verdict"] == "allowed", made["reasons"]
    prescribed = made["prescription"]
    energy_j = 0.1 * prescribed["minutes_per_point"] * 60.0
    assert prescribed["energy_per_point_j"][0] <= energy_j <= prescribed["energy_per_point_j"][1] + 0.5
    assert prescribed["minutes"] == pytest.approx(
        prescribed["points_planned"] * prescribed["minutes_per_point"], abs=0.01
    )
    assert made["schedule"]["minutes_per_session"] == prescribed["minutes"]


def test_the_power_of_all_beams_of_a_point_laser_counts() -> None:
    """Two beams of 50 mW on one spot need as long as one of 100 mW: only the first was once counted."""
    half = [LASER[0] | {"power_mw": 50}]
    one, two = (
        plan(device={"output_status": "measured", "emitters": beams}, release=RELEASED, **WRIST)
        for beams in (LASER, half * 2)
    )
    assert two["exposure_minutes"] == one["exposure_minutes"]


def test_without_a_trial_there_is_no_window_and_no_chance() -> None:
    made = plan(condition__diagnosis="nocturnal_cramps")
    assert "no_window" in rules(made["cautions"])
    assert all(row["chance_in_window"] is None for row in made["dose"])
    assert made["evidence"]["no_trial"] is True
    assert "no trial found" in made["evidence"]["statement"]
    assert made["curves"][0]["window_j_cm2"] is None
    assert made["verdict"] == "allowed"
    assert made["prescription"]["window"] == []


def test_a_feeble_lamp_is_refused_because_it_does_not_reach() -> None:
    made = plan(device__emitters__0__power_mw=0.1)
    assert made["verdict"] == "refused"
    (reason,) = [row for row in made["reasons"] if row["level"] == "absolute"]
    assert (reason["rule"], reason["kind"]) == ("reach", "reach")
    assert "What would change it" in reason["remedy"]
    assert row_of(made, "gastrocnemius")["chance_in_window"] < 0.1


def test_an_uncertain_reach_is_a_caution() -> None:
    """Between one in ten and one in two the plan stands with a caution, above it without."""
    seen = set()
    for power_mw in (0.1, 40, 60, 120):
        made = plan(device__emitters__0__power_mw=power_mw)
        chance = row_of(made, "gastrocnemius")["chance_in_window"]
        assert ("reach" in rules(made["reasons"])) is (chance < 0.1)
        assert ("reach_uncertain" in rules(made["cautions"])) is (0.1 <= chance < 0.5)
        seen.add((chance >= 0.1) + (chance >= 0.5))
    assert seen == {0, 1, 2}


def _a_red_flag() -> str:
    from openpbm.facts.rules import rules as screening_rules

    return next(rule.when.finding for rule in screening_rules if rule.level == "red_flag" and rule.when.finding)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"person__findings": {_a_red_flag(): True, "none_other": True}}, "refer"),
        ({"person__age_years": ...}, "ask"),
        ({"course__start_date": ...}, "ask"),
        ({"person__age_years": 15}, "needs_clinician"),
        ({"device__emitters__0__power_mw": 0.1}, "refused"),
    ],
    ids=["red_flag", "age_unknown", "no_start", "child", "feeble"],
)
def test_without_a_plan_no_minutes_but_the_dose(changes: dict[str, Any], verdict: str) -> None:
    made = plan(**changes)
    assert made["verdict"] == verdict, made["reasons"]
    assert made["reasons"]
    assert made["prescription"] is None
    assert made["schedule"] is None
    assert made["dose"]
    assert made["skin"]["irradiance_mw_cm2"] > 0.0
    assert made["eye"]["seconds_without_eyewear"] > 0.0


def test_an_unknown_field_leaves_nothing_to_compute() -> None:
    """Irradiance known at 100 mm only, asked at 150 mm: asked for more, no light made up."""
    known = [{"wavelength_nm": 850, "irradiance_mw_cm2": 30, "at_distance_mm": 100}]
    made = plan(device__emitters=known)
    assert made["verdict"] == "ask"
    assert "field_unknown" in rules(made["reasons"])
    assert (made["dose"], made["skin"], made["eye"]) == ([], None, None)
    there = plan(device__emitters=known, placement__distance_mm=100)
    assert there["skin"]["irradiance_mw_cm2"] == 30.0


def test_a_specialist_condition_has_exposures_without_a_dose() -> None:
    made = plan(condition__diagnosis="trigeminal_neuralgia")
    assert made["verdict"] == "refer"
    assert (made["dose"], made["prescription"], made["exposure_minutes"]) == ([], None, None)
    assert made["skin"]["irradiance_mw_cm2"] > 0.0
    assert made["skin"]["fluence_j_cm2"] is None
    assert made["eye"]["eyewear_needed"] is True


def test_unknown_iron_marks_the_weeks_and_never_blocks() -> None:
    made = plan(person__labs=...)
    assert made["verdict"] == "allowed"
    (caution,) = [row for row in made["cautions"] if row["rule"] == "iron_unknown"]
    assert caution["action"] == "order_test"
    assert made["schedule"]["confounded_weeks"]
    assert not plan()["schedule"]["confounded_weeks"]


def test_eyewear_is_judged_by_the_seconds_of_the_session() -> None:
    made = plan()
    seconds = made["eye"]["seconds_without_eyewear"]
    assert made["eye"]["eyewear_needed"] is (seconds < made["session_minutes"] * 60.0)
    assert ("eyewear" in rules(made["cautions"])) is made["eye"]["eyewear_needed"]


def test_too_bright_a_lamp_is_refused_with_a_distance_that_would_do() -> None:
    made = plan(device__emitters__0__power_mw=500, placement__distance_mm=60)
    assert made["verdict"] == "refused"
    (reason,) = [row for row in made["reasons"] if row["rule"] == "no_dose_within_limits"]
    assert "mm or more" in reason["remedy"]
    assert made["dose"]


def test_two_emitters_of_one_wavelength_are_one_row_and_add() -> None:
    one = TWO_COLOURS[1] | {"power_mw": 60}
    twice, whole = plan(device__emitters=[one, one]), plan()
    assert [row["wavelength_nm"] for row in twice["dose"]] == [row["wavelength_nm"] for row in whole["dose"]]
    assert row_of(twice, "gastrocnemius")["fluence_rate_mw_cm2"] == pytest.approx(
        row_of(whole, "gastrocnemius")["fluence_rate_mw_cm2"]
    )


def test_what_was_never_verified_is_listed() -> None:
    made = plan(device={"id": "panel_660_850"}, placement__distance_mm=300)
    assert any("claimed output" in line for line in made["unverified"])
    assert any("thickness" in line for line in made["unverified"])
    assert made["lamp"]["output_status"] == "claimed"


@pytest.mark.parametrize(("changes", "trials"), [({}, 1), (WRIST | {"device__emitters": LASER}, 3)])
def test_progress_ends_at_its_total(tmp_path: Path, changes: dict[str, Any], trials: int) -> None:
    told: list[tuple[int, int]] = []
    case = make_case(tmp_path, **changes)
    prescribed = prescribe(case.condition.condition(), case.device)
    assert prescribed is not None
    assert len(prescribed.trial_protocols) == trials
    make_plan(screen(case), quality=QUICK, progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(len(told)))
    # One wavelength of the lamp, and the trials behind the window.
    assert told[-1] == (1 + trials, 1 + trials)


def keys(value: Any) -> Iterator[str]:
    """Every key at any depth."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from keys(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from keys(item)


def documented(name: str) -> set[str]:
    """Every word of a document that stands as code."""
    text = re.sub(r"^```.*?^```", "", (DOCS / name).read_text(encoding="utf-8"), flags=re.M | re.S)
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}


def test_every_key_of_the_plan_is_documented() -> None:
    allowed = plan(person__labs=...)
    referred = plan(condition__diagnosis="trigeminal_neuralgia")
    missing = {key for made in (allowed, referred) for key in keys(made)} - documented("plan.md")
    assert missing == set()


def test_every_caution_that_is_computed_is_documented() -> None:
    assert {rule.id for rule in computed_rules if rule.level == "caution"} - documented("plan.md") == set()


def test_every_key_of_a_case_is_documented() -> None:
    nouns = (Person, Labs, Complaint, SiteChoice, Lamp, Emitters, Placement, Course, Release, Protocol)
    known = {field.name for noun in nouns for field in fields(noun)} | {field.name for field in fields(Case)}
    assert (
        known
        - documented("case-file.md")
        # The last three are kept by a lamp in one of its modes and by lamps that were joined; nobody may write them.
        - {"sites", "labs", "findings", "emitters", "whole_emitters", "stand", "lit_apart"}
        - {"origin", "trials", "carried_over"}
        == set()
    )


def test_the_documented_case_is_planned(tmp_path: Path) -> None:
    example, *others = re.findall(r"```toml\n(.*?)```", (DOCS / "case-file.md").read_text(encoding="utf-8"), flags=re.S)
    own_lamp = [text for text in others if text.startswith("[device]\n")][-1]
    for number, text in enumerate((example, example.replace('[device]\nid = "panel_660_850"\n', own_lamp))):
        path = tmp_path / f"case{number}.toml"
        path.write_text(text, encoding="utf-8")
        assert make_plan(screen(read_case(path)), quality=QUICK).to_json_dict()["dose"]
