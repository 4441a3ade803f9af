"""The curve left the frame before the target: the axes reach every structure whatever lies between."""

from __future__ import annotations

import math

import pytest

from openpbm.planning.depth_panel import DepthPanel, MarkedStructure
from openpbm.planning.document import Band

DEPTH_MM = [0.5 * step for step in range(161)]


def light(depth_mm: float, per_mm: float) -> Band:
    median = 100.0 * math.exp(-per_mm * depth_mm)
    return Band(p5=0.3 * median, median=median, p95=3.0 * median)


def panel(per_mm: float, target_mm: float, *others_mm: float) -> DepthPanel:
    return DepthPanel(
        name="fluence",
        unit="J/cm²",
        depth_mm=DEPTH_MM,
        light=[light(depth, per_mm) for depth in DEPTH_MM],
        at_skin=50.0,
        at_skin_name="dose",
        structures=[
            MarkedStructure(
                name=f"at {depth:g} mm",
                depth_mm=depth,
                depth_range_mm=(0.8 * depth, 1.2 * depth),
                light=light(depth, per_mm),
                aim=depth == target_mm,
            )
            for depth in (target_mm, *others_mm)
        ],
    )


@pytest.mark.parametrize("per_mm", [0.05, 0.3, 0.6])
@pytest.mark.parametrize("target_mm", [3.0, 20.0, 60.0])
def test_the_median_is_inside_the_frame_down_to_the_target(per_mm: float, target_mm: float) -> None:
    lowest, top = panel(per_mm, target_mm).lowest_and_highest()
    median = light(target_mm, per_mm).median
    assert lowest < median < top
    assert panel(per_mm, target_mm).deepest_mm > 1.2 * target_mm


def test_the_axis_of_depth_reaches_the_deepest_structure_and_no_further_than_light_is_known() -> None:
    assert panel(0.2, 5.0, 35.0).deepest_mm == pytest.approx(1.12 * 1.2 * 35.0)
    assert panel(0.2, 5.0, 79.0).deepest_mm == 80.0


def test_a_structure_in_the_dark_does_not_flatten_the_curve() -> None:
    lowest, top = panel(0.6, 5.0, 70.0).lowest_and_highest()
    assert top / lowest < 1.01e6


def test_words_give_the_light_and_its_part_of_what_falls_on_the_skin() -> None:
    drawn = panel(0.2, 5.0, 35.0)
    assert [drawn.words_of(structure) for structure in drawn.structures] == [
        "at 5 mm",
        "at 35 mm: 0.091 J/cm², 1 in 550",
    ]


def test_words_that_have_no_room_beside_the_bar_are_left_out() -> None:
    """They ran out of the frame."""
    long = "nerve with a name that is as long as names of nerves are"
    drawn = panel(0.2, 5.0, 20.0)
    structure = MarkedStructure(name=long, depth_mm=20.0, depth_range_mm=(16.0, 24.0), light=light(20.0, 0.2))
    assert drawn.words_of(structure) == long
