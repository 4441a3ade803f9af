"""Checks the two thresholds of the plan's promise: under 0.1 refused, under 0.5 a caution, no window said."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from cases import make_case
from present import present
from quick_plans import quick_plan

from openpbm.facts.conditions import Origin, conditions
from openpbm.facts.lamps import lamp_catalogue
from openpbm.planning.dose_reasons import Reached, eye_reasons, reach_reasons, skin_dose_reasons
from openpbm.planning.prescription import PointByPoint, SessionLength, Setting, in_band_share, prescribe
from openpbm.planning.window import NEGLIGIBLE_J_CM2
from openpbm.reason import Reason
from openpbm.safety import Screening, screen


def reasons(chance: float | None, above: bool = False, diagnosis: str = "rls_primary") -> list[Reason]:
    prescription = prescribe(conditions[diagnosis], next(iter(lamp_catalogue)))
    assert prescription is not None
    return reach_reasons(prescription, [target("tibial_nerve", chance, median=3.0 if above else 0.1)])


def target(structure: str, chance: float | None, *, median: float = 0.1, high: float = 2.0) -> Reached:
    edge = None if chance is None else high
    return Reached(
        structure=structure,
        depth_mm=34.6,
        median_j_cm2=median,
        chance=chance,
        window_high_j_cm2=edge,
        skin_j_cm2=28.8,
    )


@pytest.mark.parametrize(
    ("chance", "rule", "level"),
    [
        (0.0, "reach", "absolute"),
        (0.099, "reach", "absolute"),
        (0.1, "reach_uncertain", "caution"),
        (0.499, "reach_uncertain", "caution"),
        (None, "no_window", "caution"),
    ],
)
def test_the_chance_decides(chance: float | None, rule: str, level: str) -> None:
    (reason,) = reasons(chance)
    assert (reason.rule, reason.level, reason.kind) == (rule, level, "reach")
    assert "tibial nerve" in reason.message


@pytest.mark.parametrize("chance", [0.5, 0.8, 1.0])
def test_an_even_chance_needs_no_word(chance: float) -> None:
    assert reasons(chance) == []


def test_a_miss_above_asks_for_less_light_and_one_below_for_more() -> None:
    assert "fewer minutes" in reasons(0.05, above=True)[0].remedy
    assert "fewer minutes" not in reasons(0.05, above=False)[0].remedy
    assert "meter reading" in reasons(0.05, above=False)[0].remedy


def test_every_asked_target_has_its_own_reason() -> None:
    prescription = prescribe(conditions["rls_primary"], next(iter(lamp_catalogue)))
    assert prescription is not None
    found = reach_reasons(prescription, [target("gastrocnemius", 0.9), target("tibial_nerve", 0.02)])
    assert [reason.rule for reason in found] == ["reach"]


def test_a_window_of_next_to_nothing_is_called_so() -> None:
    prescription = prescribe(conditions["rls_primary"], next(iter(lamp_catalogue)))
    assert prescription is not None
    for high, expected in ((NEGLIGIBLE_J_CM2 * 0.9, ["window_negligible"]), (NEGLIGIBLE_J_CM2 * 1.1, [])):
        found = reach_reasons(prescription, [target("tibial_nerve", 0.9, high=high)])
        assert [reason.rule for reason in found] == expected


@pytest.mark.parametrize("chance", [None, 0.02, 0.3, 0.98])
@pytest.mark.parametrize(("median", "said"), [(0.0024, True), (0.099, True), (0.0, True), (0.11, False), (3.0, False)])
def test_hardly_any_light_is_said_whatever_the_window(chance: float | None, median: float, said: bool) -> None:
    """Opened when 0.0024 J/cm2, a twelve-thousandth of the skin's, were allowed without a word for want of a window."""
    prescription = prescribe(conditions["rls_primary"], next(iter(lamp_catalogue)))
    assert prescription is not None
    found = reach_reasons(prescription, [target("erector_spinae", chance, median=median)])
    messages = [reason.message for reason in found if reason.rule == "target_negligible"]
    assert bool(messages) is said
    if median == 0.0024:
        assert "one part in 12,000" in messages[0]


def two_colours(red_mw_cm2: float, infrared_mw_cm2: float) -> list[dict[str, float]]:
    return [
        {"wavelength_nm": wavelength_nm, "irradiance_mw_cm2": level, "at_distance_mm": 150.0}
        for wavelength_nm, level in ((660.0, red_mw_cm2), (850.0, infrared_mw_cm2))
    ]


def skin_reasons(screening: Screening, length: SessionLength) -> list[Reason]:
    case, exposure = screening.case, present(screening.exposure)
    prescription = present(prescribe(conditions["rls_primary"], case.device))
    setting = Setting.of(prescription.protocol, case.device, exposure)
    return skin_dose_reasons(case, exposure, prescription, setting, length)


@pytest.mark.parametrize(
    ("red", "infrared", "share", "lowest_kept"),
    [
        # A lamp of 660 and 850 nm on a protocol of 810-850 nm: both halves counted as inside, and nobody was told.
        (12.0, 12.0, 0.5, True),
        (30.0, 8.0, 8.0 / 38.0, False),
        (2.0, 18.0, 0.9, True),
    ],
)
def test_light_beside_the_protocols_wavelengths_is_counted_apart_and_said(
    tmp_path: Path, red: float, infrared: float, share: float, lowest_kept: bool
) -> None:
    screening = screen(make_case(tmp_path, device__emitters=two_colours(red, infrared)))
    prescription = prescribe(conditions["rls_primary"], screening.case.device)
    assert prescription is not None
    assert screening.exposure is not None
    exposure, length = screening.exposure, SessionLength(exposure_minutes=20.0)
    assert in_band_share(prescription.protocol, exposure.bands) == pytest.approx(share)
    reasons = {reason.rule: reason for reason in skin_reasons(screening, length)}
    told = reasons["part_outside_protocol"].message
    assert f"{infrared:.3g} are at 850 nm" in told
    assert f"{red:.3g} are at 660 nm" in told
    # 10-50 mW/cm2 and at least 12 J/cm2, of the light inside alone.
    assert ("irradiance_outside_protocol" not in reasons) is lowest_kept
    assert ("fluence_below_protocol" not in reasons) is lowest_kept


@pytest.mark.parametrize(
    ("levels", "minutes", "told"),
    [
        # At 90 J/cm2 of all its light it would stay under 12 inside the band: a stronger lamp was advised.
        ((38.0, 2.0), 20.0, "more of its light at 810-850 nm"),
        ((2.0, 6.0), 20.0, "A stronger lamp or a shorter distance"),
    ],
)
def test_what_would_bring_enough_light_is_what_would(
    tmp_path: Path, levels: tuple[float, float], minutes: float, told: str
) -> None:
    screening = screen(make_case(tmp_path, device__emitters=two_colours(*levels)))
    length = SessionLength(exposure_minutes=minutes)
    found = skin_reasons(screening, length)
    (reason,) = (one for one in found if one.rule == "fluence_below_protocol")
    assert "at the protocol's wavelengths" in reason.message
    assert told in reason.remedy


def test_a_lamp_inside_the_protocols_wavelengths_hears_nothing_of_bands(tmp_path: Path) -> None:
    screening = screen(make_case(tmp_path))
    length = SessionLength(exposure_minutes=20.0)
    reasons = skin_reasons(screening, length)
    assert "part_outside_protocol" not in {reason.rule for reason in reasons}


@pytest.mark.parametrize(("share", "steps"), [(1.0, 8), (0.5, 16), (0.1, 24)])
def test_a_points_lowest_energy_counts_the_protocols_wavelengths_and_its_highest_all(share: float, steps: int) -> None:
    """A probe of 100 mW on 4-12 J a point: 40 s, twice that at half inside, and never beyond the highest."""
    spots = PointByPoint(power_mw=100.0, energy_j=(4.0, 12.0), points=2, in_band_share=share)
    assert spots.fitting_minutes()[0] == pytest.approx(steps * 5 / 60)
    assert spots.energy_of_j(spots.fitting_minutes()[-1]) <= 12.0001


def test_structures_without_a_trial_are_named_in_one_caution() -> None:
    """A plan over feet, calves and wrists said the same of each of its nerves."""
    prescription = prescribe(conditions["rls_primary"], next(iter(lamp_catalogue)))
    assert prescription is not None
    nerves = ("plantar_nerves", "tibial_nerve", "tibial_nerve", "median_nerve")
    (reason,) = reach_reasons(prescription, [target(nerve, None) for nerve in nerves])
    assert reason.rule == "no_window"
    assert "the plantar nerves or the tibial nerve or the median nerve could" in reason.message


@pytest.mark.parametrize(("over_a_millionth", "level"), [(0.9, "relative"), (1.1, None)])
def test_a_target_below_a_millionth_of_the_skin_is_for_a_clinician(over_a_millionth: float, level: str | None) -> None:
    """Opened when 0.00000042 J/cm2, one part in 70 million of the skin's, were allowed: window and light were alike."""
    prescription = present(prescribe(conditions["radiculopathy"], next(iter(lamp_catalogue))))
    light = target("lumbar_root", 0.6, median=28.8e-6 * over_a_millionth, high=3e-7)
    found = {reason.rule: reason for reason in reach_reasons(prescription, [light])}
    assert (found["target_unreached"].level if "target_unreached" in found else None) == level
    assert "target_negligible" in found
    assert "less than a millionth of a J/cm2" in found["window_negligible"].message
    assert not any("0.00000" in reason.message for reason in found.values()) or level is None


@pytest.mark.parametrize(
    ("spacing", "origin", "rule"),
    [
        ((3.0, 9.0), "own", "points_overlap"),
        ((3.0, 9.0), "trial", "points_overlap"),
        ((3.0, 10.0), "own", "points_apart"),
        ((10.0, 30.0), "own", None),
        (None, "own", "points_apart"),
        (None, "trial", None),
    ],
)
def test_points_never_lie_over_each_other(
    tmp_path: Path, spacing: tuple[float, float] | None, origin: Origin, rule: str | None
) -> None:
    """Opened when 20 points of 50 J, 0.2 mm apart under a spot of 16 mm, told the skin the dose of one."""
    emitter = {"wavelength_nm": 830, "power_mw": 60, "spot_diameter_mm": 10}
    device = {"kind": "laser", "output_status": "claimed", "contact": True, "emitters": [emitter]}
    screening = screen(make_case(tmp_path, device=device, placement=...))
    case, exposure = screening.case, present(screening.exposure)
    shipped = next(row for row in conditions["phn"].protocols if row.mode == "point")
    protocol = dataclasses.replace(shipped, spacing_mm=spacing, points=(6, 8), origin=origin)
    setting = Setting.of(protocol, case.device, exposure)
    prescription = dataclasses.replace(present(prescribe(conditions["phn"], case.device)), protocol=protocol)
    found = skin_dose_reasons(case, exposure, prescription, setting, SessionLength(exposure_minutes=1.0, points=6))
    assert [reason.rule for reason in found if reason.rule.startswith("points_")] == ([rule] if rule else [])


def test_no_eyewear_is_asked_where_nothing_limits(tmp_path: Path) -> None:
    """A session beyond the 30000 s that limits speak of asked for eyewear although nothing limited."""
    screening = screen(make_case(tmp_path))
    exposure = present(screening.exposure)
    dim = dataclasses.replace(exposure.eye, seconds_without_eyewear=30000.0, limiting_hazard="none")
    assert eye_reasons(screening.case, exposure, 501.0) != []
    assert eye_reasons(screening.case, dataclasses.replace(exposure, eye=dim), 501.0) == []


def test_a_target_that_gets_most_of_next_to_nothing_is_told_a_share_and_no_part_in_one() -> None:
    """Under a laser moved over much skin the target got "about one part in 1 of what the skin gets"."""
    prescription = prescribe(conditions["rls_primary"], next(iter(lamp_catalogue)))
    assert prescription is not None
    near = dataclasses.replace(target("erector_spinae", None, median=0.004), skin_j_cm2=0.005)
    messages = [one.message for one in reach_reasons(prescription, [near]) if one.rule == "target_negligible"]
    assert "0.004 J/cm2 in a session, about 80 % of what the skin gets" in messages[0]


def test_a_lamp_far_too_weak_for_the_protocol_waits_for_a_clinician() -> None:
    """A pad of 0.05 mW/cm2 was allowed for an hour a day: where no window is known, nothing else spoke against it."""
    led = {"wavelength_nm": 850, "power_mw": 0.05, "half_angle_deg": 60, "rows": 6, "columns": 6, "pitch_mm": 10}
    pad = {"output_status": "measured", "kind": "pad", "contact": True, "auto_off_minutes": 90, "emitters": [led]}
    cramps = {"diagnosis": "nocturnal_cramps", "confirmed_by": "neurologist"}
    weak = quick_plan(device=pad, condition=cramps, placement={})
    assert (weak.verdict, [one.rule for one in weak.reasons]) == ("needs_clinician", ["lamp_far_too_weak"])
    fair = pad | {"emitters": [led | {"power_mw": 2.0}]}
    assert quick_plan(device=fair, condition=cramps, placement={}).verdict == "allowed"
