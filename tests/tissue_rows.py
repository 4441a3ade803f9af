"""Tissues picked out of a draw, and put into other bodies: what a test needs to vary one thing at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from openpbm.tissue import TissueDraw

__all__ = ["in_anatomy", "tissue_rows"]


def tissue_rows(tissues: TissueDraw, numbers: Sequence[int] | NDArray[np.intp]) -> TissueDraw:
    """The tissues of those numbers, in that order; a number may stand more than once."""
    rows, makeup = np.asarray(numbers), tissues.makeup
    return replace(
        tissues,
        thickness_mm=tissues.thickness_mm[rows],
        target_depth_mm=tissues.target_depth_mm[rows],
        melanin_fraction=tissues.melanin_fraction[rows],
        makeup=replace(
            makeup,
            values={name: values[rows] for name, values in makeup.values.items()},
            scores={name: values[rows] for name, values in makeup.scores.items()},
            temperature_c=makeup.temperature_c[rows],
            haemoglobin_share=makeup.haemoglobin_share[rows],
            water_share=makeup.water_share[rows],
            melanosome_share=makeup.melanosome_share[rows],
            tables={name: tables[rows] for name, tables in makeup.tables.items()},
        ),
    )


def in_anatomy(tissues: TissueDraw, anatomy: TissueDraw) -> TissueDraw:
    """The first tissues with the layers and depths of the second: same optics, other bodies."""
    return replace(tissues, thickness_mm=anatomy.thickness_mm, target_depth_mm=anatomy.target_depth_mm)
