"""One session of a common lamp on a calf: what anybody may look at without a case of their own."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from openpbm.case import case_of
from openpbm.facts.mechanism import Arrow, arrows
from openpbm.mechanism.compartments import Compartment, lit_compartments
from openpbm.mechanism.session_answer import Observable, answer_to_session
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import time_grid
from openpbm.safety import screen

__all__ = ["LAMPS", "SWITCHED", "Lamp", "ReferenceSession", "reference_session", "switched_arrows"]

#: The lamp itself, one that warms as much and sends no light, one without light and heat.
Lamp = Literal["light", "warm", "dark"]
LAMPS: tuple[Lamp, ...] = get_args(Lamp)
#: Arrows below grade A that an instrument would see within one session; those of grade A are on in everybody.
SWITCHED: tuple[str, ...] = (
    "light_opens_no_stores", "light_shifts_oxidase", "light_frees_no_at_oxidase", "light_blocks_small_fibres",
)  # fmt: skip
# Medians of a Latin hypercube settle with so many, and a page waits for them.
_PEOPLE = 200
_SESSION_S, _AFTER_S, _STEP_S = 1200.0, 2400.0, 120.0
_CASE = {
    "person": {"age_years": 50, "sex": "female", "height_cm": 168, "weight_kg": 70, "skin_type": 2, "pregnant": False},
    "condition": {"diagnosis": "rls_primary"},
    "sites": [{"site": "posterior_calf", "side": "right", "target": "gastrocnemius"}],
    "device": {"id": "panel_660_850"},
    "placement": {"distance_mm": 300},
}


@dataclass(frozen=True)
class ReferenceSession:
    """What instruments would show.

    times_s : (times,)   from the start [s];  session_s : when the lamp goes out
    """

    times_s: NDArray[np.float64]
    session_s: float
    observables: tuple[Observable, ...]
    people: int

    def shown(self, compartment: str, name: str) -> Observable:
        """One observable of one compartment."""
        return next(each for each in self.observables if (each.compartment, each.name) == (compartment, name))


def reference_session(forced: Mapping[str, bool], lamp: Lamp = "light") -> ReferenceSession:
    """Twenty minutes of a common panel at 30 cm on the back of the calf, and forty minutes after it.

    forced : arrows that are on or off in everybody; the others exist in each person by their weight
    Raises BadInput for an arrow that there is not.

    >>> dark = reference_session({}, "dark")
    >>> max(float(abs(shown.p95).max()) for shown in dark.observables)
    0.0
    """
    people = VirtualPeople(_PEOPLE, seed=1)
    lit = tuple(_lit().values())
    if lamp != "light":
        lit = tuple(each.without_light(warm=lamp == "warm") for each in lit)
    times_s = _times_s()
    switches = Switches.drawn(people, forced)
    observables = answer_to_session(lit, people, switches, times_s, _SESSION_S)
    return ReferenceSession(times_s=times_s, session_s=_SESSION_S, observables=observables, people=_PEOPLE)


def _times_s() -> NDArray[np.float64]:
    return time_grid(_SESSION_S, _AFTER_S, step_s=_STEP_S)


@functools.cache
def _lit() -> Mapping[str, Compartment]:
    """Light and warmth at the calf; the same for every question that is asked of it."""
    exposure = screen(case_of(_CASE, "the reference")).exposure
    assert exposure is not None, "the reference has a lamp whose light is known"
    case = case_of(_CASE, "the reference")
    people = VirtualPeople(_PEOPLE, seed=1)
    return lit_compartments(case, exposure, people, times_s=_times_s(), session_s=_SESSION_S)


def switched_arrows() -> tuple[Arrow, ...]:
    """The arrows of `SWITCHED`."""
    return tuple(arrows[id] for id in SWITCHED)
