"""How often a checkpoint is wrong: whole courses are simulated and judged at every look, by the engine that ships.

    python benchmarks/checkpoint_calibration.py [--runs 2000] [--families "no change,drift"] [--names "rho 0.3"]
        [--processes 1] [--out docs/methods]

No change: nothing happens to the symptoms; how often is "improved" said at week 4, 6 or 12, and at any of them?
Dark lamp: blinded pairs of active and sham periods, a lamp that does nothing, and symptoms that follow what the person
believes; how often is "because of the light" said at any look? `right` is the share of periods guessed right.
Real change: the same looks when symptoms do fall or rise, to show what the caution costs.
Drift: nothing is done by light, and symptoms move by themselves: a random walk, a bad spell at the start, a cycle, a
fall that began before; and days missing because they were bad. These rates are published, not limited.
Other outcomes: the IRLS at its own cadence. Cramps: one a night, in nights that scatter more than chance.

Writes checkpoint-calibration.csv and .png: how often each word and each decision is said at any look. Rows that are not
run keep what the table holds, each with its number of courses. Exits 1 where a bound of `BOUNDS` is passed by any row.
"""

from __future__ import annotations

import argparse
import csv
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from checkpoint_people import WEEKS, Scenario, scenarios, simulate

LOOKS = (4, 6, 12)
LIMIT = 0.05
#: Over all looks, for people whose days lean on each other as most do.
STRICT_LIMIT, USUAL_RHO = 0.03, 0.3
#: The limit holds for people whose days lean on each other no more than this; beyond it the table shows what happens.
MOST_RHO = 0.5
#: P(better) above which nobody may read that little changed, and the rules that say so.
LIKELY = 0.8
LITTLE = ("none", "first_look_adjust")
SHARE = 100

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

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Bound:
    """A column of the rows that `among` picks must not be above the limit, or not below it where it is the least."""

    what: str
    column: str
    among: Callable[[Row], bool]
    limit: float
    least: bool = False

    def worst(self, rows: Sequence[Row]) -> float | None:
        """The worst rate among the rows; None where none is in the table."""
        rates = [float(row[self.column]) for row in rows if self.among(row)]
        if not rates:
            return None
        return min(rates) if self.least else max(rates)

    def holds(self, rate: float) -> bool:
        """Whether that rate keeps to the limit."""
        return rate >= self.limit if self.least else rate <= self.limit


def _nothing_happens(row: Row, most_alike: float) -> bool:
    """Diaries, questionnaires and counts without a change, of days, weeks or nights alike by no more than that."""
    if row["family"] == "cramps":
        return float(row["cramp_ratio"]) == 1.0 and float(row["cramp_likeness"]) <= most_alike
    if row["family"] == "other outcomes":
        return float(row["irls_change"]) == 0.0
    return row["family"] == "no change" and float(row["rho"]) <= most_alike


def _still(row: Row) -> bool:
    return _nothing_happens(row, MOST_RHO)


def _usual(row: Row) -> bool:
    return _nothing_happens(row, USUAL_RHO)


def _cramps_rarer(row: Row) -> bool:
    return row["cramp_ratio"] == "0.3" and row["cramp_dispersion"] == "1.5"


BOUNDS = (
    Bound("improved under no change", "improved_ever", _still, LIMIT),
    Bound("improved under no change, rho 0.3", "improved_ever", _usual, STRICT_LIMIT),
    Bound("worse under no change, rho 0.3", "worse_ever", _usual, STRICT_LIMIT),
    Bound("unchanged though 1.5 points worse", "unchanged_ever", lambda row: row["change"] == "1.5", LIMIT),
    Bound("little changed said to the probably better", "little_changed_though_better", lambda row: True, 0.0),
    Bound(
        "because of the light under a dark lamp",
        "because_of_the_light_ever",
        lambda row: row["family"] == "dark lamp",
        LIMIT,
    ),
    Bound("better at week 6, IRLS -6", "better_week_6", lambda row: row["irls_change"] == "-6.0", 0.60, least=True),
    Bound("better at week 6, cramps at a ratio of 0.3", "better_week_6", _cramps_rarer, 0.85, least=True),
)


def looks(job: tuple[Scenario, int, int]) -> dict[str, int]:
    """How many of some courses of one scenario hear each word, each decision and each false advice at any look."""
    from openpbm.outcomes.decision import judge

    person, part, runs = job
    # The seed hangs on the row's name, so that a row run by itself is the row of the whole table.
    random = np.random.default_rng([zlib.crc32(f"{person.family}: {person.name}".encode()), part])
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


def tally(
    people: Sequence[Scenario], runs: int, processes: int, show: Callable[[int, int], None]
) -> Iterator[tuple[Scenario, Row]]:
    """Every scenario as it is done, in equal shares with seeds of their own."""
    shares = max(1, runs // SHARE)
    jobs = [(person, part, min(runs, SHARE)) for person in people for part in range(shares)]
    total: Counter[str] = Counter()
    with ProcessPoolExecutor(max_workers=processes) as pool:
        for done, ((person, part, each), found) in enumerate(zip(jobs, pool.map(looks, jobs), strict=True), start=1):
            total.update(found)
            show(done, len(jobs))
            if part == shares - 1:
                rates = {name: total[name] / (each * shares) for name in COLUMNS}
                yield person, {key: str(value) for key, value in (_told(person, each * shares) | rates).items()}
                total.clear()


def _told(person: Scenario, runs: int) -> dict[str, object]:
    """What the scenario is, as the table writes it; "" for what a kind of person has none of."""
    fields = {key: "" if value is None else value for key, value in asdict(person).items()}
    return fields | {"runs": runs}


def read_table(path: Path) -> dict[str, Row]:
    """The stored rows by name; {} where the table is not there."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as handle:
        return {f"{row['family']}: {row['name']}": row for row in csv.DictReader(handle)}


def write_table(path: Path, kept: dict[str, Row]) -> list[Row]:
    """The rows of every scenario that is known, in the order of the scenarios; rows of another shape are dropped."""
    shape = [*_told(next(scenarios()), 0), *COLUMNS]
    names = [f"{person.family}: {person.name}" for person in scenarios()]
    rows = [kept[name] for name in names if name in kept and list(kept[name]) == shape]
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, fieldnames=shape, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def draw(rows: Sequence[Row], path: Path) -> None:
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
    parser.add_argument("--runs", type=int, default=2000, help="courses a row, in hundreds")
    parser.add_argument("--out", type=Path, default=Path("docs/methods"))
    parser.add_argument("--families", default="", help="only these, separated by commas")
    parser.add_argument("--names", default="", help="only rows whose name holds these words")
    parser.add_argument("--processes", type=int, default=None, help="as many as there are cores unless said")
    arguments = parser.parse_args()
    families = [name.strip() for name in arguments.families.split(",") if name.strip()]
    people = [p for p in scenarios() if (not families or p.family in families) and arguments.names in p.name]
    table = arguments.out / "checkpoint-calibration.csv"
    kept = read_table(table)
    rows: list[Row] = []
    with progress_bar("judging courses") as show:
        for person, row in tally(people, arguments.runs, arguments.processes, show):
            kept[f"{person.family}: {person.name}"] = row
            rows = write_table(table, kept)
    draw(rows, arguments.out / "checkpoint-calibration.png")
    for r in rows:
        rates = " ".join(f"{word} {float(r[f'{word}_ever']):.3f}" for word in WORDS)
        print(f"{r['family']:15s} {r['name']:45s} {r['runs']:>5s} {rates} better at week 6 {r['better_week_6']}")
    return report(rows)


def report(rows: Sequence[Row]) -> int:
    """Print every bound beside its worst row; 1 where one is passed."""
    passed = 0
    for bound in BOUNDS:
        rate = bound.worst(rows)
        if rate is None:
            continue
        side = "least" if bound.least else "limit"
        print(f"worst rate of {bound.what}: {rate:.4f} ({side} {bound.limit})")
        passed |= not bound.holds(rate)
    return int(passed)


if __name__ == "__main__":
    sys.exit(main())
