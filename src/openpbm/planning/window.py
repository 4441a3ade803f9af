"""The window at depth: what the trials' lamps deliver at a structure, by our own model. Derived, never reported."""

from __future__ import annotations

import dataclasses
import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.device import output_quantile
from openpbm.facts.conditions import Protocol
from openpbm.facts.exposure import output_priors
from openpbm.facts.sites import Site, sites
from openpbm.person import Person
from openpbm.planning.document import Band, Measurement
from openpbm.planning.document.dose import MeasuredName
from openpbm.planning.light import RADIUS_EDGES_MM, axial_light, stacks_of
from openpbm.planning.prescription import fluence_j_cm2, skin_fluence_range
from openpbm.tissue import TissueDraw, draw_tissues, middle_tissue
from openpbm.transport.lateral_spread import ring_shares
from openpbm.transport.plane_stacks import Incidence, Lobe

__all__ = [
    "NEGLIGIBLE_J_CM2",
    "Target",
    "Window",
    "chance_if_known",
    "chance_in_window",
    "chance_standard_error",
    "chances_in_window",
    "drawn_windows",
    "measurements",
    "reference_wavelength_nm",
    "windows_at",
]

Floats = NDArray[np.float64]
# How many reference adults tell where the middle half of people has a structure, and the seed they are drawn with.
_ADULTS = 512
_ADULTS_SEED = 20_100
# Laboratory doses begin far above this; below it a window says next to nothing. An assumption, unverified.
NEGLIGIBLE_J_CM2 = 0.1
# The radius of one square centimetre: a point protocol counts joules and rarely says over how much skin.
_POINT_RADIUS_MM = 5.64
# Groups of people in whom something that is measured is alike.
_ALIKE = 8
_EVENLY = (np.arange(16) + 0.5) / 16
# What a measurement says about the logarithm of the dose is a curve of second degree in its own logarithm.
_CURVE = 2
_LEAST = np.finfo(float).tiny


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Fluence at a structure in one session, from the lowest to the highest that trials delivered there.

    low_j_cm2, high_j_cm2 : (tissue,)   one pair for each optical make-up drawn [J/cm2]
    Nobody knows which make-up is true, but person and participants share it: each draw of the person's tissue is held
    against the window in bodies of the same make-up, so that its error does not pass for a difference in dose.
    """

    low_j_cm2: Floats
    high_j_cm2: Floats
    protocols: tuple[str, ...]
    basis: str

    def middle(self) -> tuple[float, float]:
        """Median low and high edge over the draws [J/cm2]."""
        return float(np.median(self.low_j_cm2)), float(np.median(self.high_j_cm2))

    @property
    def negligible(self) -> bool:
        """Whether even the trials' lamps bring next to no light there, so that being inside says nothing."""
        return self.middle()[1] < NEGLIGIBLE_J_CM2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """Where the light is meant to arrive.

    rates : (tissue, output) fluence rate there [mW/cm2]
    window : None where no trial or guideline gives a dose
    depth_mm : (tissue,) how deep it lies
    fat_mm, melanin_fraction : (tissue,) what else of a person can be measured; None where nobody asks
    positions : how often the lamp is set down for all places alike
    """

    rates: Floats
    window: Window | None
    depth_mm: Floats
    fat_mm: Floats | None = None
    melanin_fraction: Floats | None = None
    positions: int = 1

    def chance_of(self, minutes: Floats) -> Floats:
        """(row,) share of the draws in the window [-]; not a number without a window."""
        if self.window is None:
            return np.full(minutes.shape, np.nan)
        return chances_in_window(self.rates, minutes, self.window)


@functools.lru_cache(maxsize=32)
def drawn_windows(
    trial_protocols: tuple[Protocol, ...], site: str, count: int, seed: int, threads: int | None
) -> dict[str, Window | None]:
    """`windows_at` of whoever is planned for: participants have the optics that the seed draws, and own anatomies."""
    return windows_at(trial_protocols, draw_tissues(sites[site], Person(), count=count, seed=seed), threads=threads)


def chances_in_window(rates: Floats, minutes: Floats, window: Window) -> Floats:
    """(row,) share of the draws whose fluence in a session lies inside the window of the same optical make-up [-].

    rates : (tissue, output) fluence rate at the structure [mW/cm2];  minutes : (row,)
    """
    return np.asarray(_shares_inside(rates, minutes, window).mean(axis=1))


def chance_in_window(rates: Floats, minutes: float, window: Window) -> float:
    """`chances_in_window` of one session."""
    return float(chances_in_window(rates, np.array([minutes]), window)[0])


def chance_standard_error(rates: Floats, minutes: float, window: Window) -> float:
    """Standard error of `chance_in_window` [-], as if the tissues were drawn one by one; they lie more evenly."""
    (shares,) = _shares_inside(rates, np.array([minutes]), window)
    return float(shares.std() / math.sqrt(len(shares)))


def _shares_inside(rates: Floats, minutes: Floats, window: Window) -> Floats:
    """(row, tissue) share of the outputs with which the fluence lies in the window."""
    return np.asarray(_draws_inside(rates, minutes, window).mean(axis=2))


def chance_if_known(
    rates: Floats, minutes: Floats, window: Window | None, depth_mm: Floats, *, unknown: str
) -> float | None:
    """Chance where the lamp's output, or the target's depth, is measured and the best of the minutes taken for it [-].

    depth_mm : (tissue,), known to an eighth of the people drawn
    None without a window, without minutes, and for what nobody measures.
    """
    if window is None or window.negligible or not minutes.size or unknown not in ("lamp", "anatomy"):
        return None
    inside = _draws_inside(rates, minutes, window)
    return float(inside.mean(axis=1).max(axis=0).mean()) if unknown == "lamp" else _chance_of_groups(inside, depth_mm)


def _chance_of_groups(inside: NDArray[np.bool_], known: Floats) -> float:
    """Chance where the best minutes are taken for each eighth of people by something known of them [-]."""
    alike = np.array_split(np.argsort(known), min(_ALIKE, known.size))
    best = [inside[:, few].mean(axis=(1, 2)).max() for few in alike]
    return float(np.average(best, weights=[few.size for few in alike]))


def measurements(target: Target, minutes: Floats, dose: Band) -> tuple[Measurement, ...]:
    """What one measurement more would bring, the most telling first; what is known already is left out.

    minutes : (row,) of the protocol;  dose : at the target
    The share that fat, depth or melanin tells is that of a curve through the draws, freed of what a curve finds in
    draws that have nothing to tell. A reading of the lamp leaves the doubt of any such reading.
    """
    if not dose.p5 > 0.0:
        return ()
    logs, fold = np.log(np.maximum(target.rates, _LEAST)), dose.p95 / dose.p5
    variance, window = logs.var(), target.window
    told = window is not None and not window.negligible and minutes.size > 0
    inside = _draws_inside(target.rates, minutes, window) if told and window is not None else None
    found: list[tuple[MeasuredName, float, float | None]] = []
    people: dict[MeasuredName, Floats | None] = {
        "fat": target.fat_mm,
        "depth": target.depth_mm,
        "melanin": target.melanin_fraction,
    }
    for name, known in people.items():
        if known is not None and np.ptp(known) > 0.0:
            share = _told_share(logs.mean(axis=1), known) * logs.mean(axis=1).var() / variance
            found.append((name, share, None if inside is None else _chance_of_groups(inside, known)))
    of_output, left = logs.mean(axis=0), np.log(output_quantile(output_priors["measured"], _EVENLY))
    # Of a lamp that was measured both are the same, to their last digits.
    if of_output.var() > left.var() * (1.0 + 1e-9):
        share = (of_output.var() - left.var()) / variance
        found.append(("output", share, None if inside is None else _chance_of_reading(inside, of_output, left.std())))
    return tuple(
        Measurement(
            measured=name,
            share=float(share),
            fold_if_measured=float(fold ** math.sqrt(1.0 - share)),
            chance_if_measured=chance,
        )
        for name, share, chance in sorted(found, key=lambda one: -one[1])
    )


def _told_share(values: Floats, known: Floats) -> float:
    """Share of the variance of values that a curve through them explains [-], (tissue,)."""
    free = values.size - _CURVE - 1
    if free < 1 or not values.var() > 0.0:
        return 0.0
    score = np.log(np.maximum(known, _LEAST))
    curve = np.polynomial.Polynomial.fit(score, values, _CURVE)
    unexplained = float(np.mean((values - curve(score)) ** 2) / values.var())
    return max(0.0, 1.0 - unexplained * (values.size - 1) / free)


def _chance_of_reading(inside: NDArray[np.bool_], of_output: Floats, sd: float) -> float:
    """Chance where a meter has read the output with an error of that standard deviation of its logarithm [-]."""
    # What the output may be where each of them is what the meter shows.
    weights = np.exp(-0.5 * ((of_output[:, None] - of_output) / sd) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    return float((inside.mean(axis=1) @ weights.T).max(axis=0).mean())


def _draws_inside(rates: Floats, minutes: Floats, window: Window) -> NDArray[np.bool_]:
    """(row, tissue, output) whether the fluence of a session lies in the window, as in `chances_in_window`."""
    fluences = fluence_j_cm2(rates, minutes[:, None, None])
    # Tissue by tissue: each meets the window of its own optical make-up, so that an error of it cancels.
    return np.asarray((fluences >= window.low_j_cm2[:, None]) & (fluences <= window.high_j_cm2[:, None]))


def windows_at(
    trial_protocols: tuple[Protocol, ...],
    tissues: TissueDraw,
    *,
    threads: int | None = None,
) -> dict[str, Window | None]:
    """The window of every structure of the site; None where no trial or guideline gives a dose to derive it from.

    tissues : the person's; participants have the same optics, each in an anatomy of their own
    The lowest edge is what the lowest reported dose delivers in a body that lets less light through to the structure
    than three quarters of reference adults do, the highest what the highest dose delivers in one that lets more
    through: the middle half of people. How far the trials' lamps shone below their claim is not in it; the person's own
    lamp has that doubt, and counted in both it would be counted twice.
    """
    structures = [target.id for target in tissues.site.targets]
    if not trial_protocols:
        return dict.fromkeys(structures)
    participants = _Participants.like(tissues)
    edges = [_edges(protocol, participants, threads) for protocol in trial_protocols]
    lows, highs = np.min([low for low, _ in edges], axis=0), np.max([high for _, high in edges], axis=0)
    return {
        structure: Window(
            # One pair per draw. A single window over all was tried first: its lower edge fell to the most absorbing
            # table, and a lamp a thousand times too weak still "reached" it.
            low_j_cm2=lows[:, number],
            high_j_cm2=highs[:, number],
            protocols=tuple(protocol.id for protocol in trial_protocols),
            basis=(
                "what the doses of these protocols at the skin deliver at this structure in the middle half of"
                " reference adults, by our own model; no trial measured it"
            ),
        )
        for number, structure in enumerate(structures)
    }


@functools.cache
def _adults_crossed_mm(site: Site) -> Floats:
    """(adult, layer, structure) how much of each layer lies above each structure of reference adults [mm]."""
    # The same for everybody who is planned.
    crossed_mm = draw_tissues(site, Person(), count=_ADULTS, seed=_ADULTS_SEED).crossed_mm()
    crossed_mm.setflags(write=False)
    return crossed_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class _Participants:
    """Who took part in trials: each make-up of the person's draw in the middle anatomy, and where adults differ.

    middle : the person's optics in the anatomy and skin in the middle of all adults
    crossed_mm : (adult, layer, structure) of reference adults [mm]
    """

    middle: TissueDraw
    crossed_mm: Floats

    @classmethod
    def like(cls, tissues: TissueDraw) -> _Participants:
        adult, count = middle_tissue(tissues.site, Person()), tissues.count
        middle = dataclasses.replace(
            tissues,
            thickness_mm=np.repeat(adult.thickness_mm, count, axis=0),
            target_depth_mm=np.repeat(adult.target_depth_mm, count, axis=0),
            melanin_fraction=np.repeat(adult.melanin_fraction, count),
        )
        return cls(middle=middle, crossed_mm=_adults_crossed_mm(tissues.site))

    def quartiles(self, wavelength_nm: float) -> tuple[Floats, Floats]:
        """Light at each structure over that in the middle anatomy: least and most of the middle half of adults.

        (tissue, structure) each.

        Diffuse light falls by the effective attenuation of each layer that it crosses, so another thickness of fat or
        another depth changes it by a factor that needs no light computed. At muscles and the nerves in and below them
        it is right within 1 % in most make-ups and within 4 % in all that were tried, just under thick skin within 8 %.
        """
        attenuation = self.middle.optics([wavelength_nm]).mu_eff_per_mm[..., 0]
        own = np.einsum("tl,tls->ts", attenuation, self.middle.crossed_mm())
        crossed = np.einsum("tl,als->tas", attenuation, self.crossed_mm, optimize=True)
        least, most = np.quantile(crossed, [0.75, 0.25], axis=1)
        return np.exp(own - least), np.exp(own - most)


def _edges(protocol: Protocol, participants: _Participants, threads: int | None) -> tuple[Floats, Floats]:
    """(tissue, structure) lowest and highest fluence of one protocol there [J/cm2]."""
    wavelength, middle = reference_wavelength_nm(protocol), participants.middle
    light = Lobe() if protocol.incidence == "diffuse" else Incidence.plane_wave()
    stacks = stacks_of(middle, wavelength)
    rates, _ = axial_light(stacks, light, middle.target_depth_mm, threads=threads)
    fewest = most = np.ones(())
    if protocol.mode == "point":
        shares = ring_shares(stacks, light, middle.target_depth_mm, RADIUS_EDGES_MM, threads=threads).shares[:, 0]
        # One point over the structure at least; at most all of them side by side around it.
        fewest, most = (_lit_rings(count) @ shares for count in (1, (protocol.points or (1, 1))[1]))
    darkest, brightest = participants.quartiles(wavelength)
    low, high = skin_fluence_range(protocol)
    return low * fewest * rates * darkest, high * most * rates * brightest


def reference_wavelength_nm(protocol: Protocol) -> float:
    """The wavelength at which a trial's protocol is modelled: the middle of its range [nm]."""
    # Whole nanometres: a trial's lamp is not known better.
    return round(sum(protocol.wavelength_nm) / 2.0)


def _lit_rings(points: int) -> Floats:
    """Share of each ring that so many adjoining points of 1 cm2 light, the overflow ring last."""
    inner, outer = RADIUS_EDGES_MM[:-1] ** 2, RADIUS_EDGES_MM[1:] ** 2
    return np.append(np.clip((points * _POINT_RADIUS_MM**2 - inner) / (outer - inner), 0.0, 1.0), 0.0)
