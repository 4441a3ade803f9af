"""What a lamp puts out today: as claimed, as measured, or as measured once and no longer to be trusted."""

from __future__ import annotations

import copy
import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import Reading, claimed_at, claimed_shares, counts, counts_until
from openpbm.device import laser_spot, reading_counts, safe_share
from openpbm.device.readings import nearest_wavelength
from openpbm.facts.lamps import Lamp, Uncounted
from openpbm.files import JsonObject

__all__ = [
    "OutputState",
    "Source",
    "measured_section",
    "raised_section",
    "share_of_claim",
    "share_planned_with",
    "sources",
    "state_of",
]


#: What a case file takes at most as power [mW] or irradiance [mW/cm2]; no limit is kept anywhere near it.
_MOST_OUTPUT = 100_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputState:
    """How a lamp's output is known on one day.

    measured_on : day of the oldest reading that it rests on, or rested on
    due_on : the last day on which it counts
    decay : newest reading over the first, as shares of the claim [-]; None with fewer than two that compare
    drifted : the last two readings differ by more than their uncertainties together
    unsettled : a reading lies too far from the claim to count, and nobody has corrected, confirmed or signed it
    last_read_on : day of the newest reading, whether it counts or not
    """

    status: Literal["claimed", "measured", "expired"]
    measured_on: dt.date | None = None
    due_on: dt.date | None = None
    decay: float | None = None
    drifted: bool = False
    unsettled: bool = False
    last_read_on: dt.date | None = None

    @property
    def uncounted(self) -> Uncounted | None:
        """Why the newest reading does not count; None where it does, and where nobody has read the lamp."""
        if self.status == "measured" or self.last_read_on is None:
            return None
        if self.status == "expired":
            return "expired"
        return "far_from_claim" if self.unsettled else "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The reading one wavelength rests on, and until when."""

    wavelength_nm: float
    reading: Reading
    until: dt.date
    drifted: bool


def state_of(section: JsonObject, readings: Sequence[Reading], on: dt.date) -> OutputState:
    """The state on a day. Measured only when every wavelength of the lamp rests on a reading that counts."""
    lamp = lamp_of(section)
    rests_on = sources(lamp, readings, on)
    last_read_on = max((reading.measured_on for reading in readings if reading.measured_on <= on), default=None)
    if len(rests_on) < len({emitters.wavelength_nm for emitters in lamp.emitters}):
        unsettled = bool(_unsettled(lamp, [r for r in readings if r.measured_on <= on]))
        return OutputState(
            status="claimed", decay=_decay(lamp, readings, on), unsettled=unsettled, last_read_on=last_read_on
        )
    due = min(source.until for source in rests_on)
    return OutputState(
        status="measured" if on <= due else "expired",
        measured_on=min(source.reading.measured_on for source in rests_on),
        due_on=due,
        decay=_decay(lamp, readings, on),
        drifted=any(source.drifted for source in rests_on),
        last_read_on=last_read_on,
    )


def sources(lamp: Lamp, readings: Sequence[Reading], on: dt.date) -> list[Source]:
    """The newest reading that counts for each wavelength: of it alone, or of all together."""
    known = sorted((r for r in readings if counts(r) and r.measured_on <= on), key=lambda r: r.measured_on)
    waves = sorted({emitters.wavelength_nm for emitters in lamp.emitters})
    return [source for wave in waves if (source := _source(lamp, wave, known)) is not None]


def _source(lamp: Lamp, wavelength_nm: float, known: Sequence[Reading]) -> Source | None:
    """What one wavelength rests on; None where no reading is of it."""
    of_it = [reading for reading in known if reading.wavelength_nm is None or _own(lamp, reading) == wavelength_nm]
    if not of_it or _unsettled(lamp, of_it):
        return None
    newest = of_it[-1]
    # A reading of one wavelength is not compared with one of all together: that difference would be no drift.
    alike = [reading for reading in of_it if (reading.wavelength_nm is None) == (newest.wavelength_nm is None)]
    drifted = len(alike) > 1 and _differ(lamp, alike[-2], alike[-1])
    return Source(wavelength_nm=wavelength_nm, reading=newest, until=counts_until(newest, drifted), drifted=drifted)


def _unsettled(lamp: Lamp, readings: Sequence[Reading]) -> list[Reading]:
    """Readings too far from the claim to count; a later one nearer to it takes nothing back, a signed one does.

    readings : the oldest first
    """
    ordered = sorted(readings, key=lambda reading: reading.measured_on)
    signed = [number for number, reading in enumerate(ordered) if reading.signed]
    since = ordered[signed[-1] :] if signed else ordered
    return [reading for reading in since if not _counts_against_claim(lamp, reading, since)]


def _counts_against_claim(lamp: Lamp, reading: Reading, readings: Sequence[Reading]) -> bool:
    share = share_of_claim(lamp, reading)
    confirmed = any(_confirms(lamp, other, reading) for other in readings if other is not reading)
    return reading_counts(share, confirmed=confirmed, signed=reading.signed)


def _confirms(lamp: Lamp, other: Reading, reading: Reading) -> bool:
    """Whether another reading of the same light agrees with it; on the same day it may be the same slip twice."""
    alike = _own(lamp, other) == _own(lamp, reading) and other.measured_on != reading.measured_on
    return alike and _comparable(lamp, other, reading) is not None and not _differ(lamp, other, reading)


def raised_section(section: JsonObject, readings: Iterable[Reading], on: dt.date) -> JsonObject:
    """The `device` section as claimed, raised to readings far above the claim: safety takes the larger of the two.

    Every reading counts here, however uncertain: what may be too strong is no question of a meter's papers.
    """
    lamp, changed = lamp_of(section), copy.deepcopy(dict(section))
    unsettled = _unsettled(lamp, [reading for reading in readings if reading.measured_on <= on])
    for emitters in changed["emitters"]:
        of_it = [r for r in unsettled if r.wavelength_nm is None or _own(lamp, r) == emitters["wavelength_nm"]]
        factor = safe_share([share for r in of_it if (share := share_of_claim(lamp, r)) is not None])
        # The peak of a pulse goes with the mean, which is held against it.
        for key in ("power_mw", "irradiance_mw_cm2", "peak_power_w"):
            if key in emitters:
                emitters[key] = min(emitters[key] * factor, _MOST_OUTPUT)
    return changed


def _own(lamp: Lamp, reading: Reading) -> float | None:
    """The lamp's wavelength that a reading is of; None for all together."""
    if reading.wavelength_nm is None:
        return None
    return nearest_wavelength(lamp, reading.wavelength_nm)


def share_of_claim(lamp: Lamp, reading: Reading) -> float | None:
    """A reading over what the maker claims there [-]; None where the claim does not reach."""
    claimed = claimed_at(lamp, _own(lamp, reading), reading.distance_mm)
    if not claimed:
        return None
    return reading.irradiance_mw_cm2 / claimed


def share_planned_with(lamp: Lamp, before: Sequence[Reading], reading: Reading, *, measured: bool) -> float | None:
    """What a plan took for the light that a later reading is of, over the maker's claim [-]; None where unknown.

    before : the readings the plan knew
    measured : whether the plan rests on them; else it rests on the larger of the claim and those that did not count
    """
    own = _own(lamp, reading)
    if not measured:
        doubted = [row for row in _unsettled(lamp, before) if own is None or _own(lamp, row) in (own, None)]
        return safe_share([share for row in doubted if (share := share_of_claim(lamp, row)) is not None])
    last = max((row.measured_on for row in before), default=reading.measured_on)
    rested = [one for one in sources(lamp, before, last) if own is None or one.wavelength_nm == own]
    shares = [share for one in rested if (share := share_of_claim(lamp, one.reading)) is not None]
    return math.fsum(shares) / len(shares) if shares else None


def _differ(lamp: Lamp, first: Reading, second: Reading) -> bool:
    """Whether two readings differ by more than their uncertainties together; no, where they cannot be compared."""
    pair = _comparable(lamp, first, second)
    if pair is None:
        return False
    allowed = math.hypot(pair[0] * first.uncertainty_percent, pair[1] * second.uncertainty_percent) / 100.0
    return abs(pair[1] - pair[0]) > allowed


def _comparable(lamp: Lamp, first: Reading, second: Reading) -> tuple[float, float] | None:
    if abs(first.distance_mm - second.distance_mm) <= 1.0:
        return first.irradiance_mw_cm2, second.irradiance_mw_cm2
    # At two distances only the shares of the claim can be compared; it knows how the light falls off.
    before, after = share_of_claim(lamp, first), share_of_claim(lamp, second)
    if before is None or after is None:
        return None
    return before, after


def _decay(lamp: Lamp, readings: Iterable[Reading], on: dt.date) -> float | None:
    """The lowest newest-over-first of any wavelength; every reading counts here, however uncertain."""
    series: dict[float | None, list[Reading]] = {}
    for reading in sorted((r for r in readings if r.measured_on <= on), key=lambda r: r.measured_on):
        series.setdefault(_own(lamp, reading), []).append(reading)
    pairs = [_comparable(lamp, rows[0], rows[-1]) for rows in series.values() if len(rows) > 1]
    return min((pair[1] / pair[0] for pair in pairs if pair is not None), default=None)


def measured_section(section: JsonObject, rests_on: Sequence[Source]) -> JsonObject:
    """The `device` section with every emitter's output as it was read, beside what the maker claims there.

    A case is read by the same rule for claim and reading, so it is told what a signature or a second reading settled.
    """
    lamp, changed = lamp_of(section), copy.deepcopy(dict(section))
    for noun, emitters in zip(lamp.emitters, changed["emitters"], strict=True):
        source = next(source for source in rests_on if source.wavelength_nm == emitters["wavelength_nm"])
        level, share = _level_mw_cm2(lamp, source), share_of_claim(lamp, source.reading)
        if "spot_diameter_mm" in emitters:
            # In proportion to the middle of the spot as claimed.
            power_mw = emitters["power_mw"] * level / float(laser_spot(noun).irradiance_mw_cm2(0.0, 0.0))
            emitters |= {"power_mw": power_mw, "claimed_power_mw": emitters["power_mw"]}
        else:
            emitters.pop("power_mw", None)
            emitters |= {"irradiance_mw_cm2": level, "at_distance_mm": source.reading.distance_mm}
            if share is not None:
                emitters["claimed_irradiance_mw_cm2"] = level / share
    changed |= {"output_status": "measured", "reading_confirmed": True}
    if all(source.reading.signed for source in rests_on):
        changed["reading_signed_by"] = "a clinician of the clinic"
    return changed


def _level_mw_cm2(lamp: Lamp, source: Source) -> float:
    """What of a reading belongs to one group of emitters: its share of the claim, when several were read together."""
    reading, own = source.reading, source.wavelength_nm
    alike = [e for e in lamp.emitters if reading.wavelength_nm is None or e.wavelength_nm == own]
    if len(alike) == 1:
        return reading.irradiance_mw_cm2
    shares = claimed_shares(lamp, reading.distance_mm)
    if shares is not None:
        levels, together = shares
        if reading.wavelength_nm is not None:
            together = math.fsum(level for wavelength, level in levels if wavelength == own)
    else:  # the lamp's field is known at another distance only: the claims there say how it is shared out
        levels = tuple((e.wavelength_nm, e.irradiance_mw_cm2 or 0.0) for e in lamp.emitters)
        together = math.fsum(level for _, level in levels)
    of_own = [level for wavelength, level in levels if wavelength == own]
    return reading.irradiance_mw_cm2 * math.fsum(of_own) / len(of_own) / together
