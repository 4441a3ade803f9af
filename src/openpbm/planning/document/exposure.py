"""What the lamp puts on the skin and on the eye, at the planned distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge

from openpbm.facts.sites import sites
from openpbm.planning.document.section import SECTION
from openpbm.wording import gap_in_words, touches

__all__ = ["EyeSafety", "IrradianceMap", "LampPlace", "Placement", "ScannedSkin", "SkinBand", "SkinExposure"]

NotNegative = Annotated[float, Ge(0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LampPlace:
    """Where one lamp of a session stands."""

    __pydantic_config__: ClassVar = SECTION

    name: str
    distance_mm: NotNegative
    """Lamp to skin, along the lamp's axis [mm]."""
    tilt_deg: float = 0.0
    """Between that axis and the skin's normal [deg]."""
    offset_mm: tuple[float, float] = (0.0, 0.0)
    """Where that axis meets the skin, across and along from the middle of the place [mm]."""
    sites: tuple[str, ...] = ()
    """Places that it lights; all of them when empty."""

    @property
    def faces_middle(self) -> bool:
        """Whether its axis is the skin's normal through the middle of the place."""
        return self.tilt_deg == 0.0 and self.offset_mm == (0.0, 0.0)

    @property
    def in_words(self) -> str:
        """Where it stands, for whoever puts it there.

        >>> LampPlace(name="Panel", distance_mm=300.0, tilt_deg=-20.0).in_words
        'Panel: 30 cm from the skin, turned by 20 degrees to the other side.'
        """
        where = "on the skin" if touches(self.distance_mm) else f"{gap_in_words(self.distance_mm)} from the skin"
        parts = [f"{self.name}: {where}"]
        if self.tilt_deg:
            side = "one side" if self.tilt_deg > 0.0 else "the other side"
            parts.append(f"turned by {abs(self.tilt_deg):g} degrees to {side}")
        aside = zip(("across", "along"), self.offset_mm, strict=True)
        if moved := [f"{abs(mm) / 10.0:g} cm {way}" for way, mm in aside if mm]:
            parts.append(f"aimed {' and '.join(moved)} from the middle")
        if self.sites:
            parts.append(f"for the {' and the '.join(sites[site].plain_name for site in self.sites)}")
        return f"{', '.join(parts)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the lamp stands."""

    __pydantic_config__: ClassVar = SECTION

    distance_mm: NotNegative | None
    """Lamp to skin [mm]; null where the lamp's irradiance at the wanted distance is not known."""
    places_at_once: Annotated[int, Ge(1)] = 1
    """Places that one head of the lamp lights at the same time; they count once in the minutes of a session."""
    lamps: tuple[LampPlace, ...] = ()
    """Of several lamps, or of one that is tilted or not over the middle: where each stands; else empty."""

    @property
    def apart(self) -> bool:
        """Whether different places are lit by different lamps."""
        return len({lamp.sites for lamp in self.lamps}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinBand:
    """Light of one wavelength on the skin."""

    __pydantic_config__: ClassVar = SECTION

    wavelength_nm: float
    irradiance_mw_cm2: NotNegative
    """Its part of the peak, at the stated output [mW/cm2]."""
    in_protocol: bool | None
    """Whether the protocol has this wavelength; null without a protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedSkin:
    """A laser's spot that is moved over an area, all of it alike."""

    __pydantic_config__: ClassVar = SECTION

    area_cm2: NotNegative
    """Skin over which it is moved at one place [cm2]."""
    mean_irradiance_mw_cm2: NotNegative
    """Power over that area, at the stated output [mW/cm2]."""
    seconds: NotNegative | None
    """In one session over the area [s]; null without minutes."""
    mean_fluence_j_cm2: NotNegative | None
    """Energy of one session over that area, at the stated output [J/cm2]; null without minutes."""
    still_upper_mw_cm2: NotNegative
    """Highest irradiance where the spot stops, at the upper bound of the output, to which limits are held [mW/cm2]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinExposure:
    """Light on the skin in one session."""

    __pydantic_config__: ClassVar = SECTION

    irradiance_mw_cm2: NotNegative
    """Peak over the site, all wavelengths, at the stated output [mW/cm2]."""
    irradiance_upper_mw_cm2: NotNegative
    """The same at the upper bound of the output, which safety assumes [mW/cm2]."""
    fluence_j_cm2: NotNegative | None
    """At the stated output, one session [J/cm2]; null without minutes."""
    energy_per_point_j: NotNegative | None
    """Of a laser that treats point by point, at the stated output [J]; null otherwise."""
    limit_ratio: NotNegative | None
    """Upper irradiance over the exposure limit, summed over wavelengths; 1 is the limit. Null: not computed."""
    body_heat_j_kg_min: NotNegative | None = None
    """Of a lamp that lights the whole body, what each minute puts into a kilogram of it at the upper bound of the
    output [J/(kg min)]; null for other lamps."""
    bands: tuple[SkinBand, ...] = ()
    """The peak by wavelength; only what the protocol has is held against its lowest dose. Empty: not computed."""
    scanned: ScannedSkin | None = None
    """Of a laser that is moved over an area; null for every other lamp. All else is then the mean over that time."""

    @property
    def in_band_share(self) -> float:
        """Share of the light at the protocol's wavelengths [-]; 1 where nothing is known of it or none is inside."""
        inside = sum(band.irradiance_mw_cm2 for band in self.bands if band.in_protocol)
        return inside / sum(band.irradiance_mw_cm2 for band in self.bands) if inside > 0.0 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeSafety:
    """Light at the eye, and how long bare eyes may look into the lamp."""

    __pydantic_config__: ClassVar = SECTION

    seconds_without_eyewear: NotNegative
    """How long bare eyes may look into the lamp at the upper bound of its output, at most 30000 [s]."""
    eyewear_needed: bool
    """Whether the session over all its places outlasts that (half an hour where there are no minutes)."""
    limiting_hazard: str
    """The hazard that sets this time, in words."""
    distance_mm: NotNegative
    """From the lamp to the eye [mm]."""
    irradiance_upper_w_m2: NotNegative
    """At that distance, at the upper bound of the output [W/m2]."""
    eye_safe_unsupervised: bool
    """Whether a person may use the lamp alone; docs/methods/limits.md has the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IrradianceMap:
    """Irradiance on the skin around the first site, at the stated output."""

    __pydantic_config__: ClassVar = SECTION

    x_mm: tuple[float, ...]
    """Across the site, from its middle [mm]."""
    y_mm: tuple[float, ...]
    """Along the site, from its middle [mm]."""
    irradiance_mw_cm2: tuple[tuple[NotNegative, ...], ...]
    """One row for each y, one value for each x [mW/cm2]."""
    site_width_mm: NotNegative
    """Width of the area that is treated [mm]."""
    site_height_mm: NotNegative
    """Height of the area that is treated [mm]."""
