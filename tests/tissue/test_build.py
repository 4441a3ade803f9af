"""Layers built from a scenario: published orders of magnitude, rivals, and the person's skin."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from openpbm.errors import BadInput
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.tissue import TissueLayer, build, draw_scenarios, nominal_scenario, unverified_inputs

CALF = sites["posterior_calf"]
ANNE = Person(sex="female", height_cm=165, weight_kg=65, skin_type=2)
NOMINAL = nominal_scenario(CALF, ANNE)


def layer(name: str, scenario: Any, wavelength_nm: float = 810.0) -> TissueLayer:
    return next(one for one in build(CALF, scenario, wavelength_nm).layers if one.name == name)


@pytest.mark.parametrize(
    ("rival", "per_mm"), [({"skin_table": "cassano"}, 0.045), ({"skin_table": "salomatina"}, 0.118)]
)
def test_dermis_takes_the_chosen_table(rival: dict[str, Any], per_mm: float) -> None:
    """Dermis at 810 nm: 0.045 (Cassano) and 0.118 /mm (Salomatina)."""
    assert layer("dermis", dataclasses.replace(NOMINAL, **rival)).mu_a_per_mm == pytest.approx(per_mm, rel=0.01)


def test_nominal_dermis_is_the_geometric_middle_of_its_rivals() -> None:
    """Closed form: the fourth root of the product of four tables."""
    rivals = [
        layer("dermis", dataclasses.replace(NOMINAL, skin_table=table)).mu_a_per_mm
        for table in ("cassano", "composition", "salomatina", "shimojo")
    ]
    assert layer("dermis", NOMINAL).mu_a_per_mm == pytest.approx(math.prod(rivals) ** 0.25)


def test_rivals_spread_as_published() -> None:
    """Near 800 nm the published dermis absorption spans 0.045-0.12 and muscle scattering 0.47-1.03 /mm."""
    draws = draw_scenarios(CALF, ANNE, count=48, seed=1)
    dermis = [layer("dermis", draw).mu_a_per_mm for draw in draws]
    muscle = [layer("muscle", draw) for draw in draws]
    reduced = [one.mu_s_per_mm * (1 - one.g) for one in muscle]
    assert np.percentile(dermis, 90) / np.percentile(dermis, 10) > 2
    assert np.percentile(reduced, 10) < 0.5
    assert np.percentile(reduced, 90) > 0.95


def test_darker_skin_absorbs_more_in_the_epidermis_alone() -> None:
    absorptions = []
    for skin_type in range(1, 7):
        tissue = build(CALF, nominal_scenario(CALF, dataclasses.replace(ANNE, skin_type=skin_type)), 660.0)
        absorptions.append([one.mu_a_per_mm for one in tissue.layers])
    epidermis = [row[0] for row in absorptions]
    assert epidermis == sorted(epidermis)
    assert epidermis[5] > 4 * epidermis[0]
    assert all(row[1:] == absorptions[0][1:] for row in absorptions)


def test_a_deviation_is_the_same_at_every_wavelength_and_lognormal() -> None:
    """One standard deviation up: dermis of Salomatina moves by exp(sigma), its own printed one."""
    base = dataclasses.replace(NOMINAL, skin_table="salomatina")
    up = dataclasses.replace(base, deviation={**base.deviation, "dermis_absorption": 1.0})
    for wavelength, relative in ((660.0, 0.22 / 1.46), (850.0, 0.17 / 1.02)):
        ratio = layer("dermis", up, wavelength).mu_a_per_mm / layer("dermis", base, wavelength).mu_a_per_mm
        assert ratio == pytest.approx(math.exp(math.sqrt(math.log1p(relative**2))), rel=0.01)


def test_a_table_without_a_printed_deviation_gets_the_default_one() -> None:
    """Cassano prints none: a fifth of the value."""
    base = dataclasses.replace(NOMINAL, muscle_table="cassano")
    up = dataclasses.replace(base, deviation={**base.deviation, "muscle_absorption": 1.0})
    ratio = layer("muscle", up).mu_a_per_mm / layer("muscle", base).mu_a_per_mm
    assert ratio == pytest.approx(math.exp(math.sqrt(math.log1p(0.04))))


@pytest.mark.parametrize("one", sites, ids=lambda one: one.id)
def test_every_layer_is_physical_at_every_wavelength(one: Any) -> None:
    """Bounds: coefficients above zero, 0 <= g < 1, n >= 1; only the last layer goes on downward."""
    for scenario in (nominal_scenario(one, Person()), *draw_scenarios(one, Person(), count=8, seed=0)):
        for wavelength in (600.0, 660.0, 850.0, 940.0, 1000.0):
            layers = build(one, scenario, wavelength).layers
            assert [row.thickness_mm is None for row in layers] == [False] * (len(layers) - 1) + [True]
            for row in layers:
                assert row.mu_a_per_mm > 0
                assert 0 < row.mu_s_per_mm < 200
                assert 0 <= row.g < 1
                assert 1 <= row.n < 1.6


def test_outside_the_tables_is_bad_input() -> None:
    with pytest.raises(BadInput, match="1450 nm is outside"):
        build(CALF, NOMINAL, 1450.0)


def test_unverified_numbers_are_listed() -> None:
    lines = unverified_inputs(sites["foot_sole"])
    assert any("thickness of subcutis" in line for line in lines)
    assert not any("thickness of epidermis" in line for line in lines)
    assert any("melanin over that of other skin" in line for line in lines)
    assert not any("melanin over that of other skin" in line for line in unverified_inputs(CALF))
    assert "scatter power of muscle (openpbm_prior)" in lines
    assert len(lines) == len(set(lines))
