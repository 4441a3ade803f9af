"""Without a patient the picture is as the plan's: one band, the irradiance as 100 %, every structure marked."""

from __future__ import annotations

import math

from matplotlib.collections import PolyCollection
from matplotlib.text import Text

from openpbm.planning.depth_curve import DepthCurve, StructureLight
from openpbm.planning.document import Band
from openpbm.planning.light_picture import draw_light_at_depth

DEPTH_MM = tuple(float(step) for step in range(81))


def light(depth_mm: float, share: float = 1.0) -> Band:
    median = 40.0 * share * math.exp(-0.2 * depth_mm)
    return Band(p5=0.5 * median, median=median, p95=2.0 * median)


def curve(wavelength_nm: float | None, share: float) -> DepthCurve:
    bands = tuple(light(depth, share) for depth in DEPTH_MM)
    return DepthCurve(wavelength_nm=wavelength_nm, depth_mm=DEPTH_MM, fluence_rate_mw_cm2=bands)


def structure(name: str, depth_mm: float) -> StructureLight:
    return StructureLight(
        structure=name,
        plain_name=name,
        depth_mm=Band(p5=0.8 * depth_mm, median=depth_mm, p95=1.2 * depth_mm),
        fluence_rate_mw_cm2=light(depth_mm),
        by_wavelength_mw_cm2={},
    )


def test_one_band_and_what_reaches_each_structure_as_a_part_of_the_irradiance() -> None:
    figure = draw_light_at_depth(
        (curve(660.0, 0.4), curve(850.0, 0.6), curve(None, 1.0)),
        (structure("sural_nerve", 6.0), structure("tibial_nerve", 35.0)),
        irradiance_mw_cm2=20.0,
        heading="Back of the calf",
        lamp="a panel",
        distance_mm=300.0,
        notice="Not medical advice.",
    )
    assert len(figure.findobj(PolyCollection)) == 1
    words = " | ".join(text.get_text() for text in figure.findobj(Text))
    for part in (
        "Back of the calf",
        "Under a panel, 30 cm away.",
        "fluence rate, mW/cm²",
        "part of the irradiance on the skin (20 mW/cm²)",
        "sural nerve: 12 mW/cm², 60 %",
        "tibial nerve: 0.036 mW/cm², 1 in 550",
        "Not medical advice.",
    ):
        assert part in words, part
    assert "660" not in words
    low_mm, high_mm = figure.axes[0].get_xlim()
    assert (low_mm, high_mm > 42.0) == (0.0, True)
