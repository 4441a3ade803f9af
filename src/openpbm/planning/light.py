"""Light in many possible tissues: what reaches every depth of each from every ring of skin around the target.

Irradiance comes in later, so lamps whose light falls in at the same angles share what is computed here.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.safety.skin_temperature import LitStacks, stacks_in_air
from openpbm.tissue.draw import TissueDraw
from openpbm.transport.lateral_spread import ring_shares
from openpbm.transport.plane_light import depth_light
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks

__all__ = [
    "DEPTH_MM",
    "RADIUS_EDGES_MM",
    "AngularLight",
    "Fields",
    "angular_light",
    "axial_fields",
    "axial_light",
    "compute_fields",
    "places_mm",
    "stacks_of",
]

Floats = NDArray[np.float64]
# Dense in the skin, where light changes fastest. They draw the curves: where fat borders muscle between two of them a
# straight line is up to a tenth off, so every structure is solved at its own depth.
DEPTH_MM: Floats = np.concatenate(
    [[0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5], np.arange(2.0, 10.0), np.arange(10.0, 22.0, 2.0),
     np.arange(22.0, 40.0, 3.0), np.arange(40.0, 81.0, 5.0)]
)  # fmt: skip
# What enters beyond 100 mm is not lost: it is one more ring, without an outer edge.
RADIUS_EDGES_MM: Floats = np.array(
    [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 13.0, 16.0, 20.0, 25.0, 30.0, 40.0, 50.0, 70.0, 100.0]
)
# Asked of the solver's own estimate, which is of the coarser order: the light itself is within 0.6 % of the truth. Far
# below what tissue and lamp leave open.
_ACCURACY = 2e-2
# In so many tissues is diffusion held against the harmonics that a narrow field takes, and so near must it come.
_DIFFUSION, _COMPARED, _SPREAD_TOLERANCE = 1, 16, 0.003
# Cosines of incidence whose light is computed where many beams share it; between two of them light is all but a
# straight line (within 0.3 %).
_COSINES = np.array([0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.0])
# The two orders that this accuracy takes in most tissues, and one more for the rest. Against orders 18 and 26 the light
# is as near as after 4 and 6, for four fifths of the time, and the estimate holds the truth at 99 % of places or more.
_ORDERS = (3, 5, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Light of one wavelength in every tissue of a draw.

    fluence_rate : (tissue, ring, place)   on the axis, per irradiance that falls on the ring [-]; the places are those
        of `DEPTH_MM`, then every structure of the site at the depth it has in that tissue
    error : the largest relative error that the solver estimates, over every tissue and place [-]
    """

    wavelength_nm: float
    fluence_rate: Floats
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AngularLight:
    """Light of one wavelength in every tissue, before it is known at which angles it falls in.

    axial : (tissue, angle, place)    on the axis, per irradiance of each of eight angles [-]
    shares : (tissue, ring, place)    of it that enters through each ring; angles hardly change them [-]
    error : the largest relative error that the solver estimates [-]
    """

    wavelength_nm: float
    axial: Floats
    shares: Floats
    error: float

    def under(self, cosines: Sequence[float]) -> Fields:
        """The light of a beam that falls in at these angles, as equally probable cosines."""
        shares_of_angles = [float(np.interp(cosines, _COSINES, only).mean()) for only in np.eye(len(_COSINES))]
        axial = np.einsum("a,tap->tp", shares_of_angles, self.axial)
        return Fields(wavelength_nm=self.wavelength_nm, fluence_rate=self.shares * axial[:, None, :], error=self.error)


def angular_light(
    tissues: TissueDraw, wavelength_nm: float, cosines: Sequence[float], *, threads: int | None = None
) -> AngularLight:
    """Light in every tissue for beams of every angle. cosines : of one of them, by which the shares are told"""
    stacks, depths = stacks_of(tissues, wavelength_nm), places_mm(tissues)
    angles = Incidence(cosines=_COSINES, weights=np.eye(len(_COSINES)))
    axial, error = axial_fields(stacks, angles, depths, threads=threads)
    # At one beam for all: from 30 to 1000 mm the shares differ by 0.1 % at most, and each angle would cost its own.
    shares = _spread(LitStacks.of(stacks, Incidence.of_cosines(cosines), depths), None, threads)
    return AngularLight(wavelength_nm=wavelength_nm, axial=axial, shares=shares, error=float(error.max()))


def stacks_of(tissues: TissueDraw, wavelength_nm: float) -> PlaneStacks:
    """The tissues as the solver of light takes them, in air."""
    return stacks_in_air(tissues.optics([wavelength_nm]))


def compute_fields(
    tissues: TissueDraw,
    wavelength_nm: float,
    light: Incidence | Lobe,
    *,
    irradiance: Floats | None = None,
    threads: int | None = None,
) -> Fields:
    """Light in every tissue by discrete ordinates, and by spherical harmonics how it spreads sideways.

    light : one field, of light that falls in everywhere alike; threads : None for all processors
    irradiance : (ring,) under the lamp as planned [mW/cm2]. Where it is given, diffusion tells the spread if that gives
        the same light in some of the tissues: under a broad lamp it does, in a fourth of the time
    """
    lit = LitStacks.of(stacks_of(tissues, wavelength_nm), light, places_mm(tissues))
    axis, error = _axis(lit, threads)
    rates = _spread(lit, irradiance, threads) * axis[:, None, :]
    return Fields(wavelength_nm=wavelength_nm, fluence_rate=rates, error=float(error.max()))


def places_mm(tissues: TissueDraw) -> Floats:
    """(tissue, place) depths at which light is computed: the grid, then every structure where it lies [mm]."""
    grid = np.broadcast_to(DEPTH_MM, (tissues.count, DEPTH_MM.size))
    return np.concatenate([grid, tissues.target_depth_mm], axis=1)


# The last ones are kept, because the same people are asked about again: with other minutes or more output, and for the
# protocol's other places. Up to 66 MB for plans of 400 tissues. Threads change no number, but whoever says how many
# means to have them at work.
@functools.lru_cache(maxsize=8)
def _axis(lit: LitStacks, threads: int | None) -> tuple[Floats, Floats]:
    (depths_mm,) = lit.depths_mm
    return axial_light(lit.stacks, lit.light, depths_mm, threads=threads)


@functools.lru_cache(maxsize=24)
def _shares(lit: LitStacks, step: int, order: int | None, threads: int | None) -> Floats:
    """(tissue, ring, place) shares in every so many of the tissues. order : None gives each stack its own"""
    some, (depths_mm,) = slice(None, None, step), lit.depths_mm
    part, depths = lit.stacks.take(some), depths_mm[some]
    spread = ring_shares(part, lit.light, depths, RADIUS_EDGES_MM, order=order, threads=threads)
    spread.shares.setflags(write=False)
    return spread.shares[:, 0]


def _spread(lit: LitStacks, irradiance: Floats | None, threads: int | None) -> Floats:
    """(tissue, ring, place) shares: of diffusion if it is good enough in some tissues under that lamp."""
    if irradiance is None:
        return _shares(lit, 1, None, threads)
    step = -(-lit.stacks.count // _COMPARED)
    coarse, fine = (_shares(lit, step, order, threads) for order in (_DIFFUSION, None))
    good = (np.abs(irradiance @ (coarse - fine)) <= _SPREAD_TOLERANCE * (irradiance @ fine)).all()
    return _shares(lit, 1, _DIFFUSION if good else None, threads)


def axial_light(
    stacks: PlaneStacks, light: Incidence | Lobe, depths_mm: Floats, *, threads: int | None = None
) -> tuple[Floats, Floats]:
    """(tissue, place) fluence rate under light that falls in everywhere alike, per irradiance, and its relative error.

    depths_mm : (tissue, place) [mm]
    """
    rates, errors = axial_fields(stacks, light, depths_mm, threads=threads)
    return rates[:, 0], errors[:, 0]


def axial_fields(
    stacks: PlaneStacks, light: Incidence | Lobe, depths_mm: Floats, *, threads: int | None = None
) -> tuple[Floats, Floats]:
    """(tissue, field, place) as `axial_light`, of every field of the light: many cost hardly more than one."""
    solved = depth_light(stacks, light, depths_mm, accuracy=_ACCURACY, orders=_ORDERS, threads=threads)
    rates, errors = solved.values.fluence_rate, solved.errors.fluence_rate
    return rates, errors / np.maximum(rates, np.finfo(float).tiny)
