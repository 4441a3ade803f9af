"""Temperature of layered tissue under light: the bioheat equation of Pennes in depth, for many tissues at once.

    rho c dT/dt = d/dz(k dT/dz) - k kappa^2 T + w (T_arterial - T) + Q_metabolic + absorbed light

`kappa` is the lateral spatial frequency, 0 for light that falls in everywhere alike. Cells in depth, exact in time:
each tissue's small symmetric matrix is taken apart into its modes once, and any time is a sum over them. Linear: blood
flow does not change with temperature. Lengths in mm, heat in W and J, times in s, temperatures in C.
Source: Pennes 1948, J Appl Physiol 1:93. Checks: docs/methods/heat.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.errors import BadInput, Problem

__all__ = [
    "HeatCells",
    "HeatModes",
    "Heating",
    "Lateral",
    "Surface",
    "cell_layout",
    "cem43_minutes",
    "heating",
]

Floats = NDArray[np.float64]

# Four layers of 6 make 24: up to 25, LAPACK's solver of symmetric matrices starts no threads, which cost it tenfold.
_CELLS = 6
# Modes slower than this [1/s] lose nothing in any time a person would wait.
_SLOWEST_PER_S = 1e-12
# After so many times its own time a mode has settled to the last digit.
_SETTLED = 40.0
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCells:
    """Tissues cut into cells from the skin downward; below the last cell its tissue goes on without end.

    thickness_mm : (tissue, cell) [mm]
    conductivity_w_mm_k, heat_capacity_j_mm3_k : (tissue, cell) [W/mm/K], [J/mm3/K]
    blood_flow_w_mm3_k : (tissue, cell)   heat that blood brings for each K below its temperature [W/mm3/K]
    metabolic_w_mm3 : (tissue, cell) [W/mm3]
    arterial_c : (tissue,)                blood that comes in [C]
    Raises BadInput where a shape or a number cannot be.
    """

    thickness_mm: Floats
    conductivity_w_mm_k: Floats
    heat_capacity_j_mm3_k: Floats
    blood_flow_w_mm3_k: Floats
    metabolic_w_mm3: Floats
    arterial_c: Floats

    def __post_init__(self) -> None:
        shape = self.thickness_mm.shape
        above_zero = ("thickness_mm", "conductivity_w_mm_k", "heat_capacity_j_mm3_k")
        problems = []
        for name in (field.name for field in fields(self)):
            values = getattr(self, name)
            if values.shape != (shape[:1] if name == "arterial_c" else shape):
                problems.append(Problem(name, message=f"shape {values.shape} beside {shape}"))
            elif not np.isfinite(values).all() or (values < 0.0).any() or (name in above_zero and not values.all()):
                problems.append(Problem(name, message="a number is outside its limits"))
        if problems:
            raise BadInput(problems)

    def depth_mm(self) -> Floats:
        """Middle of every cell under the skin [mm], (tissue, cell)."""
        return np.asarray(np.cumsum(self.thickness_mm, axis=1) - 0.5 * self.thickness_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What the skin loses heat to: air with its radiation, or what lies on it; a coefficient of 0 insulates.

    coefficient_w_mm2_k, temperature_c : (tissue,) [W/mm2/K], [C]
    """

    coefficient_w_mm2_k: Floats
    temperature_c: Floats

    @classmethod
    def insulated(cls, tissues: int) -> Surface:
        """Nothing leaves through the skin."""
        return cls(coefficient_w_mm2_k=np.zeros(tissues), temperature_c=np.zeros(tissues))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateral:
    """Light of finite area as a sum over spatial frequencies: what stands in the middle is the weighted sum.

    per_mm, weights : (frequency,)   [1/mm], [-]
    """

    per_mm: Floats
    weights: Floats

    @classmethod
    def broad(cls) -> Lateral:
        """Light that falls in everywhere alike."""
        return cls(per_mm=np.zeros(1), weights=np.ones(1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeatModes:
    """What tissues make of any light, whatever it is: the dear part of a heating, for whoever asks about many lights.

    per_mm : (frequency,)   spatial frequencies [1/mm]
    rates_per_s : (tissue, frequency, mode) [1/s];  shapes : (tissue, frequency, cell, mode) [-]
    """

    per_mm: Floats
    rates_per_s: Floats
    shapes: Floats

    @classmethod
    def of(cls, cells: HeatCells, surface: Surface, per_mm: Floats) -> HeatModes:
        """The modes of these tissues under that surface."""
        inverse_root = (cells.heat_capacity_j_mm3_k * cells.thickness_mm) ** -0.5
        exchange = _exchange_w_mm2_k(cells, surface, per_mm)
        rates, shapes = np.linalg.eigh(exchange * (inverse_root[:, :, None] * inverse_root[:, None, :])[:, None])
        return cls(per_mm=per_mm, rates_per_s=np.maximum(rates, 0.0), shapes=shapes)


# Its arrays have no one answer to whether they are equal: it equals itself alone, which what is kept by it relies on.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heating:
    """Temperatures under light that is switched on at time 0, at the skin and in the middle of every cell.

    place_mm : (tissue, place)     0 for the skin, then the cells [mm]
    rest_c : (tissue, place)       without light, after a long time [C]
    rates_per_s : (tissue, mode)   how fast each mode settles
    gains_k_s : (tissue, place, mode)    a mode's share in the first rise by light [K/s]
    fading_per_s, fading_k : (tissue, mode), (tissue, place, mode)   how fast each mode of what was before fades, and
        its share in what the start is above rest [K]
    """

    place_mm: Floats
    rest_c: Floats
    rates_per_s: Floats
    gains_k_s: Floats
    fading_per_s: Floats
    fading_k: Floats

    def of_skin(self) -> Heating:
        """The skin alone, for whoever keeps many."""
        return replace(
            self,
            place_mm=self.place_mm[:, :1],
            rest_c=self.rest_c[:, :1],
            gains_k_s=self.gains_k_s[:, :1].copy(),
            fading_k=self.fading_k[:, :1],
        )

    def skin_unlit_c(self, seconds: ArrayLike) -> Floats:
        """Temperature of the skin had no light been switched on [C], (tissue, time)."""
        times = np.atleast_1d(np.asarray(seconds, dtype=np.float64))
        return np.asarray(self.rest_c[:, :1] + self._before(self.fading_k[:, 0], times))

    def skin_rise_k(self, seconds: ArrayLike) -> Floats:
        """By how much light has warmed the skin [K], (tissue, time)."""
        times = np.atleast_1d(np.asarray(seconds, dtype=np.float64))
        return _rise(self.gains_k_s[:, 0], self.rates_per_s, times)

    def skin_c(self, seconds: ArrayLike, *, lit_s: float = math.inf) -> Floats:
        """Temperature of the skin [C], (tissue, time); the light goes out after `lit_s`."""
        return self._at(self.rest_c[:, 0], self.gains_k_s[:, 0], self.fading_k[:, 0], seconds, lit_s)

    def at_depth_c(self, depth_mm: Floats, seconds: ArrayLike, *, lit_s: float = math.inf) -> Floats:
        """Temperature [C], (tissue, time), at a depth of each tissue, (tissue,) [mm]; deeper ones as the last cell."""
        last = self.place_mm.shape[1] - 2
        below = np.clip((self.place_mm <= depth_mm[:, None]).sum(axis=1) - 1, 0, last)
        rows = np.arange(len(below))
        top, bottom = self.place_mm[rows, below], self.place_mm[rows, below + 1]
        share = np.clip((depth_mm - top) / (bottom - top), 0.0, 1.0)
        share = share[:, None]
        rest, gains, fading = (
            (1.0 - share) * values[rows, below] + share * values[rows, below + 1]
            for values in (self.rest_c[..., None], self.gains_k_s, self.fading_k)
        )
        return self._at(rest[:, 0], gains, fading, seconds, lit_s)

    def _at(self, rest: Floats, gains: Floats, fading: Floats, seconds: ArrayLike, lit_s: float) -> Floats:
        times = np.atleast_1d(np.asarray(seconds, dtype=np.float64))
        rise = _rise(gains, self.rates_per_s, times)
        out = np.flatnonzero(times > lit_s)
        if out.size:
            rise[:, out] -= _rise(gains, self.rates_per_s, times[out] - lit_s)
        return np.asarray(rest[:, None] + rise + self._before(fading, times))

    def _before(self, fading: Floats, times: Floats) -> Floats:
        """What is left of the start [K], (tissue, time)."""
        return _left(fading, self.fading_per_s, times)


def _rise(gains: Floats, rates: Floats, times: Floats) -> Floats:
    """Gains times (1 - exp(-rate t)) / rate over all modes [K], (tissue, time)."""
    slow = rates < _SLOWEST_PER_S
    settled = np.where(slow, 0.0, gains / np.where(slow, 1.0, rates))
    rise = settled.sum(axis=1)[:, None] - _left(settled, rates, times)
    if slow.any():
        rise += np.where(slow, gains, 0.0).sum(axis=1)[:, None] * times
    return np.asarray(rise)


def _left(shares: Floats, rates: Floats, times: Floats) -> Floats:
    """Shares times exp(-rate t) over all modes, (tissue, time)."""
    if not rates.shape[1]:
        return np.zeros((len(rates), times.size))
    # Most modes of a narrow spot settle within a second: those are left out that have in every tissue.
    least = rates.min(axis=0)
    ranked = np.argsort(least)
    least, rates, shares = least[ranked], rates[:, ranked], shares[:, ranked]
    going = np.searchsorted(least, _SETTLED / np.maximum(times, 1e-300))
    at_each = [
        np.einsum("sm,sm->s", shares[:, :count], np.exp(-time * rates[:, :count]))
        for count, time in zip(going.tolist(), times.tolist(), strict=True)
    ]
    return np.stack(at_each, axis=1)


def cell_layout(
    thickness_mm: Floats, *, cells: int = _CELLS, stretch: float = 10.0, deepest_mm: float = 60.0
) -> tuple[Floats, NDArray[np.intp]]:
    """(thickness (tissue, cell) [mm], layer of every cell): each layer cut into so many cells, two at least.

    thickness_mm : (tissue, layer), above 0; an infinite last one is cut off so far below the one above [mm]
    stretch : last cell of a layer over its first: light and temperature change fastest at its top [-]
    """
    ends = np.where(np.isfinite(thickness_mm), thickness_mm, deepest_mm)
    steps = stretch ** (np.arange(cells) / (cells - 1))
    cut = ends[:, :, None] * (steps / steps.sum())
    return cut.reshape(len(ends), -1), np.repeat(np.arange(ends.shape[1]), cells)


def heating(
    cells: HeatCells,
    surface: Surface,
    absorbed_w_mm3: Floats,
    *,
    lateral: Lateral | None = None,
    duty: float = 1.0,
    before: Surface | None = None,
    modes: HeatModes | None = None,
    skin_only: bool = False,
) -> Heating:
    """Temperature at rest and under light, on the axis of the lit area.

    absorbed_w_mm3 : (tissue, cell) or (tissue, frequency, cell)   absorbed power density [W/mm3]
    lateral : None for light that falls in everywhere alike
    duty : share of the time that light is on, in pulses that are short beside a second [-]
    before : what the skin lost heat to for long before time 0; None where nothing changes then
    modes : of these tissues under that surface, where they are known
    skin_only : the skin, and no cell under it
    Raises BadInput.

    >>> cut, _ = cell_layout(np.array([[math.inf]]), cells=40)
    >>> one = np.ones_like(cut)
    >>> skin = HeatCells(
    ...     thickness_mm=cut, conductivity_w_mm_k=3.7e-4 * one, heat_capacity_j_mm3_k=3.8e-3 * one,
    ...     blood_flow_w_mm3_k=7.4e-6 * one, metabolic_w_mm3=0.0 * one, arterial_c=np.array([37.0]),
    ... )
    >>> air = Surface(coefficient_w_mm2_k=np.array([9e-6]), temperature_c=np.array([37.0]))
    >>> absorbed = 0.5 * 5e-4 * np.exp(-0.5 * skin.depth_mm())
    >>> heating(skin, air, absorbed).skin_c([0.0, 600.0]).round(1).tolist()
    [[37.0, 42.5]]
    """
    spread = lateral or Lateral.broad()
    _check(cells, surface, absorbed_w_mm3, duty)
    source = np.broadcast_to(
        absorbed_w_mm3[:, None] if absorbed_w_mm3.ndim == 2 else absorbed_w_mm3,
        (len(cells.thickness_mm), spread.per_mm.size, cells.thickness_mm.shape[1]),
    )
    inverse_root = (cells.heat_capacity_j_mm3_k * cells.thickness_mm) ** -0.5
    known = modes or HeatModes.of(cells, surface, spread.per_mm)
    launched = np.einsum("sfcm,sc,sfc->sfm", known.shapes, inverse_root * cells.thickness_mm, source, optimize=True)
    shown = slice(1) if skin_only else slice(None)
    gains = np.einsum("sfcm,sfm,f->scfm", known.shapes[:, :, shown], launched, duty * spread.weights, optimize=True)
    gains *= inverse_root[:, shown, None, None]
    seen = _skin_share(cells, surface)[:, None]
    rest = _rest_k(cells, surface)
    fading_per_s, fading = _fading(cells, surface, rest if before is None else _rest_k(cells, before), rest)
    skin_rest = seen * rest[:, :1] + (1.0 - seen) * (surface.temperature_c - cells.arterial_c)[:, None]
    found = Heating(
        place_mm=np.concatenate([np.zeros((len(rest), 1)), cells.depth_mm()], axis=1),
        rest_c=cells.arterial_c[:, None] + np.concatenate([skin_rest, rest], axis=1),
        gains_k_s=_with_skin(gains.reshape(*gains.shape[:2], -1), seen),
        rates_per_s=known.rates_per_s.reshape(len(rest), -1),
        fading_per_s=fading_per_s,
        fading_k=_with_skin(fading, seen),
    )
    return found.of_skin() if skin_only else found


def _with_skin(modes: Floats, seen: Floats) -> Floats:
    """Modes of the cells, and before them those of the skin, (tissue, place, mode)."""
    # Without a cell at the face of the skin, its temperature follows from the heat that crosses half the first one.
    return np.concatenate([seen[:, :, None] * modes[:, :1], modes], axis=1)


def _fading(cells: HeatCells, surface: Surface, start: Floats, rest: Floats) -> tuple[Floats, Floats]:
    """How a start other than rest fades: rates (tissue, mode) [1/s] and shares (tissue, cell, mode) [K]."""
    root = (cells.heat_capacity_j_mm3_k * cells.thickness_mm) ** 0.5
    if start is rest:
        return np.zeros((len(rest), 0)), np.zeros((*rest.shape, 0))
    exchange = _exchange_w_mm2_k(cells, surface, np.zeros(1))[:, 0]
    rates, modes = np.linalg.eigh(exchange / (root[:, :, None] * root[:, None, :]))
    shares = np.einsum("scm,sc->sm", modes, root * (start - rest))
    return np.maximum(rates, _SLOWEST_PER_S), modes * shares[:, None, :] / root[:, :, None]


def cem43_minutes(temperature_c: Floats, seconds: Floats) -> Floats:
    """Cumulative equivalent minutes at 43 C over a course of temperatures, (tissue,).

    temperature_c : (tissue, time) at the times `seconds`, (time,), rising
    A degree above 43 C halves the time, one below takes four times as long, below 39 C nothing counts.
    Source: Sapareto and Dewey 1984, from memory.

    >>> round(float(cem43_minutes(np.full((1, 2), 44.0), np.array([0.0, 60.0]))[0]), 6)
    2.0
    """
    speed = np.where(temperature_c >= 43.0, 0.5, 0.25) ** (43.0 - temperature_c)
    return np.asarray(np.trapezoid(np.where(temperature_c < 39.0, 0.0, speed), seconds / _MINUTE_S, axis=1))


def _check(cells: HeatCells, surface: Surface, absorbed_w_mm3: Floats, duty: float) -> None:
    problems = []
    if not 0.0 <= duty <= 1.0:
        problems.append(Problem("duty", duty, "must lie between 0 and 1", "give the share of the time light is on"))
    if not (np.isfinite(absorbed_w_mm3).all() and np.isfinite(surface.temperature_c).all()):
        problems.append(Problem("absorbed_w_mm3", message="must be finite, and so the surface's temperature"))
    if not (np.isfinite(surface.coefficient_w_mm2_k) & (surface.coefficient_w_mm2_k >= 0.0)).all():
        problems.append(Problem("coefficient_w_mm2_k", message="must be at least 0", remedy="give 0 for insulated"))
    if problems:
        raise BadInput(problems)


def _half_cell(cells: HeatCells) -> Floats:
    """Resistance from the middle of a cell to its face [mm2 K/W], (tissue, cell)."""
    return np.asarray(0.5 * cells.thickness_mm / cells.conductivity_w_mm_k)


def _skin_share(cells: HeatCells, surface: Surface) -> Floats:
    """Share of the first cell's temperature in that of the skin, (tissue,); the rest is the surface's own."""
    return np.asarray(1.0 / (1.0 + surface.coefficient_w_mm2_k * _half_cell(cells)[:, 0]))


def _exchange_w_mm2_k(cells: HeatCells, surface: Surface, per_mm: Floats) -> Floats:
    """What heat leaves every cell for a degree in each: symmetric, (tissue, frequency, cell, cell) [W/mm2/K]."""
    half = _half_cell(cells)
    between = 1.0 / (half[:, :-1] + half[:, 1:])
    count = cells.thickness_mm.shape[1]
    matrix = np.zeros((len(half), per_mm.size, count, count))
    rows = np.arange(count)
    squared = per_mm[None, :, None] ** 2
    lost = cells.blood_flow_w_mm3_k[:, None] + cells.conductivity_w_mm_k[:, None] * squared
    diagonal = lost * cells.thickness_mm[:, None]
    diagonal[..., :-1] += between[:, None]
    diagonal[..., 1:] += between[:, None]
    diagonal[..., 0] += (surface.coefficient_w_mm2_k * _skin_share(cells, surface))[:, None]
    diagonal[..., -1] += _below_w_mm2_k(cells, per_mm)
    matrix[..., rows, rows] = diagonal
    matrix[..., rows[1:], rows[:-1]] = matrix[..., rows[:-1], rows[1:]] = -between[:, None]
    return matrix


def _below_w_mm2_k(cells: HeatCells, per_mm: Floats) -> Floats:
    """What the endless tissue below the last cell takes up once settled [W/mm2/K], (tissue, frequency)."""
    conductivity, flow = cells.conductivity_w_mm_k[:, -1:], cells.blood_flow_w_mm3_k[:, -1:]
    endless = np.sqrt(conductivity * (flow + conductivity * per_mm**2))
    return np.asarray(endless / (1.0 + endless * _half_cell(cells)[:, -1:]))


def _rest_k(cells: HeatCells, surface: Surface) -> Floats:
    """Temperature of every cell above arterial blood, without light, after a long time [K], (tissue, cell)."""
    flow = cells.blood_flow_w_mm3_k[:, -1]
    # Far below, metabolism is carried off by blood alone.
    deep = np.where(flow > 0.0, cells.metabolic_w_mm3[:, -1] / np.where(flow > 0.0, flow, 1.0), 0.0)
    heat = cells.metabolic_w_mm3 * cells.thickness_mm
    through = surface.coefficient_w_mm2_k * _skin_share(cells, surface)
    heat[:, 0] += through * (surface.temperature_c - cells.arterial_c)
    heat[:, -1] += _below_w_mm2_k(cells, np.zeros(1))[:, 0] * deep
    matrix = _exchange_w_mm2_k(cells, surface, np.zeros(1))[:, 0]
    # A tissue that exchanges heat with nothing stays as warm as its blood.
    rows = np.arange(matrix.shape[-1])
    matrix[:, rows, rows] += _SLOWEST_PER_S * cells.heat_capacity_j_mm3_k * cells.thickness_mm
    return np.asarray(np.linalg.solve(matrix, heat[..., None])[..., 0])
