"""Thermal properties of every layer, for many tissues at once, and what the air takes up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.thermal import thermal_value
from openpbm.tissue.draw import TissueDraw

__all__ = ["LayerHeat", "layer_heat"]

Floats = NDArray[np.float64]

_PER_MM, _PER_MM2, _PER_MM3 = 1e-3, 1e-6, 1e-9
_ML_MIN_PER_M3_S = 6e7


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerHeat:
    """Thermal properties of layered tissues, as the bioheat solver takes them.

    thickness_mm : (tissue, layer) [mm], infinite for the last
    conductivity_w_mm_k, heat_capacity_j_mm3_k : (tissue, layer) [W/mm/K], [J/mm3/K]
    blood_flow_w_mm3_k, metabolic_w_mm3 : (tissue, layer) [W/mm3/K], [W/mm3]
    arterial_c : (tissue,) blood that comes in [C]
    air_w_mm2_k : (tissue,) from skin to still air, with radiation [W/mm2/K]
    """

    thickness_mm: Floats
    conductivity_w_mm_k: Floats
    heat_capacity_j_mm3_k: Floats
    blood_flow_w_mm3_k: Floats
    metabolic_w_mm3: Floats
    arterial_c: Floats
    air_w_mm2_k: Floats


def layer_heat(tissues: TissueDraw) -> LayerHeat:
    """Thermal properties of drawn tissues.

    How wide the vessels of the skin are, and how much the air takes up, is drawn evenly (flow in its logarithm). Blood
    comes in as warm as the tissue was drawn (35-37 C in a limb at rest).

    >>> from openpbm.facts.sites import sites
    >>> from openpbm.tissue.draw import middle_tissue
    >>> from openpbm.person import Person
    >>> (layer_heat(middle_tissue(sites["posterior_calf"], Person())).blood_flow_w_mm3_k[0] * 1e9).round(0).tolist()
    [0.0, 7038.0, 1903.0, 2554.0]
    """
    density, capacity, conductivity, flow, metabolic = (
        np.array([thermal_value(name, quantity) for name in tissues.layers])
        for quantity in ("density", "heat_capacity", "conductivity", "blood_flow", "metabolic_heat")
    )
    blood = thermal_value("blood", "density") * thermal_value("blood", "heat_capacity")
    shape = tissues.thickness_mm.shape
    flow_by_tissue = np.broadcast_to(flow * density / _ML_MIN_PER_M3_S * blood * _PER_MM3, shape).copy()
    narrow, wide = (thermal_value("dermis", f"flow_factor_{end}") for end in ("narrow", "wide"))
    flow_by_tissue[:, tissues.layers.index("dermis")] *= narrow * (wide / narrow) ** tissues.vessel_quantile
    low, high = (thermal_value("air", f"exchange_{end}") for end in ("low", "high"))
    return LayerHeat(
        thickness_mm=tissues.thickness_mm,
        conductivity_w_mm_k=np.broadcast_to(conductivity * _PER_MM, shape),
        heat_capacity_j_mm3_k=np.broadcast_to(density * capacity * _PER_MM3, shape),
        blood_flow_w_mm3_k=flow_by_tissue,
        metabolic_w_mm3=np.broadcast_to(density * metabolic * _PER_MM3, shape),
        arterial_c=tissues.makeup.temperature_c,
        air_w_mm2_k=(low + (high - low) * tissues.air_quantile) * _PER_MM2,
    )
