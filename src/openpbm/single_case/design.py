"""A draw by lot made before the baseline and sealed: the day of the start, or the order of active and sham periods.

The commitment is a SHA-256 over the whole design, the draw and a nonce. Whoever holds it can later check that nothing
was changed, and cannot learn the draw from it while the nonce is hidden. Nothing here reads a clock or a source of
chance: day, seed and nonce are given.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypedDict, cast

from openpbm.errors import BadInput, Problem
from openpbm.single_case.design_request import DesignRequest, Kind, request_problems

__all__ = ["Allocation", "DesignFile", "KeyFile", "Period", "lot", "seal", "verify"]

Treatment = Literal["active", "sham"]

FORMAT, KEY_FORMAT = "openpbm-design-1", "openpbm-design-key-1"

_USUAL_BASELINE_DAYS = 14
_DAYS_AFTER_LATEST_START = 28
_LIMIT = 0.05
_ENOUGH: dict[Kind, str] = {"start": "20 start points or more", "blocks": "5 pairs or more"}
_ORDERS: tuple[list[Treatment], ...] = (["sham", "active"], ["active", "sham"])
# What stands in the key of a blinded design, and in the design itself of an open one.
_SECRET = ("seed", "nonce", "start_index", "start_day", "treatments")


class PeriodRow(TypedDict):
    """One period of design.json; what it holds is drawn."""

    number: int
    pair: int
    first_day: str
    last_day: str


class Draw(TypedDict, total=False):
    """What the lot decides: a start, or the treatment of each period."""

    start_index: int
    start_day: str
    treatments: list[Treatment]


class Secret(Draw, total=False):
    """The draw with what seals it."""

    seed: int
    nonce: str


class DesignFile(Secret, total=False):
    """The content of design.json. A blinded one leaves out the secret, a start the periods, and blocks the starts."""

    format: str
    kind: Kind
    blinded: bool
    made_on: str
    first_day: str
    last_day: str
    baseline_days: int
    smallest_p: float
    analysis_week: int
    notes: list[str]
    half_life_days: float
    washout_days: int
    start_points: list[int]
    periods: list[PeriodRow]
    commitment: str


class KeyFile(Secret, total=False):
    """The content of design.key.json."""

    format: str
    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One block of days, first and last included. Periods of one pair share its number; both count from 1."""

    number: int
    pair: int
    first_day: dt.date
    last_day: dt.date
    treatment: Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What a verified design had drawn.

    start_points, start_index, start_day : kind start, else None; index 1 is `first_day`
    periods : kind blocks, else empty
    washout_days : days at the start of each period that are left out; 0 in designs from before there were any
    last_day : last day that counts in the one analysis, the same whatever was drawn
    """

    kind: Kind
    blinded: bool
    made_on: dt.date
    first_day: dt.date
    last_day: dt.date
    baseline_days: int
    smallest_p: float
    analysis_week: int
    washout_days: int = 0
    start_points: tuple[int, int] | None = None
    start_index: int | None = None
    start_day: dt.date | None = None
    periods: tuple[Period, ...] = ()


def seal(request: DesignRequest, *, seed: int, nonce: str) -> tuple[DesignFile, KeyFile | None]:
    """Draw and seal: the contents of design.json and, for a blinded design, of design.key.json.

    seed : decides the draw; nonce : 32 hexadecimal digits or more that nobody can guess
    BadInput with every problem of the request.

    >>> day = dt.date(2026, 12, 1)
    >>> request = DesignRequest(kind="start", first_day=day, made_on=day, blinded=False, start_points=(15, 34))
    >>> design, key = seal(request, seed=7, nonce="0" * 32)
    >>> 15 <= design["start_index"] <= 34, key, verify(design).start_index == design["start_index"]
    (True, None, True)
    """
    problems = [*request_problems(request), *_problems_of_secrets(seed, nonce)]
    if problems:
        raise BadInput(problems)
    frames = {"start": _start_frame, "blocks": _blocks_frame}
    design = frames[request.kind](request)
    secret: Secret = {"seed": seed, "nonce": nonce, **_drawn(design, seed)}
    design["commitment"] = _commitment(design, secret)
    if request.blinded:
        return design, {"format": KEY_FORMAT, "commitment": design["commitment"], **secret}
    return {**design, **secret}, None


def verify(design: Mapping[str, object], key: Mapping[str, object] | None = None) -> Allocation:
    """The draw, once design and key are shown to be those that were sealed.

    key : content of design.key.json; None for an open design
    BadInput when a file is not of this format, belongs to another draw, was changed, or the key is not there.
    """
    if design.get("format") != FORMAT:
        raise BadInput(
            Problem(
                message=f"format is not {FORMAT}",
                remedy="give the file that openpbm single-case design wrote",
                document="design.json",
            )
        )
    blinded = design.get("blinded") is True
    if blinded and key is None:
        raise BadInput(
            Problem(
                message="the draw is sealed",
                remedy="put design.key.json beside it once the last period is over",
                document="design.json",
            )
        )
    if blinded and key is not None and key.get("format") != KEY_FORMAT:
        raise BadInput(
            Problem(
                message=f"format is not {KEY_FORMAT}",
                remedy="give the key written with this design",
                document="design.key.json",
            )
        )
    holder = design
    if blinded and key is not None:
        holder = key
    secret = {name: holder[name] for name in _SECRET if name in holder}
    frame = {name: value for name, value in design.items() if blinded or name not in _SECRET}
    if _commitment(frame, secret) != design.get("commitment"):
        raise BadInput(
            Problem(
                message=("does not match its commitment: it or its key was changed or belongs to another draw"),
                remedy="take both from the copy kept at the draw",
                document="design.json",
            )
        )
    try:
        # Nobody has checked the types: what does not fit them fails below, and is said to be no design.
        return _allocation(cast(DesignFile, frame), cast(Secret, secret))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise BadInput(
            Problem(
                message=f"not a design that was drawn ({error})",
                remedy="draw it with openpbm single-case design",
                document="design.json",
            )
        ) from None


def _start_frame(request: DesignRequest) -> DesignFile:
    """The part of a design that may be known to all, for a start drawn by lot."""
    assert request.start_points is not None
    first, last = request.start_points
    week = request.analysis_week or math.ceil((last - first + _DAYS_AFTER_LATEST_START) / 7)
    frame = _frame(request, 1.0 / (last - first + 1), week)
    frame["start_points"] = [first, last]
    frame["last_day"] = _day(request.first_day, first - 1 + 7 * week)
    return frame


def _blocks_frame(request: DesignRequest) -> DesignFile:
    """The part of a design that may be known to all, for pairs of periods."""
    assert request.pairs is not None
    assert request.days_per_period is not None
    length, count = request.days_per_period, 2 * request.pairs
    frame = _frame(request, 0.5**request.pairs, request.analysis_week or math.ceil(count * length / 7))
    begins = [request.baseline_days + 1 + length * place for place in range(count)]
    frame["periods"] = [
        {
            "number": place + 1,
            "pair": place // 2 + 1,
            "first_day": _day(request.first_day, begin),
            "last_day": _day(request.first_day, begin + length - 1),
        }
        for place, begin in enumerate(begins)
    ]
    frame["last_day"] = frame["periods"][-1]["last_day"]
    frame["washout_days"] = request.washout_days
    return frame


def _frame(request: DesignRequest, smallest_p: float, analysis_week: int) -> DesignFile:
    frame: DesignFile = {
        "format": FORMAT,
        "kind": request.kind,
        "blinded": request.blinded,
        "made_on": request.made_on.isoformat(),
        "first_day": request.first_day.isoformat(),
        "baseline_days": request.baseline_days,
        "smallest_p": smallest_p,
        "analysis_week": analysis_week,
        "notes": _notes(request, smallest_p),
    }
    if request.half_life_days is not None:
        frame["half_life_days"] = request.half_life_days
    return frame


def _notes(request: DesignRequest, smallest_p: float) -> list[str]:
    notes = []
    if smallest_p > _LIMIT:
        more = _ENOUGH[request.kind]
        notes.append(f"The test of this draw cannot reach p 0.05: its smallest p is {smallest_p:.3g}; take {more}.")
    if request.baseline_days < _USUAL_BASELINE_DAYS:
        notes.append(f"A baseline of {request.baseline_days} days; {_USUAL_BASELINE_DAYS} or more are usual.")
    if request.washout_days:
        notes.append(f"The first {request.washout_days} days of each period are wash-out and left out of the analysis.")
    if request.kind == "start" and not request.blinded:
        notes.append("Expectation starts on the drawn day as well: this design cannot tell light from expectation.")
    if request.kind == "blocks" and not request.blinded:
        notes.append("The person knows which period gives light: this design cannot tell light from expectation.")
    return notes


def _drawn(frame: DesignFile, seed: int) -> Draw:
    """What the lot decides, as a function of the seed alone."""
    if frame["kind"] == "start":
        first, last = frame["start_points"]
        index = first + lot(seed, 0, last - first + 1)
        return {"start_index": index, "start_day": _day(dt.date.fromisoformat(frame["first_day"]), index)}
    # Drawn within each pair, not over all periods: so that no long run of one treatment can meet a season or a tablet.
    treatments: list[Treatment] = []
    for pair in range(len(frame["periods"]) // 2):
        treatments += _ORDERS[lot(seed, pair, 2)]
    return {"treatments": treatments}


def lot(seed: int, number: int, choices: int) -> int:
    """A number below `choices`, each as likely as the next.

    A digest rather than a random generator: the same on every machine and version, and to be checked by hand.
    """
    # 256 bits over at most 200 choices: the remainder favours none by more than 1 in 10^74.
    digest = hashlib.sha256(f"{FORMAT}:{seed}:{number}".encode()).digest()
    return int.from_bytes(digest, "big") % choices


def _commitment(frame: Mapping[str, object], secret: Mapping[str, object]) -> str:
    # Keys sorted and no blank: the same design gives the same bytes whoever wrote the JSON.
    sealed = {"design": {name: value for name, value in frame.items() if name != "commitment"}, "draw": dict(secret)}
    text = json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _allocation(frame: DesignFile, secret: Secret) -> Allocation:
    if _drawn(frame, secret["seed"]) != {name: value for name, value in secret.items() if name in _SECRET[2:]}:
        # A draw written by hand could be sealed like any other: so it must follow from its seed.
        raise ValueError("the draw is not the one its seed gives")
    design = Allocation(
        kind="blocks",
        blinded=frame["blinded"],
        made_on=dt.date.fromisoformat(frame["made_on"]),
        first_day=dt.date.fromisoformat(frame["first_day"]),
        last_day=dt.date.fromisoformat(frame["last_day"]),
        baseline_days=frame["baseline_days"],
        smallest_p=frame["smallest_p"],
        analysis_week=frame["analysis_week"],
        # Sealed before there was a wash-out, a design has none.
        washout_days=frame.get("washout_days", 0),
    )
    if frame["kind"] != "start":
        return replace(design, periods=_periods(frame["periods"], secret["treatments"]))
    return replace(
        design,
        kind="start",
        start_points=(frame["start_points"][0], frame["start_points"][1]),
        start_index=secret["start_index"],
        start_day=dt.date.fromisoformat(secret["start_day"]),
    )


def _periods(rows: list[PeriodRow], treatments: list[Treatment]) -> tuple[Period, ...]:
    return tuple(
        Period(
            number=row["number"],
            pair=row["pair"],
            first_day=dt.date.fromisoformat(row["first_day"]),
            last_day=dt.date.fromisoformat(row["last_day"]),
            treatment=treatment,
        )
        for row, treatment in zip(rows, treatments, strict=True)
    )


def _problems_of_secrets(seed: int, nonce: str) -> list[Problem]:
    problems = []
    if seed < 0:
        problems.append(
            Problem(key="seed", value=seed, message="must not be negative", remedy="leave it out to have one drawn")
        )
    if len(nonce) < 32:
        problems.append(
            Problem(key="nonce", message="too short to hide the draw", remedy="give 32 hexadecimal digits or more")
        )
    return problems


def _day(first_day: dt.date, index: int) -> str:
    """Day number `index`, the first being 1."""
    return (first_day + dt.timedelta(days=index - 1)).isoformat()
