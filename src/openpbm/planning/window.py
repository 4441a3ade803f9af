"""The window at depth: what the trials' lamps deliver at a structure, by our own model. Derived, never reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.conditions import Protocol
from openpbm.facts.exposure import output_priors
from openpbm.facts.sites import Site
from openpbm.person import Person
from openpbm.planning.depth_profile import RADIUS_EDGES_MM, at_depth
from openpbm.planning.light import compute_fields
from openpbm.planning.prescription import Prescription, skin_fluence_range
from openpbm.tissue import Scenario, draw_scenarios, nominal_scenario

__all__ = ["NEGLIGIBLE_J_CM2", "Window", "reference_wavelengths", "windows_at"]

# How many reference adults tell where the middle half of people has a structure, and the seed they are drawn with.
_ADULTS = 400
_ADULTS_SEED = 20_100
# Laboratory doses begin far above this; below it a window says next to nothing. An assumption, unverified.
NEGLIGIBLE_J_CM2 = 0.1
# The radius of one square centimetre: a point protocol counts joules and rarely says over how much skin.
_POINT_RADIUS_MM = 5.64
# Trials rarely report their beam, so their light is taken to fall straight in.
_NORMAL = (1.0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Fluence at a structure in one session, from the lowest to the highest that trials delivered there.

    low_j_cm2, high_j_cm2 : (scenario,)   one pair per draw of the optical tables [J/cm2]
    Nobody knows which table is true, but person and trial share it: each draw of the person's tissue is held against
    the window in the same draw of the tables, so that a table's error does not pass for a difference in dose.
    """

    low_j_cm2: NDArray[np.float64]
    high_j_cm2: NDArray[np.float64]
    protocols: tuple[str, ...]
    basis: str

    def middle(self) -> tuple[float, float]:
        """Median low and high edge over the draws [J/cm2]."""
        return float(np.median(self.low_j_cm2)), float(np.median(self.high_j_cm2))

    @property
    def negligible(self) -> bool:
        """Whether even the trials' lamps bring next to no light there, so that being inside says nothing."""
        return self.middle()[1] < NEGLIGIBLE_J_CM2


def reference_wavelengths(prescription: Prescription) -> tuple[float, ...]:
    """The wavelength [nm] at which each trial protocol is modelled: the middle of its range."""
    return tuple(sorted({_middle(protocol) for protocol in prescription.trial_protocols}))


def windows_at(
    prescription: Prescription,
    site: Site,
    scenarios: Sequence[Scenario],
    *,
    photons: int,
    seed: int,
    keep_in: Path | None = None,
    threads: int | None = None,
    progress: Callable[[], None] = lambda: None,
) -> dict[str, Window | None]:
    """The window of every structure of the site; None where no trial or guideline gives a dose to derive it from.

    The lowest edge is what the lowest reported dose delivers in a reference adult whose structure lies at the 75th
    percentile of depth, the highest what the highest delivers at the 25th: the middle half of people. The trials' lamps
    were claimed, not measured, so their doses are believed no more than any other claim: times 0.4 below, 1.3 above.
    """
    structures = [target.id for target in site.targets]
    if not prescription.trial_protocols:
        return dict.fromkeys(structures)
    reference = _reference(site, scenarios)
    claimed = output_priors["claimed"]
    depths = _middle_half_mm(site, structures)
    fields = {
        wavelength: compute_fields(
            site, reference, wavelength, _NORMAL,
            photons=photons, seed=seed, keep_in=keep_in, threads=threads, progress=progress,
        )
        for wavelength in reference_wavelengths(prescription)
    }  # fmt: skip
    windows: dict[str, Window | None] = {}
    for structure in structures:
        shallow_mm, deep_mm = depths[structure]
        lows, highs = [], []
        for protocol in prescription.trial_protocols:
            low, high = skin_fluence_range(protocol)
            rates = fields[_middle(protocol)].fluence_rate
            # One point over the structure at least; at most all of them side by side around it.
            fewest, most = _lit_rings(protocol, 1), _lit_rings(protocol, (protocol.points or (1, 1))[1])
            lows.append([low * claimed.lower * at_depth(fewest @ rate, deep_mm) for rate in rates])
            highs.append([high * claimed.upper * at_depth(most @ rate, shallow_mm) for rate in rates])
        windows[structure] = Window(
            # One pair per draw of the tables. A single window over all was tried first: its lower edge fell to the
            # most absorbing table, and a lamp a thousand times too weak still "reached" it.
            low_j_cm2=np.min(lows, axis=0),
            high_j_cm2=np.max(highs, axis=0),
            protocols=tuple(protocol.id for protocol in prescription.trial_protocols),
            basis=(
                "what the doses of these protocols at the skin deliver at this structure in the middle half of"
                " reference adults, by our own model; no trial measured it"
            ),
        )
    return windows


def _reference(site: Site, scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """The reference adult's anatomy and skin in the optical tables of each scenario."""
    adult = nominal_scenario(site, Person())
    return tuple(
        replace(
            scenario,
            layer_thickness_mm=adult.layer_thickness_mm,
            target_depth_mm=adult.target_depth_mm,
            melanin_fraction=adult.melanin_fraction,
        )
        for scenario in scenarios
    )


def _middle_half_mm(site: Site, structures: Sequence[str]) -> dict[str, tuple[float, float]]:
    # Their own fixed seed: another seed of the plan must not move what counts as the middle half of people.
    adults = draw_scenarios(site, Person(), count=_ADULTS, seed=_ADULTS_SEED)
    found = {}
    for structure in structures:
        shallow, deep = np.quantile([adult.target_depth_mm[structure] for adult in adults], [0.25, 0.75])
        found[structure] = (float(shallow), float(deep))
    return found


def _middle(protocol: Protocol) -> float:
    # Whole nanometres, so that protocols of nearly the same range share their runs.
    return round(sum(protocol.wavelength_nm) / 2.0)


def _lit_rings(protocol: Protocol, points: int) -> NDArray[np.float64]:
    """Share of each ring that is lit, the overflow ring last: all of it, or that many adjoining points of 1 cm2."""
    if protocol.mode == "area":
        return np.ones(RADIUS_EDGES_MM.size)
    inner, outer = RADIUS_EDGES_MM[:-1] ** 2, RADIUS_EDGES_MM[1:] ** 2
    return np.append(np.clip((points * _POINT_RADIUS_MM**2 - inner) / (outer - inner), 0.0, 1.0), 0.0)
