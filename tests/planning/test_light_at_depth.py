"""Light at depth without a patient: the very numbers of a plan of the same site, lamp and seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import make_case
from matplotlib.text import Text
from present import present

from openpbm.errors import BadInput
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.notice import NOTICE
from openpbm.facts.sites import sites
from openpbm.planning import LightAtDepth, Quality, light_at_depth, make_plan
from openpbm.safety import screen

QUICK = Quality(scenarios=6)
PANEL, CALF = lamp_catalogue["panel_660_850"], sites["posterior_calf"]


@pytest.fixture(scope="module")
def light() -> LightAtDepth:
    return light_at_depth(PANEL, CALF, 300.0, seed=3, quality=QUICK)


def test_it_is_the_light_of_a_plan(tmp_path: Path) -> None:
    """Both stand on the same functions: every band of the plan's dose rows comes out again, to the last bit."""
    case = make_case(tmp_path)
    planned = make_plan(screen(case), seed=3, quality=QUICK)
    site, distance_mm = sites[case.sites[0].site], present(planned.placement.distance_mm)
    alone = light_at_depth(case.device, site, distance_mm, case.person, seed=3, quality=QUICK)
    rows = [row for row in planned.dose if row.site == site.id]
    assert len(rows) >= 2
    for row in rows:
        there = alone.at(row.structure)
        bands: dict[Any, Any] = {None: there.fluence_rate_mw_cm2, **there.by_wavelength_mw_cm2}
        assert bands[row.wavelength_nm] == row.fluence_rate_mw_cm2


def test_every_structure_and_wavelength_has_its_band(light: LightAtDepth) -> None:
    assert [there.structure for there in light.structures] == [target.id for target in CALF.targets]
    assert [curve.wavelength_nm for curve in light.curves] == [660.0, 850.0, None]
    for band in (band for curve in light.curves for band in curve.fluence_rate_mw_cm2):
        assert 0.0 <= band.p5 <= band.median <= band.p95
    assert light.notice == NOTICE


def test_the_whole_is_brighter_than_each_part(light: LightAtDepth) -> None:
    """Conservation: fluence rates of two wavelengths add up in every draw, so the sum's quantiles lie above each."""
    for there in light.structures:
        for part in there.by_wavelength_mw_cm2.values():
            assert there.fluence_rate_mw_cm2.median >= part.median


def test_the_same_seed_gives_the_same_light_and_another_does_not(light: LightAtDepth) -> None:
    again, other = (light_at_depth(PANEL, CALF, 300.0, seed=seed, quality=QUICK) for seed in (3, 4))
    assert again.structures == light.structures
    assert other.structures != light.structures


def test_what_cannot_be_is_named(light: LightAtDepth) -> None:
    with pytest.raises(BadInput, match='structure = "sural_nerv": not at posterior_calf; did you mean sural_nerve'):
        light.at("sural_nerv")
    with pytest.raises(BadInput, match="distance_mm"):
        light_at_depth(PANEL, CALF, -1.0, quality=QUICK)


def test_the_figure_names_site_lamp_structures_and_notice(light: LightAtDepth) -> None:
    figure = light.plot()
    words = " ".join(text.get_text() for text in figure.findobj(Text))
    for word in ("Back of the calf", PANEL.name, "30 cm away", "gastrocnemius", "fluence rate, mW/cm²"):
        assert word in words
    assert NOTICE in " ".join(words.split())


def test_progress_counts_every_wavelength() -> None:
    steps: list[tuple[int, int]] = []
    light_at_depth(PANEL, CALF, 300.0, quality=Quality(scenarios=2), progress=lambda *step: steps.append(step))
    assert steps == [(1, 2), (2, 2)]
