"""Dose over the target: even light gives all of it the same, a lamp aside what its irradiance gives, points nothing."""

from __future__ import annotations

import pytest
from quick_plans import VARIED, quick_plan

from openpbm.planning import Plan
from openpbm.planning.document import DoseVolume


def volume(plan: Plan) -> DoseVolume:
    (first, *_) = plan.dose_volume
    return first


def test_it_falls_from_the_brightest_part_to_all_of_it_and_holds_the_dose_in_the_middle() -> None:
    plan = quick_plan()
    here = volume(plan)
    medians = [point.fluence_j_cm2.median for point in here.points]
    assert medians == sorted(medians, reverse=True)
    assert [point.share for point in here.points] == pytest.approx([(n + 1) / 9 for n in range(9)])
    middle = next(row for row in plan.dose if row.place == here.place and row.wavelength_nm is None)
    # The middle of the place is as bright as any of it; placement, which the row counts in, moves it by a few per cent.
    assert medians[-1] <= middle.fluence_j_cm2.median * 1.02
    assert medians[0] == pytest.approx(middle.fluence_j_cm2.median, rel=0.1)


def test_a_distant_lamp_lights_all_of_it_nearly_alike() -> None:
    near, far = (volume(quick_plan(placement__distance_mm=distance)) for distance in (200, 500))

    def evenness(here: DoseVolume) -> float:
        return here.points[-1].fluence_j_cm2.median / here.points[0].fluence_j_cm2.median

    assert evenness(near) < evenness(far) < 1.0
    assert evenness(far) > 0.85


def test_points_have_none() -> None:
    assert quick_plan(**VARIED["laser on points"]).dose_volume == ()
