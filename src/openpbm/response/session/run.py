"""One session for many people: from physiology and light to the states at the times asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.response.session.lighting import Lighting, Warmth
from openpbm.response.session.physiology import Physiology, packed
from openpbm.response.threads import over_people

__all__ = ["SessionStates", "lamp_on", "run_session", "time_grid"]

Array = NDArray[np.float64]
# Relative to each state; ten times finer changes nothing in the seventh digit of what is shown.
TOLERANCE = 1e-7


@dataclass(frozen=True)
class SessionStates:
    """States over time; every array is (people, times) but `times_s`.

    occupied   share of oxidase that NO occupies      store_nm    NO stores that light can open
    tone       share of guanylate cyclase at work     perfusion   relative to rest
    warmth_c   over rest                              oxygen_um   in the tissue
    reactive   reactive oxygen, relative to rest      block       share of small fibres that is blocked
    """

    times_s: Array
    occupied: Array
    store_nm: Array
    tone: Array
    perfusion: Array
    warmth_c: Array
    oxygen_um: Array
    reactive: Array
    block: Array


def time_grid(session_s: float, after_s: float, *, step_s: float = 60.0) -> Array:
    """Times from the start of a session until `after_s` after its end, its end among them [s]."""
    during = np.linspace(0.0, session_s, max(1, math.ceil(session_s / step_s)) + 1)
    after = session_s + np.linspace(0.0, after_s, max(1, math.ceil(after_s / step_s)) + 1)
    return np.concatenate([during, after[1:]])


def lamp_on(times_s: Array, session_s: float) -> NDArray[np.bool_]:
    """Whether the lamp is on in each interval between these times, (times - 1,)."""
    return times_s[:-1] < session_s - 1e-9


def run_session(
    people: Physiology,
    lit: Lighting,
    warmth: Warmth,
    *,
    times_s: Array,
    on: NDArray[np.bool_],
    tolerance: float = TOLERANCE,
) -> SessionStates:
    """Integrate equations 1-10 through one session.

    times_s : (times,)       increasing from 0 [s]; light and warming change only there
    on : (times - 1,)        whether the lamp is on in each interval
    Returns the states at all times. Bits do not depend on the number of threads: each person is integrated alone.
    """
    from openpbm.response.session.kernel import STATES

    states = integrated(people, lit, warmth, times_s=times_s, on=on, tolerance=tolerance, size=STATES)
    return SessionStates(times_s, *np.moveaxis(states, 2, 0)[:8])


def integrated(
    people: Physiology,
    lit: Lighting,
    warmth: Warmth,
    *,
    times_s: Array,
    on: NDArray[np.bool_],
    tolerance: float,
    size: int,
) -> Array:
    """(people, times, size) in the order of the kernel; the arguments as in `run_session`."""
    # Imported here: whoever needs no session loads no compiler.
    from openpbm.response.session.kernel import integrate

    records = packed(people)
    total = lit.total_mw_cm2
    light = np.column_stack(
        [lit.freed_per_s, lit.store_light_mw_cm2, lit.absorbed_per_s, total, lit.blocks & (total > 0.0)]
    )
    warming = np.ascontiguousarray(warmth.rate_c_per_s)
    lamp = on.astype(float)

    def part(some: slice) -> Array:
        lit_part = records[some], light[some], warming[some]
        return np.asarray(integrate(*lit_part, warmth.leaves, lamp, times_s, tolerance, size))

    return over_people(part, len(records))
