"""Where the width of a dose comes from: shares against doses in which one thing at a time was let vary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tissue_rows import in_anatomy, tissue_rows

from openpbm.device import beam
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.document import SpreadShares
from openpbm.planning.dose import spread_shares
from openpbm.planning.light import axial_light, stacks_of
from openpbm.planning.site_light import Computing, Quality, TissueLight, light_tissues
from openpbm.tissue import TissueDraw, draw_tissues, middle_tissue
from openpbm.transport.plane_stacks import Incidence

CALF = sites["posterior_calf"]
STRUCTURES = [structure.id for structure in CALF.targets]
PANEL = Emitters(wavelength_nm=850.0, power_mw=120.0, half_angle_deg=30.0, rows=10, columns=10, pitch_mm=20.0)
EVERYWHERE = Emitters(wavelength_nm=850.0, irradiance_mw_cm2=30.0, at_distance_mm=150.0)
SPOT = Emitters(wavelength_nm=850.0, power_mw=100.0, spot_diameter_mm=6.0)


def lit(emitters: Emitters, status: Any = "measured", distance_mm: float = 150.0) -> TissueLight:
    lamp = Lamp(id="own", name="own", kind="other", output_status=status, emitters=(emitters,))
    computing = Computing(seed=2, quality=Quality(scenarios=64))
    return light_tissues(lamp, beam(lamp, distance_mm), CALF, Person(skin_type=2), computing)


MEASURED = lit(PANEL)
CLAIMED = lit(PANEL, "claimed")


def shares(light: TissueLight, structure: str) -> SpreadShares:
    found = spread_shares(light.tissues, light.rates, structure)
    assert found is not None
    return found


def log_variance(values: NDArray[np.float64]) -> float:
    return float(np.log(values).var())


@pytest.mark.parametrize("structure", STRUCTURES)
def test_the_shares_are_of_one_whole(structure: str) -> None:
    found = shares(MEASURED, structure)
    parts = (found.optics, found.anatomy, found.lamp, found.placement)
    assert sum(parts) == pytest.approx(1.0, rel=1e-12)
    assert min(parts) > 0.0


@pytest.mark.parametrize("structure", STRUCTURES)
def test_the_lamps_share_is_its_own_variance_over_the_doses(structure: str) -> None:
    """Closed form: outputs multiply tissues, so the variance of log output adds to that of the tissues under it."""
    for light in (MEASURED, CLAIMED):
        whole = log_variance(light.rates.at(structure, None))
        assert shares(light, structure).lamp == pytest.approx(log_variance(light.rates.output) / whole, rel=0.1)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_measured_lamp_leaves_less_open_than_a_claimed_one(structure: str) -> None:
    """What the lamp no longer hides is shared out over the others as before."""
    measured, claimed = shares(MEASURED, structure), shares(CLAIMED, structure)
    assert measured.lamp < 0.3 * claimed.lamp
    others = [(each.optics, each.anatomy, each.placement) for each in (measured, claimed)]
    for one, other in zip(*others, strict=True):
        assert one / (1.0 - measured.lamp) == pytest.approx(other / (1.0 - claimed.lamp))


def test_light_that_is_alike_everywhere_leaves_nothing_to_placement() -> None:
    for structure in STRUCTURES:
        assert shares(lit(EVERYWHERE), structure).placement == pytest.approx(0.0, abs=1e-12)


def test_a_small_spot_hangs_more_on_where_it_is_put_than_a_panel_and_the_less_the_deeper() -> None:
    """Light spreads on its way down, so 3 mm beside the target are soon forgotten."""
    spot = lit(SPOT, distance_mm=0.0)
    near, muscle, deep = (shares(spot, name).placement for name in ("sural_nerve", "gastrocnemius", "tibial_nerve"))
    assert near > 10.0 * shares(MEASURED, "sural_nerve").placement
    assert near > 2.0 * muscle > 4.0 * deep


def test_bodies_that_are_alike_leave_nothing_to_anatomy_and_alike_flesh_nothing_to_optics() -> None:
    drawn, rates, first = MEASURED.tissues, MEASURED.rates, np.zeros(64, dtype=np.intp)
    one_body = in_anatomy(drawn, tissue_rows(drawn, first))
    one_flesh = in_anatomy(tissue_rows(drawn, first), drawn)
    for structure in STRUCTURES:
        alike, other = (spread_shares(tissues, rates, structure) for tissues in (one_body, one_flesh))
        assert alike is not None
        assert other is not None
        assert (alike.anatomy, other.optics) == pytest.approx((0.0, 0.0), abs=1e-12)
        assert alike.optics == pytest.approx(other.anatomy)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_optics_and_anatomy_share_as_light_does_where_one_of_them_is_held_still(structure: str) -> None:
    """Direct solutions: all make-ups in the middle body, the middle make-up in all bodies; shares within 0.12."""
    person = Person(skin_type=2)
    drawn = draw_tissues(CALF, person, count=64, seed=2)
    middle = tissue_rows(middle_tissue(CALF, person), np.zeros(64, dtype=np.intp))
    optics, anatomy = (
        log_variance(solved(tissues, structure)) for tissues in (in_anatomy(drawn, middle), in_anatomy(middle, drawn))
    )
    found = shares(MEASURED, structure)
    assert found.optics / (found.optics + found.anatomy) == pytest.approx(optics / (optics + anatomy), abs=0.12)


def solved(tissues: TissueDraw, structure: str) -> NDArray[np.float64]:
    rates, _ = axial_light(stacks_of(tissues, 850.0), Incidence.plane_wave(), tissues.depth_of(structure)[:, None])
    return rates[:, 0]


def test_where_nothing_is_open_there_is_nothing_to_share_out() -> None:
    tissue, rates = tissue_rows(MEASURED.tissues, [0]), MEASURED.rates
    stated = {850.0: rates.as_planned[850.0][:1]}
    still = replace(rates, stated=stated, as_planned=stated, output=np.ones(1))
    assert spread_shares(tissue, still, "gastrocnemius") is None
