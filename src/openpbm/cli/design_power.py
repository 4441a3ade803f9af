"""What `openpbm single-case design` shows before it draws: how often the design would find effects of several sizes."""

from __future__ import annotations

import sys
from typing import TypedDict

import typer

from openpbm.cli.terminal import progress_bar
from openpbm.single_case import (
    PERIOD_LENGTHS,
    BlocksPlan,
    DesignRequest,
    People,
    blocks_power,
    fewest_pairs,
    start_power,
)

__all__ = ["DesignPower", "asked_half_life", "power_of_design", "print_power"]

#: Nothing is published for light; four days is a guess on the cautious side.
_USUAL_HALF_LIFE = 4.0
_LONGEST_HALF_LIFE = 60.0
_EFFECTS = (0.5, 1.0, 1.5, 2.0, 3.0)
_DAYS_AFTER_LATEST_START = 28


class CurveRow(TypedDict):
    """How often an effect of so many points is found."""

    effect: float
    power: float


class Proposal(TypedDict):
    """The fewest pairs of periods of a length that reach the target."""

    days_per_period: int
    pairs: int
    washout_days: int
    days: int
    power: float


class DesignPower(TypedDict):
    """Power of a design that is not drawn yet; `proposals` is empty where it reaches the target, or none does."""

    effect: float
    power: float
    target: float
    curve: list[CurveRow]
    proposals: list[Proposal]
    half_life_days: float
    washout_days: int
    day_sd: float
    autocorrelation: float


def asked_half_life(given: float | None, *, quiet: bool) -> float:
    """The half-life given, else the one typed at a terminal, else four days."""
    if given is not None:
        return given
    if quiet or not sys.stdin.isatty():
        return _USUAL_HALF_LIFE
    question = "In how many days does an effect of light come, and go again, by half? (0: at once)"
    typed = float(typer.prompt(question, default=_USUAL_HALF_LIFE, type=float))
    return min(max(typed, 0.0), _LONGEST_HALF_LIFE)


def power_of_design(request: DesignRequest, people: People, effect: float, target: float) -> DesignPower:
    """The power curve of a request that was checked, and what would reach the target where this does not."""
    effects = sorted({effect, *_EFFECTS})
    powers = dict(zip(effects, _powers(request, people, effects), strict=True))
    proposals: list[Proposal] = []
    if request.kind == "blocks" and powers[effect] < target:
        proposals = _proposals(people, effect, target)
    return {
        "effect": effect,
        "power": powers[effect],
        "target": target,
        "curve": [{"effect": one, "power": power} for one, power in powers.items()],
        "proposals": proposals,
        "half_life_days": people.half_life_days,
        "washout_days": request.washout_days,
        "day_sd": people.day_sd,
        "autocorrelation": people.autocorrelation,
    }


def _powers(request: DesignRequest, people: People, effects: list[float]) -> list[float]:
    if request.kind == "start":
        assert request.start_points is not None
        first, last = request.start_points
        after = last - first + _DAYS_AFTER_LATEST_START
        if request.analysis_week is not None:
            after = 7 * request.analysis_week
        return start_power((first, last), first - 1 + after, people, effects)
    assert request.pairs is not None
    assert request.days_per_period is not None
    plan = BlocksPlan(pairs=request.pairs, days_per_period=request.days_per_period, washout_days=request.washout_days)
    return blocks_power(plan, people, effects)


def _proposals(people: People, effect: float, target: float) -> list[Proposal]:
    rows: list[Proposal] = []
    with progress_bar("looking for lengths that find it") as done:
        for number, length in enumerate(PERIOD_LENGTHS, start=1):
            found = fewest_pairs(length, people, effect, target)
            if found is not None:
                plan, power = found
                rows.append(
                    {
                        "days_per_period": length,
                        "pairs": plan.pairs,
                        "washout_days": plan.washout_days,
                        "days": plan.days,
                        "power": power,
                    }
                )
            done(number, len(PERIOD_LENGTHS))
    return rows


def print_power(power: DesignPower) -> None:
    """The curve and the proposals, before anything is drawn."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    console.print(
        f"How often this design finds an effect (its test at p 0.05), for days that scatter by {power['day_sd']:g}"
        f" points, resemble their neighbours by {power['autocorrelation']:g}, and an effect that comes and goes by half"
        f" in {power['half_life_days']:g} days:",
        style="bold",
    )
    for row in power["curve"]:
        bar = "#" * round(40 * row["power"])
        console.print(f"  {row['effect']:>4g} points  {100 * row['power']:>3.0f} %  {bar}")
    if power["washout_days"]:
        console.print(f"The first {power['washout_days']} days of each period are left out as wash-out.")
    short = power["power"] < power["target"]
    if short:
        console.print(
            f"An effect of {power['effect']:g} points would be found in {100 * power['power']:.0f} of 100 such people;"
            f" {100 * power['target']:.0f} are wanted. What reaches that:"
        )
    for proposal in power["proposals"]:
        console.print(
            f"- {proposal['pairs']} pairs of {proposal['days_per_period']} days, wash-out"
            f" {proposal['washout_days']}, {proposal['days']} days in all: {100 * proposal['power']:.0f} %"
        )
    if short and not power["proposals"]:
        console.print("- nothing up to 10 pairs of 28 days: look for a larger effect, or for one that goes sooner")
