"""Thermal properties of drawn tissues, against their rows."""

from __future__ import annotations

import numpy as np
import pytest

from openpbm.errors import FactsError
from openpbm.facts.sites import sites
from openpbm.facts.tissue import thermal_rows, thermal_value
from openpbm.person import Person
from openpbm.tissue import draw_tissues, layer_heat
from openpbm.tissue.draw import _UNKNOWNS, _quasi_random

PEOPLE = draw_tissues(sites["posterior_calf"], Person(), count=128, seed=1)


def test_perfusion_as_derived_in_the_literature() -> None:
    """Published conversion: 106 mL/min/kg of skin is 1.96e-3 /s, with blood 7.4e3 W/m3/K; muscle 6.7e-4 /s."""
    heat = layer_heat(PEOPLE)
    blood = 1050 * 3617
    assert heat.blood_flow_w_mm3_k[0, 3] * 1e9 / blood == pytest.approx(6.7e-4, rel=0.01)
    middle = np.median(heat.blood_flow_w_mm3_k[:, 1]) / np.sqrt(0.42 * 2.13) * 1e9
    assert middle == pytest.approx(7.4e3, rel=0.02)
    assert (heat.blood_flow_w_mm3_k[:, 0] == 0.0).all()


def test_vessels_and_air_are_drawn_over_their_range() -> None:
    heat = layer_heat(PEOPLE)
    factor = heat.blood_flow_w_mm3_k[:, 1] / heat.blood_flow_w_mm3_k[:, 1].max()
    assert factor.min() == pytest.approx(0.42 / 2.13, rel=0.05)
    assert heat.air_w_mm2_k.min() * 1e6 == pytest.approx(5.0, abs=0.1)
    assert heat.air_w_mm2_k.max() * 1e6 == pytest.approx(10.0, abs=0.1)


def test_vessels_and_air_go_with_no_other_unknown() -> None:
    """Every two axes of the sequence are even: no correlation above 0.1."""
    quantiles = _quasi_random(512, 5)
    axes = np.stack([quantiles(name) for name in (*_UNKNOWNS[:8], "vessels", "air")])
    assert np.abs(np.corrcoef(axes) - np.eye(10)).max() < 0.1


def test_an_unknown_property_is_a_fault_of_the_tables() -> None:
    assert len(thermal_rows()) == len({(row.tissue, row.quantity) for row in thermal_rows()})
    with pytest.raises(FactsError, match="no colour of dermis"):
        thermal_value("dermis", "colour")
