"""Lamps: what a datasheet or a meter says of one. The user's own lamp is the same noun, from the case file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Lt, MinLen

from openpbm.facts.table import Table, rows_of_files

__all__ = [
    "Emitters",
    "Lamp",
    "LampKind",
    "LampMode",
    "LaserClass",
    "OutputStatus",
    "SpotProfile",
    "Stand",
    "Uncounted",
    "lamp_catalogue",
]

OutputStatus = Literal["claimed", "measured"]
Uncounted = Literal["expired", "incomplete", "far_from_claim"]
SpotProfile = Literal["gaussian", "flat_top"]
LampKind = Literal["pad", "panel", "wrap", "laser", "whole_body", "other"]
LaserClass = Literal["1", "1M", "2", "2M", "3R", "3B", "4"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where emitters stand that do not simply face the middle of the skin; written by `device.stands` from a placement.

    lamp : number of the lamp they belong to, of several in one session
    beyond_mm : how much farther from the skin than the session's distance, which is the first lamp's [mm]
    offset_mm : where their lamp's axis meets the skin, across and along [mm]
    tilt_deg : from the skin's normal to that axis, toward the side of a positive offset across [deg]
    scanned_area_cm2 : skin over which a laser's spot is moved; None where it stands [cm2]
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    lamp: Annotated[int, Ge(0)] = 0
    beyond_mm: float = 0.0
    offset_mm: tuple[float, float] = (0.0, 0.0)
    tilt_deg: float = 0.0
    scanned_area_cm2: Annotated[float, Gt(0)] | None = None

    def at_mm(self, distance_mm: float) -> float:
        """How far from the skin where the session's distance is `distance_mm` [mm]."""
        return max(0.0, distance_mm + self.beyond_mm)

    @property
    def faces_middle(self) -> bool:
        """Whether the axis is the skin's normal through the middle."""
        return self.tilt_deg == 0.0 and self.offset_mm == (0.0, 0.0)

    @property
    def is_plain(self) -> bool:
        """Whether it faces the middle and stays there."""
        return self.faces_middle and self.scanned_area_cm2 is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitters:
    """One wavelength of a lamp, given in one of three ways.

    Array: power_mw (optical, per emitter), half_angle_deg (axis to half intensity), rows, columns, pitch_mm.
    Field: irradiance_mw_cm2 at_distance_mm, alone or beside an array's geometry, which it then scales.
    Laser: power_mw and spot_diameter_mm (1/e2) on the skin; of a cluster probe those of one diode, with the number of
    diodes and spacing_mm from the middle of one spot to the next.

    Every output is the mean over time. Pulses of a laser: peak_power_w, pulse_width_ns and pulse_frequency_hz, from
    which a case derives power_mw; or power_mw, duty and pulse_frequency_hz. Pulses of LEDs: duty, the share of the
    time in which they shine, and pulse_frequency_hz.

    >>> Emitters(wavelength_nm=850.0, irradiance_mw_cm2=40.0, at_distance_mm=150.0).wavelength_nm
    850.0
    >>> pulses = {"peak_power_w": 25.0, "pulse_width_ns": 100.0, "pulse_frequency_hz": 4000.0}
    >>> round(Emitters(wavelength_nm=905.0, power_mw=10.0, spot_diameter_mm=8.0, **pulses).mean_of_pulses_mw, 9)
    10.0
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    # A dose is computed of 600-1000 nm, what the tissue tables cover. Light beside it is counted for heat and eye.
    wavelength_nm: Annotated[float, Ge(400), Le(1100)]
    # Full width at half maximum. Light is computed at the peak; what a wing may do to an eye or with a medicine counts.
    bandwidth_nm: Annotated[float, Gt(0), Le(200)] | None = None
    # Optical power. The watts on the box are electrical, and several times as many.
    power_mw: Annotated[float, Gt(0), Le(100_000)] | None = None
    half_angle_deg: Annotated[float, Ge(1), Lt(90)] | None = None
    rows: Annotated[int, Ge(1), Le(500)] | None = None
    columns: Annotated[int, Ge(1), Le(500)] | None = None
    pitch_mm: Annotated[float, Ge(0.1), Le(500)] | None = None
    irradiance_mw_cm2: Annotated[float, Gt(0), Le(100_000)] | None = None
    at_distance_mm: Annotated[float, Ge(0), Le(5000)] | None = None
    spot_diameter_mm: Annotated[float, Ge(0.01), Le(300)] | None = None
    # Of an oval spot the shorter axis; the diameter is then the longer one.
    spot_short_mm: Annotated[float, Ge(0.01), Le(300)] | None = None
    # Full angle to 1/e2 by which a laser's beam widens, in air. On the skin the spot stays as it is given: it is for
    # eyes farther off that its widening counts.
    divergence_mrad: Annotated[float, Gt(0), Le(3000)] | None = None
    # None is Gaussian, the brighter in the middle.
    spot_profile: SpotProfile | None = None
    diodes: Annotated[int, Ge(1), Le(200)] | None = None
    spacing_mm: Annotated[float, Ge(0.1), Le(300)] | None = None
    # What the maker says where the output above was measured: a reading is held against it.
    claimed_power_mw: Annotated[float, Gt(0), Le(100_000)] | None = None
    claimed_irradiance_mw_cm2: Annotated[float, Gt(0), Le(100_000)] | None = None
    # Of a measured output whose readings tell how sure it is: 5th and 95th percentile of the true one over it.
    output_low: Annotated[float, Ge(0.1), Le(1)] | None = None
    output_high: Annotated[float, Ge(1), Le(10)] | None = None
    emitter_diameter_mm: Annotated[float, Gt(0), Le(100)] | None = None
    peak_power_w: Annotated[float, Gt(0), Le(100_000)] | None = None
    pulse_width_ns: Annotated[float, Gt(0), Le(1e9)] | None = None
    pulse_frequency_hz: Annotated[float, Gt(0), Le(1e9)] | None = None
    duty: Annotated[float, Gt(0), Le(1)] | None = None
    stand: Stand | None = field(default=None, metadata={"written_by_us": True})

    @property
    def mean_of_pulses_mw(self) -> float | None:
        """Mean power that a laser's pulses make [mW]; None where they are not given one by one."""
        if self.peak_power_w is None or self.pulse_width_ns is None or self.pulse_frequency_hz is None:
            return None
        return self.peak_power_w * self.pulse_width_ns * self.pulse_frequency_hz * 1e-6

    @property
    def pulse_seconds(self) -> float | None:
        """Length of one pulse [s]; None where it is not known."""
        if self.pulse_width_ns is not None:
            return self.pulse_width_ns * 1e-9
        if self.duty is None or self.pulse_frequency_hz is None:
            return None
        return self.duty / self.pulse_frequency_hz

    @property
    def is_pulsed(self) -> bool:
        """Whether pulses are described."""
        return self.pulse_frequency_hz is not None or (self.duty is not None and self.duty < 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LampMode:
    """One way in which a lamp can be switched on.

    wavelengths_nm : that shine in it; empty for all of them [nm]
    output : of each over its full output, as of a dimming step [-]
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Annotated[str, MinLen(1)]
    wavelengths_nm: tuple[float, ...] = ()
    output: Annotated[float, Gt(0), Le(1)] = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """A lamp. `heads`: identical applicators that can lie on different places at the same time.

    `laser_class` is the one on the label; None for LEDs, or for a laser whose label is not known.
    `reading_confirmed`: a second reading agrees with the first. `reading_signed_by`: the clinician who answers for it.
    `last_read_on`, `last_reading`: the day of a reading that does not count, and why: expired, not of every wavelength,
    or too far from the claim. It is told, and nothing is computed from it.
    `reading_over_claim` [-] and `claim_missing`: why a reading does not count; found by `device.settled_output`.

    >>> leds = Emitters(wavelength_nm=850.0, power_mw=30.0, half_angle_deg=30.0, rows=10, columns=6, pitch_mm=20.0)
    >>> Lamp(id="mine", name="my panel", kind="panel", output_status="claimed", emitters=(leds,)).heads
    1
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: str
    kind: LampKind
    output_status: OutputStatus
    emitters: tuple[Emitters, ...]
    modes: tuple[LampMode, ...] = ()
    # Of a lamp in one of its modes, written by `device.modes.in_mode`: all it can emit, by which eyes are judged.
    whole_emitters: tuple[Emitters, ...] = field(default=(), metadata={"written_by_us": True})
    heads: Annotated[int, Ge(1), Le(20)] = 1
    contact: bool = False
    # Said to be pulsed: its emitters then describe the pulses.
    pulsed: bool = False
    default_distance_mm: Annotated[float, Ge(0), Le(5000)] | None = None
    # Of a bed or a wall of light: skin that it lights at once. An array says it by its rows and columns.
    lit_area_m2: Annotated[float, Gt(0), Le(3)] | None = None
    # After so long it switches off by itself, whoever has fallen asleep. None: it does not, or nobody knows.
    auto_off_minutes: Annotated[float, Gt(0), Le(500)] | None = None
    # Never guessed from the power: a class also depends on optics and enclosure, which datasheets leave out.
    laser_class: LaserClass | None = None
    reading_confirmed: bool = False
    reading_signed_by: str = ""
    last_read_on: dt.date | None = None
    last_reading: Uncounted | None = None
    reading_over_claim: float | None = None
    claim_missing: bool = False
    # Of a beam read from a photometric file: light that the lobes it is computed as, and the mean of all its planes,
    # put at another angle [-]; as of `device.beam_lobes.BeamLobes`.
    beam_misplaced: Annotated[float, Ge(0), Le(1)] | None = None
    beam_uneven: Annotated[float, Ge(0), Le(1)] | None = None
    notes: str = ""
    source: str = ""
    verified: bool = False

    @property
    def whole(self) -> Lamp:
        """The lamp at all it can emit, whatever mode it is in: another mode is one press of a button away."""
        return replace(self, emitters=self.whole_emitters, whole_emitters=()) if self.whole_emitters else self


lamp_catalogue: Table[Lamp] = Table("lamp", rows_of_files("devices", Lamp))
