"""Dose in the tissue: at each structure, against depth, and the draws a chance is counted from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

from openpbm.planning.document.section import SECTION

__all__ = [
    "Band",
    "Curve",
    "CurvePoint",
    "DoseRow",
    "DoseVolume",
    "Range",
    "Side",
    "SpreadShares",
    "VolumePoint",
    "WavelengthCurve",
    "WindowDraws",
]

NotNegative = Annotated[float, Ge(0)]
Share = Annotated[float, Ge(0), Le(1)]
Range = tuple[NotNegative, NotNegative]
Side = Literal["left", "right", "both"]
UnknownName = Literal["optics", "anatomy", "lamp", "placement"]
MeasuredName = Literal["output", "fat", "depth", "melanin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """5th, 50th and 95th percentile over everything that is not known for sure."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    p5: NotNegative
    median: NotNegative
    p95: NotNegative

    def times(self, factor: float) -> Band:
        """Each of the three times a factor.

        >>> Band(p5=1.0, median=2.0, p95=4.0).times(0.5)
        Band(p5=0.5, median=1.0, p95=2.0)
        """
        return Band(p5=self.p5 * factor, median=self.median * factor, p95=self.p95 * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadShares:
    """Where p5 to p95 of a dose comes from: shares of the variance of its logarithm, 1 in all [-]."""

    __pydantic_config__: ClassVar = SECTION

    optics: Share
    """What the tissue is made of and how it scatters, the colour of the skin with it."""
    anatomy: Share
    """How thick the fat is and how deep the structure lies."""
    lamp: Share
    """What the lamp truly gives."""
    placement: Share
    """Where it truly stands."""

    def shares(self) -> dict[UnknownName, float]:
        """Each by its name."""
        return {"optics": self.optics, "anatomy": self.anatomy, "lamp": self.lamp, "placement": self.placement}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow:
    """Dose of one session at one structure, of one wavelength or of all together."""

    __pydantic_config__: ClassVar = SECTION

    site: str
    side: Side
    structure: str
    depth_mm: NotNegative
    """Median depth below the skin's surface [mm]."""
    wavelength_nm: float | None
    """Null: all wavelengths together [nm]."""
    fluence_rate_mw_cm2: Band
    """Light from all sides at that point [mW/cm2]."""
    fluence_j_cm2: Band
    """In one session of `exposure_minutes` [J/cm2]."""
    chance_in_window: Share | None
    """Share of the draws whose fluence lies within the window, 0-1: it is no chance that light helps.

    Null without a window, where the window is too dark to say anything, and in rows of one wavelength.
    """
    chance_standard_error: NotNegative | None
    """How far another seed may move `chance_in_window`, one standard error [-]; null where that is null."""
    spread: SpreadShares | None
    """Where p5 to p95 comes from; null in rows of one wavelength, and where nothing was left open."""
    depth_range_mm: Range | None = None
    """p5 and p95 of the depth over everybody it may be [mm]; null where the plan does not say."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Site, side and structure: what tells one place from another."""
        return (self.site, self.side, self.structure)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Dose of one session at one depth."""

    __pydantic_config__: ClassVar = SECTION

    depth_mm: NotNegative
    """Depth below the skin's surface [mm]."""
    fluence_j_cm2: Band
    """In one session of `exposure_minutes` [J/cm2]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WavelengthCurve:
    """Dose against depth of one wavelength, or of all together."""

    __pydantic_config__: ClassVar = SECTION

    wavelength_nm: float | None
    """Null: all wavelengths together [nm]."""
    points: tuple[CurvePoint, ...]
    """From the skin downward."""

    def times(self, factor: float) -> WavelengthCurve:
        """The same curve at another output or length of session."""
        points = (replace(point, fluence_j_cm2=point.fluence_j_cm2.times(factor)) for point in self.points)
        return replace(self, points=tuple(points))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Dose against depth at one site, with its target and the target's window."""

    __pydantic_config__: ClassVar = SECTION

    site: str
    side: Side
    target: str
    """The structure that the light is meant for."""
    target_depth_mm: Band
    """Depth of the target below the skin's surface [mm]."""
    window_j_cm2: Range | None
    """Lowest and highest fluence that trials delivered there, derived [J/cm2]; null where no trial gives a dose."""
    wavelengths: tuple[WavelengthCurve, ...]
    """One for each wavelength, all together last."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Site, side and target."""
        return (self.site, self.side, self.target)

    @property
    def all_light(self) -> WavelengthCurve | None:
        """The curve of all wavelengths together."""
        return next((line for line in self.wavelengths if line.wavelength_nm is None), None)

    def times(self, factor: float) -> Curve:
        """The same curves at another output or length of session."""
        return replace(self, wavelengths=tuple(line.times(factor) for line in self.wavelengths))


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumePoint:
    """What a part of the target receives at least in one session."""

    __pydantic_config__: ClassVar = SECTION

    share: Share
    """Of the target under the treated area, the part that receives most of it first [-]."""
    fluence_j_cm2: Band
    """At least, in one session of `exposure_minutes` [J/cm2]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseVolume:
    """Dose over a target that lies under the whole treated area of a place, at its depth: a dose-volume histogram."""

    __pydantic_config__: ClassVar = SECTION

    site: str
    side: Side
    structure: str
    across_mm: NotNegative
    """Width of the treated area [mm]."""
    along_mm: NotNegative
    """Its length along the body [mm]."""
    points: tuple[VolumePoint, ...]
    """From the most brightly lit part of the target to all of it."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Site, side and structure."""
        return (self.site, self.side, self.structure)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowDraws:
    """What the share at one structure is counted from; one value for each tissue drawn."""

    __pydantic_config__: ClassVar = SECTION

    site: str
    side: Side
    structure: str
    fluence_rate_mw_cm2: Annotated[tuple[NotNegative, ...], MinLen(1)]
    """In each tissue, at the stated output [mW/cm2]."""
    output: Annotated[tuple[NotNegative, ...], MinLen(1)]
    """Equally likely true outputs of the lamp over the stated one; every tissue meets them all [-]."""
    window_low_j_cm2: tuple[NotNegative, ...]
    """The window's low edge in each tissue [J/cm2]."""
    window_high_j_cm2: tuple[NotNegative, ...]
    """The window's high edge in each tissue [J/cm2]."""

    def __post_init__(self) -> None:
        # Checked here, since numpy stretches a window of one to any length and counts a chance all the same.
        if not len(self.fluence_rate_mw_cm2) == len(self.window_low_j_cm2) == len(self.window_high_j_cm2):
            raise ValueError("fluence rates and windows are not of as many tissues")

    @property
    def place(self) -> tuple[str, str, str]:
        """Site, side and structure."""
        return (self.site, self.side, self.structure)
