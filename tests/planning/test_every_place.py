"""Every place can be planned: the same person and lamp, at eight places in each of four plans."""

from __future__ import annotations

import pytest
from cases import changed

from openpbm.case import case_of
from openpbm.facts.sites import sites
from openpbm.planning import Quality, make_plan
from openpbm.safety import screen

# No trial stands behind it, so that no window is computed, and no place is unusual for it.
WITHOUT_TRIALS = "post_traumatic_neuropathy"
# Few emitters, or their fields alone would take most of the time.
LAMP = {"rows": 3, "columns": 3, "pitch_mm": 60, "power_mw": 1300}
PLANNED = [site.id for site in sites if not site.specialist_only]
EIGHTS = [PLANNED[first : first + 8] for first in range(0, len(PLANNED), 8)]


@pytest.mark.parametrize("places", EIGHTS, ids=lambda places: places[0])
def test_every_place_has_a_plan_and_a_dose_at_each_of_its_structures(places: list[str]) -> None:
    chosen = [{"site": site, "side": "left"} for site in places]
    case = case_of(
        changed(condition__diagnosis=WITHOUT_TRIALS, sites=chosen, course__supervision="clinician",
                **{f"device__emitters__0__{key}": value for key, value in LAMP.items()},
                release={"rules": ["site_near_eyes"], "by": "physiatrist"})
    )  # fmt: skip
    plan = make_plan(screen(case), quality=Quality(scenarios=2))
    assert plan.verdict == "allowed", plan.reasons
    assert {(row.site, row.structure) for row in plan.dose} == {
        (site, structure.id) for site in places for structure in sites[site].targets
    }
    assert plan.skin is not None
    assert plan.skin.fluence_j_cm2 is not None
    # More than nothing, and under skin that scatters back at most four times what falls on it.
    assert all(0.0 < row.fluence_j_cm2.median < 4 * plan.skin.fluence_j_cm2 for row in plan.dose)
