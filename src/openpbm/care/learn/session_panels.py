"""One session of the reference lamp as drawn: what instruments would show, and how much of it warmth alone would."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openpbm.care.band_chart import BandChart, draw_bands
from openpbm.care.plans.what_if import Kept
from openpbm.mechanism.reference_session import Lamp, ReferenceSession, reference_session
from openpbm.mechanism.session_answer import Observable

__all__ = ["Panel", "answered", "panels_of"]

# More than there are ways to set the switches: each answer is computed once in a process, whoever asks how often.
_ANSWERS: Kept[ReferenceSession] = Kept(200)
# A stranger's curiosity keeps one core busy at the most.
_ONE_AT_A_TIME = threading.Lock()
# The first answer after an update waits for the compiler; a page does not.
_LONGEST_WAIT_S = 10.0
_TABLE_MINUTES = (0, 10, 20, 30, 60)
#: Compartment, observable, its name for people, its unit, and what its numbers are multiplied by.
_PANELS = (
    ("skin", "temperature_c", "Warmth of the skin", "°C", 1.0),
    ("skin", "flow_percent", "Blood flow in the skin", "%", 1.0),
    ("nerve", "conduction_m_s", "How fast the nerve carries", "m/s", 1.0),
    ("nerve", "block", "Pain fibres of the nerve that are still", "%", 100.0),
    ("muscle", "oxcco_um", "The enzyme in the muscle cell's power plant", "µM", 1.0),
    ("muscle", "atp_flux_percent", "Energy made in muscle cells", "%", 1.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One observable: the chart, the sentence that says the same, and rows of minutes, 5 %, middle, 95 %, warmth."""

    title: str
    unit: str
    chart: BandChart
    sentence: str
    rows: tuple[tuple[str, ...], ...]


def answered(forced: Mapping[str, bool], lamp: Lamp) -> ReferenceSession | None:
    """What follows from those switches, computed where it is not kept; None while the compiler is at work."""
    # Without light and warmth nothing hangs on a switch.
    switched = {} if lamp == "dark" else forced
    if not _ONE_AT_A_TIME.acquire(timeout=_LONGEST_WAIT_S):
        return None
    try:
        return _ANSWERS.get((lamp, *sorted(switched.items())), lambda: reference_session(switched, lamp))
    finally:
        _ONE_AT_A_TIME.release()


def panels_of(answer: ReferenceSession) -> list[Panel]:
    """The panels in the order in which they are read: what is sure first."""
    return [
        _panel(answer, answer.shown(where, name), title, unit, times) for where, name, title, unit, times in _PANELS
    ]


def _panel(answer: ReferenceSession, shown: Observable, title: str, unit: str, times: float) -> Panel:
    minutes = (answer.times_s / 60.0).tolist()
    low, middle, high, warm = (
        (times * values).tolist() for values in (shown.p5, shown.median, shown.p95, shown.thermal_median)
    )
    nothing = [0.0] * len(minutes)
    chart = draw_bands(
        minutes,
        across="minutes from the start",
        bands={"band-light": (low, high), "band-warm": (nothing, warm)},
        lines={"line-warm": warm, "line-light": middle},
        shaded=(0.0, answer.session_s / 60.0),
    )
    ends = int(np.searchsorted(answer.times_s, answer.session_s))
    sentence = (
        f"When the lamp goes out, the change would be {_said(middle[ends])} {unit} in the middle, and between"
        f" {_said(low[ends])} and {_said(high[ends])} {unit} in 90 of 100 people. Of that, warmth alone would give"
        f" {_said(warm[ends])} {unit}."
    )
    at = [int(np.searchsorted(answer.times_s, 60.0 * minute)) for minute in _TABLE_MINUTES]
    rows = tuple(
        (f"{minutes[place]:g}", *(_said(values[place]) for values in (low, middle, high, warm))) for place in at
    )
    return Panel(title=title, unit=unit, chart=chart, sentence=sentence, rows=rows)


def _said(value: float) -> str:
    """Two digits, a real minus sign, and a plain 0 for what nobody could see."""
    return "0" if abs(value) < 5e-4 else f"{value:.2g}".replace("-", "−")
