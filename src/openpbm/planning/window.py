"""The window at depth: what the trials' lamps deliver at a structure, by our own model. Derived, never reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from openpbm.facts.conditions import Protocol
from openpbm.facts.sites import Site
from openpbm.person import Person
from openpbm.planning.depth_grid import RADIUS_EDGES_MM, at_depth
from openpbm.planning.light import compute_fields
from openpbm.planning.prescription import Prescription, skin_fluence_range
from openpbm.tissue import draw_scenarios

__all__ = ["REFERENCE_SEED", "Window", "reference_wavelengths", "window_at"]

# The reference people never change with a plan's seed, so that two plans are held against one window.
REFERENCE_SEED = 20_100
# A point protocol counts joules per point; over how much skin is rarely said. One square centimetre is assumed.
_POINT_RADIUS_MM = 5.64
_NORMAL = (1.0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Fluence at a structure in one session [J/cm2] from the lowest to the highest that trials delivered there."""

    low_j_cm2: float
    high_j_cm2: float
    protocols: tuple[str, ...]
    basis: str


def reference_wavelengths(prescription: Prescription) -> tuple[float, ...]:
    """The wavelength [nm] at which each trial protocol is modelled: the middle of its range."""
    return tuple(sorted({_middle(protocol) for protocol in prescription.trial_protocols}))


def window_at(
    prescription: Prescription,
    site: Site,
    structures: list[str],
    *,
    count: int,
    photons: int,
    keep_in: Path | None = None,
    threads: int | None = None,
    progress: Callable[[], None] = lambda: None,
) -> dict[str, Window | None]:
    """The window of each structure; None where no trial or guideline gives a dose to derive it from.

    The reference people are adults of every build the site's priors allow. The window runs from the 5th percentile of
    what the lowest reported dose delivers in them to the 95th of what the highest delivers.
    """
    if not prescription.trial_protocols:
        return dict.fromkeys(structures)
    people = draw_scenarios(site, Person(), count=count, seed=REFERENCE_SEED)
    fields = {
        wavelength: compute_fields(
            site, people, wavelength, _NORMAL,
            photons=photons, seed=REFERENCE_SEED, keep_in=keep_in, threads=threads, progress=progress,
        )
        for wavelength in reference_wavelengths(prescription)
    }  # fmt: skip
    windows: dict[str, Window | None] = {}
    for structure in structures:
        lows, highs = [], []
        for protocol in prescription.trial_protocols:
            rates = fields[_middle(protocol)].fluence_rate
            low, high = _skin_dose(protocol)
            rings = _point_share() if protocol.mode == "point" else np.ones(RADIUS_EDGES_MM.size)
            reached = np.array(
                [at_depth(rings @ rate, person.target_depth_mm[structure]) for rate, person in zip(rates, people, strict=True)]
            )
            lows.append(low * float(np.quantile(reached, 0.05)))
            highs.append(high * float(np.quantile(reached, 0.95)))
        windows[structure] = Window(
            low_j_cm2=min(lows),
            high_j_cm2=max(highs),
            protocols=tuple(protocol.id for protocol in prescription.trial_protocols),
            basis=(
                "derived: what the doses of these protocols at the skin deliver at this structure in reference adults,"
                " by our own model; no trial measured it"
            ),
        )
    return windows


def _middle(protocol: Protocol) -> float:
    return round(sum(protocol.wavelength_nm) / 2.0)


def _skin_dose(protocol: Protocol) -> tuple[float, float]:
    """Lowest and highest dose at the skin: fluence, or energy per point over one square centimetre [J/cm2]."""
    fluence = skin_fluence_range(protocol)
    if fluence is not None:
        return fluence
    assert protocol.energy_per_point_j is not None
    return protocol.energy_per_point_j


def _point_share() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Share of each ring that a spot of one square centimetre covers, the overflow ring last."""
    inner, outer = RADIUS_EDGES_MM[:-1] ** 2, RADIUS_EDGES_MM[1:] ** 2
    return np.append(np.clip((_POINT_RADIUS_MM**2 - inner) / (outer - inner), 0.0, 1.0), 0.0)
