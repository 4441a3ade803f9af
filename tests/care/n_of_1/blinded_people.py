"""Alice with a plan that begins in two weeks, a blinded test of it, and a clock that tests move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from care.conftest import House, account_of
from care.sessions.session_factories import agree, release

from openpbm.care import clock
from openpbm.care.n_of_1.actions import draw_design, guess_period
from openpbm.care.n_of_1.models import SealedDesign
from openpbm.care.scales.actions import record_diary

__all__ = ["BEGINS", "DRAWN", "Calendar", "blinded", "calendar", "draw", "guess_all", "live", "with_plan"]

DRAWN = dt.date(2030, 4, 1)
BEGINS = DRAWN + dt.timedelta(days=14)
PAIRS, LENGTH = 6, 3


class Calendar:
    """Noon of a day that the test names."""

    def __init__(self) -> None:
        self.day = DRAWN
        self._ticks = 0

    def __call__(self) -> dt.datetime:
        self._ticks += 1
        noon = dt.datetime.combine(self.day, dt.time(12), dt.timezone(dt.timedelta(hours=2)))
        return noon + dt.timedelta(milliseconds=self._ticks)


@contextmanager
def calendar() -> Iterator[Calendar]:
    told = Calendar()
    with clock.told_by(told):
        yield told


def with_plan(house: House) -> None:
    """A plan that begins in two weeks is released."""
    agree(house.alice)
    release(house.alice, house.clinician, start=BEGINS)


def blinded(house: House, **changes: Any) -> SealedDesign:
    """The plan is released, and its test drawn two weeks before it begins."""
    with_plan(house)
    return draw(house, **changes)


def draw(house: House, **changes: Any) -> SealedDesign:
    """The test of a plan that is released already; `changes` of its design or its mask."""
    mask: dict[str, object] = {
        "method": "two_settings",
        "keeper": house.admin,
        "looks_alike": "yes",
        "feels_alike": "yes",
        "checked_on": DRAWN,
    }
    given: dict[str, Any] = {"first_day": DRAWN, "pairs": PAIRS, "days_per_period": LENGTH, "half_life_days": 0.0}
    mask |= {name: changes.pop(name) for name in tuple(changes) if name in mask}
    return draw_design(person=house.alice, by=house.clinician, mask=mask, **(given | changes))[0]


def live(house: House, design: SealedDesign, told: Calendar) -> None:
    """A diary of every day up to the last: about 7, and 4 less on days with light."""
    active = {
        day
        for row, treatment in zip(design.design["periods"], design.key()["treatments"], strict=True)
        for day in range(int((dt.date.fromisoformat(row["first_day"]) - DRAWN).days), 1_000)
        if treatment == "active" and DRAWN + dt.timedelta(days=day) <= dt.date.fromisoformat(row["last_day"])
    }
    wave = (0, 1, -1)
    for number in range((design.last_day - DRAWN).days + 1):
        told.day = DRAWN + dt.timedelta(days=number)
        record_diary(
            person=house.alice,
            date=told.day,
            entered_at=clock.now(),
            answers={"severity": float(7 + wave[number % 3] - 4 * (number in active))},
            by=account_of(house.alice),
        )


def guess_all(house: House, design: SealedDesign, belief: Callable[[int, str], str]) -> None:
    """A guess of every period, on the last day."""
    for number, treatment in enumerate(design.key()["treatments"], start=1):
        guess_period(person=house.alice, by=account_of(house.alice), period=number, belief=belief(number, treatment))
