"""How often a checkpoint is wrong: whole courses are simulated and judged at every look, by the engine that ships.

    python benchmarks/checkpoint_calibration.py [--runs 2000] [--families "no change,drift"] [--out docs/methods]

No change: nothing happens to the symptoms; how often is "improved" said at week 4, 6 or 12, and at any of them?
Dark lamp: blinded pairs of active and sham periods, a lamp that does nothing, and symptoms that follow what the person
believes; how often is "because of the light" said at any look? `right` is the share of periods guessed right.
Real change: the same looks when symptoms do fall or rise, to show what the caution costs.
Drift: nothing is done by light, and symptoms move by themselves: a random walk, a bad spell at the start, a cycle, a
fall that began before; and days missing because they were bad. These rates are published, not limited.
Other outcomes: the IRLS at its own cadence, and cramps of one a night.

Writes checkpoint-calibration.csv and .png: how often each word and each decision is said at any look. Exits 1 where
"improved" or "worse" is said to more than 3 % of people to whom nothing happens and whose days lean on each other by
0.3, "unchanged" to more than 5 % of people who are 1.5 points worse, or "because of the light" to more than 5 % under a
dark lamp.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import itertools
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from openpbm.course.records import Course, DiaryDay, Guess, RecordedScore, RecordedSession, Spasm
from openpbm.facts.conditions import primary_outcomes
from openpbm.planning import AllowedPlan, transcribe_plan

START = dt.date(2027, 1, 4)
WEEKS = 12
LOOKS = (4, 6, 12)
LIMIT = 0.05
#: Over all looks, for people whose days lean on each other as most do.
STRICT_LIMIT, USUAL_RHO = 0.03, 0.3
#: The limit holds for people whose days lean on each other no more than this; beyond it the table shows what happens.
MOST_RHO = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One kind of person. `change` is what light does [points of 0-10], `belief` what believing in it does."""

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
    for ratio in (1.0, 0.3, 2.0):
        yield Scenario(family="other outcomes", name=f"cramps, rate ratio {ratio:g}", cramp_ratio=ratio)
    for change in (-2.0, -3.0):
        yield Scenario(family="light, blinded", name=f"{change:g} points on active days", change=change)


def simulate(person: Scenario, random: np.random.Generator) -> Course:
    """One person's whole course."""
    blinded = person.family in ("dark lamp", "light, blinded")
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
    scores = (
        irls(random, person)
        if person.irls_weeks
        else irls(random)
        if person.with_irls
        else weekly_pain(person, random)
        if person.with_nrs
        else ()
    )
    return Course(
        plan=plan_for(person),
        spasms=() if person.cramp_ratio is None else cramps(person, random),
        sessions=SESSIONS,
        diary=diary(values, START - dt.timedelta(days=person.baseline_days)),
        scores=scores,
        guesses=weekly_guesses(guesses) if blinded else (),
        design=design,
        design_key=key,
    )


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


def cramps(person: Scenario, random: np.random.Generator) -> tuple[Spasm, ...]:
    """One cramp a night with a variance of 1.5 times the mean, and `cramp_ratio` as many under light."""
    found = []
    for day in range(-person.baseline_days, 7 * WEEKS):
        mean = 1.0 if day < 0 else person.cramp_ratio or 0.0
        # A gamma mixture of Poisson counts whose scale is 0.5 has a variance of 1.5 times its mean.
        count = int(random.poisson(random.gamma(mean / 0.5, 0.5))) if mean else 0
        found += [spasm(day, number) for number in range(count)]
    return tuple(found)


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
    return tuple(
        RecordedScore(
            line=line, date=START + dt.timedelta(days=7 * week), scale="irls", version="", value=float(value),
            items=None, source="paper",
        )
        for line, (week, value) in enumerate(zip(weeks, values, strict=True), start=2)
    )  # fmt: skip


def weekly_pain(person: Scenario, random: np.random.Generator) -> tuple[RecordedScore, ...]:
    """Two baseline ratings of pain and one a week that lean on each other from week to week; no diary beside them."""
    weeks = (-2, -1, *range(1, WEEKS + 1))
    values = np.clip(np.round(6.0 + autocorrelated(len(weeks), person.rho, random)), 0, 10)
    return tuple(
        RecordedScore(
            line=line, date=START + dt.timedelta(days=7 * week), scale="nrs", version="", value=float(value),
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


def looks(job: tuple[Scenario, int, int]) -> dict[str, int]:
    """How many of some courses of one scenario hear each word, each decision and each false advice at any look."""
    from openpbm.outcomes.decision import judge

    person, seed, runs = job
    random = np.random.default_rng(seed)
    found: Counter[str] = Counter()
    for _ in range(runs):
        course = simulate(person, random)
        # The seal is opened after the last period: one more look than the weeks of the course.
        weeks = (*LOOKS, WEEKS + 1) if course.design is not None else LOOKS
        said: set[str] = set()
        for week in weeks:
            judgement = judge(course, week)
            word, decision = judgement.symptom_verdict, judgement.decided
            said |= {f"{word}_ever", f"{word}_week_{week}", f"decided_{decision.decision}_ever"}
            if word in ("improved", "better_not_yet_sure"):
                said |= {f"better_week_{week}"} | ({"better_by_week_6"} if week <= 6 else set())
            if "because of the light" in judgement.statement:
                said.add("because_of_the_light_ever")
            if judgement.deciding is not None and judgement.deciding.probability_below(0.0) > LIKELY:
                said |= {"little_changed_though_better"} if word == "unchanged" or decision.by.id in LITTLE else set()
        found.update(said)
    return dict(found)


#: P(better) above which nobody may read that little changed, and the rules that say so.
LIKELY = 0.8
LITTLE = ("none", "first_look_adjust")
WORDS = ("improved", "better_not_yet_sure", "unchanged", "not_better", "somewhat_worse", "worse", "inconclusive")
COLUMNS = (
    *(f"{word}_ever" for word in WORDS),
    *(f"improved_week_{week}" for week in LOOKS),
    *(f"better_week_{week}" for week in LOOKS),
    "better_by_week_6",
    *(f"decided_{decision}_ever" for decision in ("continue", "adjust", "maintain", "taper", "stop", "inconclusive")),
    "because_of_the_light_ever",
    "little_changed_though_better",
)


def tally(people: Sequence[Scenario], runs: int, show: Callable[[int, int], None]) -> list[dict[str, object]]:
    """Every scenario, spread over the cores in equal shares with seeds of their own."""
    share = 100
    jobs = [(person, 1000 * n + part, share) for n, person in enumerate(people) for part in range(runs // share)]
    totals: dict[Scenario, Counter[str]] = {person: Counter() for person in people}
    with ProcessPoolExecutor() as pool:
        for done, ((person, _, _), found) in enumerate(zip(jobs, pool.map(looks, jobs), strict=True), start=1):
            totals[person].update(found)
            show(done, len(jobs))
    return [
        {**asdict(person), "runs": runs} | {name: totals[person][name] / runs for name in COLUMNS} for person in people
    ]


def draw(rows: list[dict[str, object]], path: Path) -> None:
    """False words by scenario against the 5 % line."""
    from openpbm.picture_style import ACCENT, MUTED, new_figure, picture_style, save_picture

    with picture_style():
        shown = [r for r in rows if r["family"] in ("no change", "dark lamp")]
        figure = new_figure(8.0, 0.6 + 0.3 * len(shown))
        axes = figure.add_axes((0.42, 0.12, 0.55, 0.83))
        for place, r in enumerate(shown):
            word = "improved_ever" if r["family"] == "no change" else "because_of_the_light_ever"
            axes.plot([float(r[word])], [place], marker="o", color=ACCENT)
        axes.axvline(LIMIT, color=MUTED, linestyle="--", linewidth=1.0)
        axes.set_yticks(range(len(shown)), [f"{r['family']}: {r['name']}" for r in shown], fontsize=8)
        axes.invert_yaxis()
        axes.set_xlim(0.0, 0.08)
        axes.set_xlabel("share of courses with a false word at any look", fontsize=9)
        save_picture(figure, path)


def main() -> int:
    """Run, write the table and the figure, say whether the limits hold."""
    from openpbm.cli.terminal import progress_bar

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--out", type=Path, default=Path("docs/methods"))
    parser.add_argument("--families", default="", help="only these, separated by commas")
    arguments = parser.parse_args()
    families = [name.strip() for name in arguments.families.split(",") if name.strip()]
    people = [person for person in scenarios() if not families or person.family in families]
    with progress_bar("judging courses") as show:
        rows = tally(people, arguments.runs, show)
    with (arguments.out / "checkpoint-calibration.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draw(rows, arguments.out / "checkpoint-calibration.png")
    for r in rows:
        rates = " ".join(f"{word} {float(r[f'{word}_ever']):.3f}" for word in WORDS)
        print(f"{r['family']:15s} {r['name']:45s} {rates} light {float(r['because_of_the_light_ever']):.3f}")
    worst = limited(rows)
    for what, (rate, limit) in worst.items():
        print(f"worst rate of {what}: {rate:.4f} (limit {limit})")
    return 0 if all(rate <= limit for rate, limit in worst.values()) else 1


def limited(rows: list[dict[str, object]]) -> dict[str, tuple[float, float]]:
    """The worst rate and the limit of each false word, among the rows that were run."""
    still = [r for r in rows if r["family"] == "no change" and float(r["rho"]) <= MOST_RHO]
    usual = [r for r in still if float(r["rho"]) <= USUAL_RHO and not r["with_nrs"]]
    asked = {
        "improved under no change": ("improved_ever", still, LIMIT),
        "improved under no change, rho 0.3": ("improved_ever", usual, STRICT_LIMIT),
        "worse under no change, rho 0.3": ("worse_ever", usual, STRICT_LIMIT),
        "unchanged though 1.5 points worse": (
            "unchanged_ever",
            [r for r in rows if r["change"] == 1.5],
            LIMIT,
        ),
        "little changed said to the probably better": ("little_changed_though_better", rows, 0.0),
        "because of the light under a dark lamp": (
            "because_of_the_light_ever",
            [r for r in rows if r["family"] == "dark lamp"],
            LIMIT,
        ),
    }
    return {
        what: (max(float(r[column]) for r in among), limit) for what, (column, among, limit) in asked.items() if among
    }


if __name__ == "__main__":
    sys.exit(main())
