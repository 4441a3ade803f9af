"""Sessions of a course as the target meets them: when, how long, how bright."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import OpenPBMError

__all__ = ["LitSession", "Regimen", "merged"]

Floats = NDArray[np.float64]
# A course of a session a day for 27 years: more is a slip of the pen, and no course.
MOST_SESSIONS = 10_000
_S_PER_DAY = 86_400.0
# Sessions that follow each other within a second are one.
_NO_GAP_DAY = 1.0 / _S_PER_DAY


@dataclass(frozen=True)
class LitSession:
    """One session at the target.

    day                    start, in days from the first day of the course
    seconds                how long the lamp is on
    fluence_rate_mw_cm2    (people, wavelengths) at the target
    """

    day: float
    seconds: float
    fluence_rate_mw_cm2: Floats

    @property
    def end_day(self) -> float:
        """When it ends, in days."""
        return self.day + self.seconds / _S_PER_DAY


@dataclass(frozen=True)
class Regimen:
    """All sessions of a course in the order of time, and the wavelengths of their light [nm], (wavelengths,)."""

    wavelength_nm: Floats
    sessions: tuple[LitSession, ...]

    def __post_init__(self) -> None:
        if len(self.sessions) > MOST_SESSIONS:
            raise OpenPBMError(
                f"regimen: {len(self.sessions)} sessions are more than {MOST_SESSIONS}; write those of one course"
            )
        for number, session in enumerate(self.sessions, start=1):
            if session.seconds < 0.0 or np.any(session.fluence_rate_mw_cm2 < 0.0):
                raise OpenPBMError(
                    f"regimen: session {number} has a negative dose; give seconds and fluence rates of 0 or more"
                )


def merged(sessions: tuple[LitSession, ...]) -> tuple[LitSession, ...]:
    """The same sessions in the order of time, those of the same light without a gap between them as one."""
    joined: list[LitSession] = []
    for session in sorted(sessions, key=lambda each: each.day):
        last = joined[-1] if joined else None
        follows = last is not None and abs(session.day - last.end_day) < _NO_GAP_DAY
        if last is not None and follows and np.array_equal(last.fluence_rate_mw_cm2, session.fluence_rate_mw_cm2):
            joined[-1] = replace(last, seconds=last.seconds + session.seconds)
        else:
            joined.append(session)
    return tuple(joined)
