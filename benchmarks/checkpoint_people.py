"""The simulated people of `checkpoint_calibration.py`: whole courses with their diary, scores and cramps."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from openpbm.course.records import Course, DiaryDay, Guess, RecordedScore, RecordedSession, Spasm
from openpbm.facts.conditions import primary_outcomes
from openpbm.planning import AllowedPlan, transcribe_plan

START = dt.date(2027, 1, 4)
WEEKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One kind of person. `change` is what light does [points of 0-10], `belief` what believing in it does.

    cramp_ratio : rate of cramps under light over that before it, of one a night; None for who has none
    cramp_dispersion : variance over mean of a night
    cramp_likeness : correlation of the levels of neighbouring nights
    """

    family: str
    name: str
    mean: float = 6.0
    sd: float = 2.0
    rho: float = 0.3
    missing: float = 0.1
    baseline_days: int = 14
    with_irls: bool = False
    with_nrs: bool = False
    session_days_only: bool = False
    change: float = 0.0
    belief: float = 0.0
    right: float = 0.5
    drift: str = ""
    irls_weeks: tuple[int, ...] = ()
    irls_change: float = 0.0
    cramp_ratio: float | None = None
    cramp_dispersion: float = 1.5
    cramp_likeness: float = 0.0


def scenarios() -> Iterator[Scenario]:
    """Every kind of person in the table."""
    for rho, missing in itertools.product((0.0, 0.3, 0.5), (0.0, 0.3)):
        yield Scenario(family="no change", name=f"rho {rho}, missing {missing:.0%}", rho=rho, missing=missing)
    yield Scenario(family="no change", name="noisy: SD 3, rho 0.5", sd=3.0, rho=0.5)
    yield Scenario(family="no change", name="mild: mean 3, rho 0.5", mean=3.0, rho=0.5)
    yield Scenario(family="no change", name="baseline of 7 days, rho 0.5", baseline_days=7, rho=0.5)
    yield Scenario(family="no change", name="three ratings a week, rho 0.5", rho=0.5, session_days_only=True)
    yield Scenario(family="no change", name="with IRLS each week, rho 0.5", with_irls=True, rho=0.5)
    yield Scenario(family="no change", name="no diary, IRLS each week", with_irls=True, missing=1.0)
    yield Scenario(
        family="no change", name="no diary, pain 0-10 each week, rho 0.5", with_nrs=True, missing=1.0, rho=0.5
    )
    yield Scenario(family="no change", name="a slowly wandering level, rho 0.8", rho=0.8)
    for right in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        name = f"belief -3 points, {right:.0%} of guesses right"
        yield Scenario(family="dark lamp", name=name, belief=-3.0, right=right)
    yield Scenario(family="dark lamp", name="belief -5 points, 80% of guesses right", belief=-5.0, right=0.8)
    yield Scenario(family="dark lamp", name="no belief at all", right=0.5)
    yield Scenario(family="no change", name="SD 1.5, rho 0.3", sd=1.5)
    for change in (-1.0, -2.0, -3.0, -4.0):
        yield Scenario(family="real change", name=f"{change:g} points", change=change)
    for change in (-3.0, 1.0, 1.5, 2.0, 3.0):
        yield Scenario(family="real change", name=f"{change:+g} points, SD 1.5", change=change, sd=1.5)
    for drift in DRIFTS:
        yield Scenario(family="drift", name=drift, sd=1.5, drift=drift)
    for change in (0.0, -6.0, 6.0):
        weeks = (-2, -1, 2, 4, 6, 10, 12)
        name = f"IRLS {change:+g}, weeks 2, 4, 6, 10, 12, error SD 3"
        yield Scenario(family="other outcomes", name=name, missing=1.0, irls_weeks=weeks, irls_change=change)
    for ratio, dispersion in itertools.product((1.0, 0.3, 2.0), (1.5, 3.0)):
        name = f"cramps, rate ratio {ratio:g}, variance/mean {dispersion:g}"
        yield Scenario(family="cramps", name=name, cramp_ratio=ratio, cramp_dispersion=dispersion)
    yield Scenario(
        family="cramps", name="cramps, rate ratio 1, variance/mean 3, nights alike 0.5", cramp_ratio=1.0,
        cramp_dispersion=3.0, cramp_likeness=0.5,
    )  # fmt: skip
    for change in (-2.0, -3.0):
        yield Scenario(family="blinded light", name=f"{change:g} points on active days", change=change)


def simulate(person: Scenario, random: np.random.Generator) -> Course:
    """One person's whole course."""
    blinded = person.family in ("dark lamp", "blinded light")
    days = person.baseline_days + 7 * WEEKS
    noise = autocorrelated(days, person.rho, random)
    design, key, active, guesses = blocks(random) if blinded else (None, None, np.ones(7 * WEEKS), np.zeros(7 * WEEKS))
    if blinded:
        believed = believe(active, person.right, random)
        guesses = believed
    effect = np.zeros(days)
    effect[person.baseline_days :] = person.change * active + person.belief * (guesses > 0)
    effect += drifted(person, days, random)
    if person.drift == "calmer under light":
        noise[person.baseline_days :] *= 0.5
    values = np.clip(np.round(person.mean + person.sd * noise + effect), 0.0, 10.0)
    missing = random.random(days) < person.missing
    if person.drift == "bad days are not written down":
        missing |= (values >= person.mean + 1.0) & (np.arange(days) >= person.baseline_days)
    values[missing] = np.nan
    if person.session_days_only:
        values[~np.isin((np.arange(days) - person.baseline_days) % 7, (0, 2, 4))] = np.nan
    return Course(
        plan=plan_for(person),
        spasms=() if person.cramp_ratio is None else cramps(person, missing, random),
        sessions=SESSIONS,
        diary=diary(values, START - dt.timedelta(days=person.baseline_days)),
        scores=questionnaires(person, random),
        guesses=weekly_guesses(guesses) if blinded else (),
        design=design,
        design_key=key,
    )


def questionnaires(person: Scenario, random: np.random.Generator) -> tuple[RecordedScore, ...]:
    """The scores that this kind of person is asked for; none for most."""
    if person.irls_weeks:
        return irls(random, person)
    if person.with_irls:
        return irls(random)
    if person.with_nrs:
        return weekly_pain(person, random)
    return ()


def autocorrelated(days: int, rho: float, random: np.random.Generator) -> np.ndarray:
    """Stationary AR(1) noise of unit variance."""
    shocks = random.standard_normal(days)
    noise = np.empty(days)
    noise[0] = shocks[0]
    for day in range(1, days):
        noise[day] = rho * noise[day - 1] + np.sqrt(1.0 - rho * rho) * shocks[day]
    return noise


def blocks(random: np.random.Generator) -> tuple[dict, dict | None, np.ndarray, np.ndarray]:
    """Six pairs of seven-day periods drawn and sealed before the baseline; and which days were lit."""
    from openpbm.single_case.design import DesignRequest, seal, verify

    first = START - dt.timedelta(days=14)
    request = DesignRequest(
        kind="blocks", first_day=first, made_on=first, blinded=True, baseline_days=14, pairs=6, days_per_period=7,
        analysis_week=12,
    )  # fmt: skip
    design, key = seal(request, seed=int(random.integers(2**31)), nonce="0" * 32)
    lit = [period.treatment == "active" for period in verify(design, key).periods]
    return design, key, np.repeat(np.array(lit, dtype=float), 7), np.zeros(7 * WEEKS)


def believe(active: np.ndarray, right: float, random: np.random.Generator) -> np.ndarray:
    """What the person believes of each day: +1 active, -1 sham, one belief a period."""
    correct = np.repeat(random.random(len(active) // 7) < right, 7)
    return np.where(correct, 2.0 * active - 1.0, 1.0 - 2.0 * active)


def weekly_guesses(believed: np.ndarray) -> tuple[Guess, ...]:
    """One guess on the last day of each period."""
    return tuple(
        Guess(line=week + 2, date=START + dt.timedelta(days=7 * week + 6), guess="active" if word > 0 else "sham")
        for week, word in enumerate(believed[::7])
    )


def plan_for(person: Scenario) -> AllowedPlan:
    """The plan of the condition whose primary outcome the person writes down."""
    condition = "rls_primary"
    if person.with_nrs:
        condition = "phn"
    elif person.cramp_ratio is not None:
        condition = "nocturnal_cramps"
    # What the plan wrote down decides, so that the other diagnosis's outcomes go with its name.
    treated = replace(PLAN.condition, id=condition, primary_outcomes=primary_outcomes(condition))
    return replace(PLAN, condition=treated)


#: What symptoms do by themselves.
DRIFTS = (
    "random walk, 0.25 points a day",
    "bad spell at the start: 2 points worse for the baseline and a week",
    "flare of 3 points in the baseline's second week",
    "cycle of 8 weeks, 1.5 points up and down",
    "falling by 0.5 points a week from before the baseline on",
    "bad days are not written down",
    "calmer under light",
)


def drifted(person: Scenario, days: int, random: np.random.Generator) -> np.ndarray:
    """How far the level lies from where it began, day by day [points of 0-10]."""
    day = np.arange(days, dtype=float)
    start = person.baseline_days
    if person.drift.startswith("random walk"):
        return np.cumsum(0.25 * random.standard_normal(days))
    if person.drift.startswith("bad spell"):
        return np.where(day < start + 7, 2.0, 0.0)
    if person.drift.startswith("flare"):
        return np.where((day >= start - 7) & (day < start), 3.0, 0.0)
    if person.drift.startswith("cycle"):
        return 1.5 * np.sin(2.0 * np.pi * (day / 56.0 + random.random()))
    if person.drift.startswith("falling"):
        return 2.0 - 0.5 * day / 7.0 * (day < start + 42) - 0.5 * (start + 42) / 7.0 * (day >= start + 42)
    return np.zeros(days)


def cramps(person: Scenario, missing: np.ndarray, random: np.random.Generator) -> tuple[Spasm, ...]:
    """One cramp a night before light and `cramp_ratio` as many under it; on a day nothing is written no cramp is.

    A night's own level is drawn from a gamma distribution, so that the Poisson count scatters as `cramp_dispersion`
    says, under light as before.
    """
    from scipy.stats import gamma, norm

    nights = np.arange(len(missing))
    mean = np.where(nights < person.baseline_days, 1.0, person.cramp_ratio)
    scale = person.cramp_dispersion - 1.0
    if person.cramp_likeness:
        levels = gamma.ppf(
            norm.cdf(autocorrelated(len(nights), person.cramp_likeness, random)), mean / scale, scale=scale
        )
    else:
        levels = random.gamma(mean / scale, scale)
    counts = np.where(missing, 0, random.poisson(levels))
    return tuple(
        spasm(day - person.baseline_days, number) for day in nights.tolist() for number in range(int(counts[day]))
    )


def spasm(day: int, number: int) -> Spasm:
    """One cramp of that night."""
    return Spasm(
        line=2, date=START + dt.timedelta(days=day), time=dt.time(2, number % 60), muscle="calf", seconds=60.0,
        pain=5.0, trigger="",
    )  # fmt: skip


def irls(random: np.random.Generator, person: Scenario | None = None) -> tuple[RecordedScore, ...]:
    """Two baseline scores and one a week, about 25 with the test-retest error the scale is known for.

    person : asked at weeks of their own, with an error of 3 and a change of their own
    """
    weeks = (-2, -1, *range(1, WEEKS + 1)) if person is None else person.irls_weeks
    error, change = (2.2, 0.0) if person is None else (3.0, person.irls_change)
    truth = 25.0 + change * (np.array(weeks) > 0)
    values = np.clip(np.round(truth + error * random.standard_normal(len(weeks))), 0, 40)
    return _on_paper("irls", weeks, values)


def weekly_pain(person: Scenario, random: np.random.Generator) -> tuple[RecordedScore, ...]:
    """Two baseline ratings of pain and one a week that lean on each other from week to week; no diary beside them."""
    weeks = (-2, -1, *range(1, WEEKS + 1))
    values = np.clip(np.round(6.0 + autocorrelated(len(weeks), person.rho, random)), 0, 10)
    return _on_paper("nrs", weeks, values)


def _on_paper(scale: str, weeks: tuple[int, ...], values: np.ndarray) -> tuple[RecordedScore, ...]:
    """One score of a scale for each week, counted from the first day of light."""
    return tuple(
        RecordedScore(
            line=line, date=START + dt.timedelta(days=7 * week), scale=scale, version="", value=float(value),
            items=None, source="paper",
        )
        for line, (week, value) in enumerate(zip(weeks, values, strict=True), start=2)
    )  # fmt: skip


def diary(values: np.ndarray, first: dt.date) -> tuple[DiaryDay, ...]:
    """A diary line for every day with a rating."""
    return tuple(
        DiaryDay(
            line=day + 2, date=first + dt.timedelta(days=day), entered_at=None, severity=float(value), onset=None,
            sleep_minutes=None, bother=None,
        )
        for day, value in enumerate(values)
        if not np.isnan(value)
    )  # fmt: skip


def planned() -> AllowedPlan:
    """Three sessions a week for twelve weeks on a measured lamp."""
    return transcribe_plan(
        condition_id="rls_primary",
        days=[START + dt.timedelta(days=7 * week + day) for week in range(WEEKS) for day in (0, 2, 4)],
        minutes=20.0, sessions_per_week=3, weeks=WEEKS, places=(("posterior_calf", "left"),), checkpoint_weeks=(),
        output_status="measured", distance_mm=300.0, irradiance_mw_cm2=25.0, irradiance_upper_mw_cm2=30.0,
        skin_fluence_j_cm2=(27.0, 30.0, 33.0),
    )  # fmt: skip


PLAN = planned()
SESSIONS = tuple(
    RecordedSession(
        line=session.number + 1, date=session.date, time=None, site="posterior_calf", side="left", minutes=20.0,
        distance_mm=300.0, status="done", reason="", skin_reaction="none",
    )
    for session in PLAN.schedule.sessions
)  # fmt: skip
