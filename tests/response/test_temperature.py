"""Temperature of tissue against closed forms, conservation of energy and limits."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import erf, erfc

from openpbm.errors import BadInput
from openpbm.response import HeatCells, Heating, Lateral, Surface, cell_layout, cem43_minutes, heating
from openpbm.transport.lateral_spread import FREQUENCIES_PER_MM, ring_weights

Floats = NDArray[np.float64]

# Per mm; 500 W/m2 absorbed.
K, RHO_C, FLOW, Q = 3.7e-4, 3.761e-3, 1.96e-3 * 3.798e-3, 5e-4
DIFFUSIVITY = K / RHO_C
LENGTH_MM = math.sqrt(K / FLOW)
# The published numbers of the closed forms are given to three or four digits.
PRINTED = 2e-3
CELLS = 32


def tissue(*, flow: float = FLOW, conductivity: float = K, metabolic: float = 0.0, stretch: float = 100.0) -> HeatCells:
    """One kind of tissue, whose first cell is so thin that what it absorbs is absorbed at the surface."""
    cut, _ = cell_layout(np.array([[math.inf]]), cells=CELLS - 1, stretch=stretch, deepest_mm=80.0)
    cut = np.concatenate([[[0.01]], cut], axis=1)
    whole = np.ones_like(cut)
    return HeatCells(
        thickness_mm=cut,
        conductivity_w_mm_k=conductivity * whole,
        heat_capacity_j_mm3_k=RHO_C * whole,
        blood_flow_w_mm3_k=flow * whole,
        metabolic_w_mm3=metabolic * whole,
        arterial_c=np.array([37.0]),
    )


def at_surface(cells: HeatCells, w_mm2: float = Q) -> Floats:
    absorbed = np.zeros_like(cells.thickness_mm)
    absorbed[:, 0] = w_mm2 / cells.thickness_mm[:, 0]
    return absorbed


def falling(cells: HeatCells, per_mm: float, w_mm2: float = Q) -> Floats:
    """mu q exp(-mu z), averaged over each cell."""
    edges = np.concatenate([np.zeros((1, 1)), np.cumsum(cells.thickness_mm, axis=1)], axis=1)
    return np.asarray(-np.diff(w_mm2 * np.exp(-per_mm * edges), axis=1) / cells.thickness_mm)


def rise(found: Heating, *seconds: float) -> list[float]:
    result: list[float] = (found.skin_c(list(seconds)) - found.rest_c[:, :1])[0].tolist()
    return result


def air(w_m2_k: float, temperature_c: float = 37.0) -> Surface:
    return Surface(coefficient_w_mm2_k=np.array([w_m2_k * 1e-6]), temperature_c=np.array([temperature_c]))


INSULATED = Surface.insulated(1)


def test_closed_form_1_surface_flux_without_flow() -> None:
    """(2 q / k) sqrt(a t / pi): 3.705, 11.72 and 16.57 K after 60, 600 and 1200 s."""
    cells = tissue(flow=0.0)
    times = (60.0, 600.0, 1200.0)
    found = rise(heating(cells, INSULATED, at_surface(cells)), *times)
    assert found == pytest.approx([2.0 * Q / K * math.sqrt(DIFFUSIVITY * t / math.pi) for t in times], rel=0.01)
    assert found == pytest.approx([3.705, 11.72, 16.57], rel=0.01)


def test_closed_form_2_surface_flux_with_flow() -> None:
    """(q L / k) erf(sqrt(t / tau)): 3.563, 6.900, 8.354, 9.250 K after 60, 300, 600, 1200 s; 9.529 in the end."""
    cells = tissue()
    times = (60.0, 300.0, 600.0, 1200.0, math.inf)
    found = rise(heating(cells, INSULATED, at_surface(cells)), *times)
    assert found == pytest.approx([Q * LENGTH_MM / K * erf(math.sqrt(t * FLOW / RHO_C)) for t in times], rel=0.01)
    assert found == pytest.approx([3.563, 6.900, 8.354, 9.250, 9.529], rel=0.01)


def test_closed_form_3_light_that_falls_with_depth() -> None:
    """Source mu q exp(-mu z), no flow, insulated: 0.479, 2.016 and 9.398 K after 10, 60 and 600 s at mu 500 /m."""
    cells, mu = tissue(flow=0.0), 0.5
    times = (10.0, 60.0, 600.0)
    depth = [mu * math.sqrt(DIFFUSIVITY * t) for t in times]
    exact = [Q / (K * mu) * (2.0 * x / math.sqrt(math.pi) - 1.0 + math.exp(x * x) * erfc(x)) for x in depth]
    found = rise(heating(cells, INSULATED, falling(cells, mu)), *times)
    assert found == pytest.approx(exact, rel=0.01)
    assert found == pytest.approx([0.479, 2.016, 9.398], rel=0.01)


def test_closed_form_4_steady_with_flow_and_air() -> None:
    """[q / (h + k / L)] mu L / (1 + mu L): 6.337 K at h 9, mu 500 /m; 8.134 at the surface; 6.1 for 80 mW/cm2."""
    cells, h, mu = tissue(), 9e-6, 0.5
    at_face = Q / (h + K / LENGTH_MM)
    exact = at_face * mu * LENGTH_MM / (1.0 + mu * LENGTH_MM)
    assert rise(heating(cells, air(9.0), falling(cells, mu)), math.inf) == pytest.approx([exact], rel=0.01)
    assert exact == pytest.approx(6.337, rel=PRINTED)
    assert rise(heating(cells, air(9.0), falling(cells, mu)), 3600.0) == pytest.approx([6.336], rel=0.01)
    assert rise(heating(cells, air(9.0), at_surface(cells)), math.inf) == pytest.approx([8.134], rel=0.01)
    infrared = heating(cells, air(9.0), falling(cells, mu, 4.8e-4))
    assert rise(infrared, math.inf) == pytest.approx([6.1], rel=0.01)


def disc(radius_mm: float) -> Lateral:
    return Lateral(per_mm=FREQUENCIES_PER_MM, weights=ring_weights(np.array([0.0, radius_mm]))[0])


@pytest.mark.parametrize(("radius_mm", "printed"), [(1.5, 51.7), (10.0, 4.6)])
def test_closed_form_5_middle_of_a_disc(radius_mm: float, printed: float) -> None:
    """(q L / k)(1 - exp(-r / L)) under 100 mW absorbed at the surface: 51.7 K at 1.5 mm, 4.6 K at 10 mm."""
    cells = tissue()
    absorbed = at_surface(cells, 0.1 / (math.pi * radius_mm**2))
    found = rise(heating(cells, INSULATED, absorbed, lateral=disc(radius_mm)), math.inf)
    exact = 0.1 / (math.pi * radius_mm**2) * LENGTH_MM / K * -math.expm1(-radius_mm / LENGTH_MM)
    assert found == pytest.approx([exact], rel=0.01)
    assert found == pytest.approx([printed], rel=0.02)


def test_closed_form_5_without_flow() -> None:
    """q r / k in the middle of a disc far smaller than the length that blood flow sets (1 m here)."""
    cells = tissue(flow=K / 1e2**2)
    found = rise(heating(cells, INSULATED, at_surface(cells), lateral=disc(1.5)), math.inf)
    assert found == pytest.approx([Q * 1.5 / K], rel=0.02)


def test_closed_form_6_a_point_in_perfused_muscle() -> None:
    """P exp(-r / L) / (4 pi k r): 0.789 K, 10 mm from 0.1 W in muscle, seen here as half a space under its plane."""
    k, rate = 4.9e-4, 6.7e-4 * 3.798e-3
    length, distance = math.sqrt(k / rate), 10.0
    cells = tissue(flow=rate, conductivity=k, stretch=10.0)
    # Below a plane through the point lies half its heat; the middle of a small disc there is the point.
    radius = 0.5
    absorbed = at_surface(cells, 0.05 / (math.pi * radius**2))
    found = heating(cells, INSULATED, absorbed, lateral=disc(radius))
    warmed = found.at_depth_c(np.array([distance]), [math.inf]) - 37.0
    assert warmed[0, 0] == pytest.approx(0.1 * math.exp(-distance / length) / (4.0 * math.pi * k * distance), rel=0.02)
    assert warmed[0, 0] == pytest.approx(0.789, rel=0.02)


def test_energy_is_conserved() -> None:
    """Conservation: what is absorbed is stored where nothing leaves."""
    cells = dataclasses.replace(tissue(flow=0.0), conductivity_w_mm_k=np.linspace(2e-4, 6e-4, CELLS)[None])
    found = heating(cells, INSULATED, falling(cells, 0.3))
    for seconds in (1.0, 900.0):
        warmed = np.array([found.at_depth_c(depth, seconds)[0, 0] for depth in cells.depth_mm().T]) - 37.0
        stored = (warmed * cells.heat_capacity_j_mm3_k[0] * cells.thickness_mm[0]).sum()
        assert stored == pytest.approx(Q * seconds, rel=1e-6)


def test_in_the_end_blood_and_air_carry_off_what_is_absorbed() -> None:
    """Conservation, steady: absorbed = lost to air + carried off by blood."""
    cells = tissue()
    found = heating(cells, air(9.0), falling(cells, 0.5))
    warmed = np.array([found.at_depth_c(depth, math.inf)[0, 0] for depth in cells.depth_mm().T]) - 37.0
    by_blood = (warmed * cells.blood_flow_w_mm3_k[0] * cells.thickness_mm[0]).sum()
    by_air = 9e-6 * rise(found, math.inf)[0]
    assert by_blood + by_air == pytest.approx(Q, rel=1e-3)


def test_without_light_all_stays_at_rest() -> None:
    cells = tissue(metabolic=1e-6)
    found = heating(cells, air(8.0, 22.0), 0.0 * cells.thickness_mm)
    assert np.ptp(found.skin_c([0.0, 60.0, 3600.0])) < 1e-12
    assert 22.0 < found.rest_c[0, 0] < found.rest_c[0, -1] < 37.5


def test_rest_in_air_has_a_closed_form() -> None:
    """Closed form: half a space of one tissue, (h T_air + (k / L) T_deep) / (h + k / L)."""
    cells = tissue()
    found = heating(cells, air(8.0, 22.0), 0.0 * cells.thickness_mm)
    into = K / LENGTH_MM
    assert found.rest_c[0, 0] == pytest.approx((8e-6 * 22.0 + into * 37.0) / (8e-6 + into), abs=0.02)


def test_limits_of_flow_and_of_air() -> None:
    """Limits: endless flow holds all at the temperature of blood, endless exchange the skin at that of the air."""
    cells = tissue(flow=1e3)
    assert heating(cells, air(9.0, 22.0), falling(cells, 0.5)).skin_c([3600.0])[0, 0] == pytest.approx(37.0, abs=0.01)
    cells = tissue()
    assert heating(cells, air(1e9, 22.0), falling(cells, 0.5)).skin_c([3600.0])[0, 0] == pytest.approx(22.0, abs=0.01)


def test_linear_in_light_and_duty() -> None:
    """Linearity: half the light is half the rise, and so is a duty of one half; sources add."""
    cells = tissue()
    whole = rise(heating(cells, air(9.0), falling(cells, 0.5)), 60.0, 900.0)
    half = rise(heating(cells, air(9.0), 0.5 * falling(cells, 0.5)), 60.0, 900.0)
    pulsed = rise(heating(cells, air(9.0), falling(cells, 0.5), duty=0.5), 60.0, 900.0)
    assert half == pulsed == pytest.approx([0.5 * each for each in whole])
    both = rise(heating(cells, air(9.0), falling(cells, 0.5) + at_surface(cells)), 60.0, 900.0)
    alone = rise(heating(cells, air(9.0), at_surface(cells)), 60.0, 900.0)
    assert both == pytest.approx([one + other for one, other in zip(whole, alone, strict=True)])


def test_a_wide_disc_is_a_broad_field_and_a_narrow_one_cooler() -> None:
    cells = tissue()
    broad = rise(heating(cells, INSULATED, falling(cells, 0.5)), 1800.0)[0]
    discs = [
        rise(heating(cells, INSULATED, falling(cells, 0.5), lateral=disc(r)), 1800.0)[0] for r in (2.0, 10.0, 60.0)
    ]
    assert discs == sorted(discs)
    assert discs[-1] == pytest.approx(broad, rel=0.01)


def test_after_the_light_the_skin_cools_to_rest() -> None:
    cells = tissue()
    found = heating(cells, air(9.0), falling(cells, 0.5))
    lit, later, last = found.skin_c([600.0, 660.0, 36_000.0], lit_s=600.0)[0]
    assert lit == found.skin_c([600.0])[0, 0]
    assert 37.0 < later < lit
    assert last == pytest.approx(37.0, abs=1e-3)


def test_a_cover_put_on_warms_from_rest_in_air_to_rest_under_it() -> None:
    """Limits: at once the skin is as it was, in the end as if covered for ever, never colder; light adds to it."""
    cells = tissue()
    dark, covered = 0.0 * cells.thickness_mm, air(0.0)
    before = heating(cells, air(8.0, 22.0), dark)
    under = heating(cells, covered, dark, before=air(8.0, 22.0))
    course = under.skin_c([0.0, 10.0, 60.0, 600.0, 1e5])[0]
    assert course[0] == pytest.approx(before.rest_c[0, 1])
    assert (np.diff(course) > 0.0).all()
    assert course[-1] == pytest.approx(heating(cells, covered, dark).rest_c[0, 0], abs=1e-6)
    lit = heating(cells, covered, falling(cells, 0.5), before=air(8.0, 22.0)).of_skin()
    assert lit.skin_unlit_c([600.0])[0, 0] == pytest.approx(course[3])
    steady = rise(heating(cells, covered, falling(cells, 0.5)), 600.0)[0]
    assert lit.skin_c([600.0])[0, 0] - course[3] == pytest.approx(steady)


def test_tissues_do_not_know_each_other() -> None:
    """A batch gives what each tissue gives alone."""
    alone = [tissue(flow=flow) for flow in (0.5 * FLOW, FLOW, 2.0 * FLOW)]
    batch = HeatCells(
        **{
            field.name: np.concatenate([getattr(cells, field.name) for cells in alone])
            for field in dataclasses.fields(HeatCells)
        }
    )
    surface = Surface(coefficient_w_mm2_k=np.full(3, 9e-6), temperature_c=np.full(3, 22.0))
    together = heating(batch, surface, np.concatenate([falling(cells, 0.5) for cells in alone])).skin_c([300.0])
    apart = [heating(cells, air(9.0, 22.0), falling(cells, 0.5)).skin_c([300.0])[0, 0] for cells in alone]
    assert together[:, 0].tolist() == pytest.approx(apart, abs=1e-9)


@pytest.mark.parametrize(
    ("temperature_c", "minutes"), [(41.0, 32.0), (42.0, 8.0), (43.0, 2.0), (44.0, 1.0), (45.0, 0.5)]
)
def test_minutes_to_two_equivalent_minutes(temperature_c: float, minutes: float) -> None:
    """Published: 32, 8, 2, 1 and 0.5 minutes at 41-45 C are 2 equivalent minutes at 43 C; below 39 C nothing counts."""
    seconds = np.linspace(0.0, 60.0 * minutes, 5)
    assert cem43_minutes(np.full((1, 5), temperature_c), seconds).tolist() == pytest.approx([2.0])
    assert cem43_minutes(np.full((1, 5), 38.9), seconds).tolist() == [0.0]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"thickness_mm": np.zeros((1, CELLS))}, "thickness_mm"),
        ({"conductivity_w_mm_k": np.full((1, CELLS), np.nan)}, "conductivity_w_mm_k"),
        ({"arterial_c": np.zeros(2)}, "arterial_c"),
    ],
)
def test_a_tissue_that_cannot_be_is_refused(change: dict[str, Floats], key: str) -> None:
    with pytest.raises(BadInput, match=key):
        dataclasses.replace(tissue(), **change)


def test_a_duty_or_surface_that_cannot_be_is_refused() -> None:
    cells = tissue()
    with pytest.raises(BadInput, match=r"duty = 1\.5"):
        heating(cells, INSULATED, at_surface(cells), duty=1.5)
    with pytest.raises(BadInput, match="coefficient"):
        heating(cells, air(-1.0), at_surface(cells))
    with pytest.raises(BadInput, match="absorbed"):
        heating(cells, INSULATED, np.nan * at_surface(cells))
