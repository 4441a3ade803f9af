"""How often the 90 % interval of one person's change holds the truth, over simulated people: table and picture.

Run as `python benchmarks/single_case_coverage.py`; writes `interrupted-series-coverage.csv` and `.png` in
`docs/methods`. The exit code is 1 where days of the model itself are covered outside 86-94 %. Days rounded to whole
numbers from 0 to 10 are a stress beyond the model and are shown, not judged; so are the worse breaches printed below.
"""

from __future__ import annotations

import csv
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import norm
from single_case import DAY_SD, TRUTH, Floats, in_progress, people_with_noise

from openpbm.picture_style import INK, MUTED, SERIES, new_figure, picture_style, save_picture
from openpbm.single_case.interrupted_series import fit_many, step_and_slope_design

RUNS, SEED, THREADS, LEVEL = 2000, 20240301, 2, 0.9
ALLOWED = (0.86, 0.94)
DAYS, BASELINE_DAYS, AUTOCORRELATIONS, MISSING = (42, 56, 84), (14, 21), (0.0, 0.15, 0.3, 0.5), (0.0, 0.15, 0.3)
FOLDER = Path(__file__).parents[1] / "docs" / "methods"
NAME = "interrupted-series-coverage"
MARKERS = ("o", "s")

Row = dict[str, Any]


def baseline_times(factor: float, noise: Floats, first_b: int) -> Floats:
    return np.where(np.arange(noise.shape[1]) < first_b, factor, 1.0)


#: What a day may be besides the model: (noise (people, days), baseline days, chance) to noise in the same unit.
BREACHES: dict[str, Callable[[Floats, int, np.random.Generator], Floats]] = {
    "none": lambda noise, first_b, chance: noise,
    "weekends 1.5 worse": lambda noise, first_b, chance: noise + 1.5 * (np.arange(noise.shape[1]) % 7 >= 5),
    "as much white noise again": lambda noise, first_b, chance: noise + chance.normal(0.0, DAY_SD, noise.shape),
    "outliers, t with 3 degrees": lambda noise, first_b, chance: noise + chance.standard_t(3, noise.shape),
    "baseline twice as restless": lambda noise, first_b, chance: noise * baseline_times(2.0, noise, first_b),
    "baseline half as restless": lambda noise, first_b, chance: noise * baseline_times(0.5, noise, first_b),
}


def covered(cell: tuple[int, int, float, float], number: int, rounded: bool) -> Row:
    """One row of the table: 2,000 people of one kind."""
    days, baseline, rho, missing = cell
    design, contrasts = step_and_slope_design(days, baseline)
    chance = np.random.default_rng([SEED, number])
    values = design @ TRUTH + DAY_SD * people_with_noise(chance, RUNS, days, rho, missing)
    if rounded:
        values = np.clip(np.round(values), 0.0, 10.0)
    fit = fit_many(values, design, contrasts, threads=THREADS)
    able = ~np.isnan(fit.estimate[:, 0])
    lower, upper = (bound[able] for bound in fit.interval(LEVEL))
    truth = contrasts @ TRUTH
    held = ((lower <= truth) & (truth <= upper)).mean(axis=0)
    half = np.median(upper - lower, axis=0) / 2.0
    return {
        "days": days,
        "baseline_days": baseline,
        "autocorrelation": rho,
        "missing": missing,
        "values": "rounded" if rounded else "continuous",
        "people": RUNS,
        "estimable": int(able.sum()),
        "covered_step": f"{held[0]:.4f}",
        "covered_end": f"{held[1]:.4f}",
        "median_half_width_step": f"{half[0]:.3f}",
        "median_half_width_end": f"{half[1]:.3f}",
        "mean_autocorrelation_found": f"{fit.rho[able].mean():.3f}",
    }


def table() -> list[Row]:
    """Every cell twice; the rounded days are those of the same people."""
    cells = list(itertools.product(DAYS, BASELINE_DAYS, AUTOCORRELATIONS, MISSING))
    rows: list[Row] = []
    for number in in_progress("coverage", range(len(cells))):
        rows.extend(covered(cells[number], number, rounded) for rounded in (False, True))
    return rows


def print_breaches() -> None:
    """Coverage where the model does not hold: 2,000 people each, 14 days of baseline, a tenth of the days missing."""
    print(f"\n{'beyond the model':<30}{'days':>6}{'autocorrelation':>17}{'step':>8}{'end':>8}")
    for (name, breach), days, rho in itertools.product(BREACHES.items(), (42, 84), (0.0, 0.3, 0.8)):
        if rho == 0.8 and name != "none":
            continue
        design, contrasts = step_and_slope_design(days, BASELINE_DAYS[0])
        chance = np.random.default_rng([SEED, days])
        noise = breach(DAY_SD * people_with_noise(chance, RUNS, days, rho, 0.1), BASELINE_DAYS[0], chance)
        lower, upper = fit_many(design @ TRUTH + noise, design, contrasts, threads=THREADS).interval(LEVEL)
        truth = contrasts @ TRUTH
        held = ((lower <= truth) & (truth <= upper)).mean(axis=0)
        print(f"{name:<30}{days:>6}{rho:>17}{held[0]:>8.3f}{held[1]:>8.3f}")


def print_maximum_likelihood() -> None:
    """What restriction, the two corrections and t buy: maximum likelihood with normal intervals, on the same people."""
    print(f"\n{'autocorrelation':<18}{'days':>6}{'found by ML':>13}{'by REML':>9}{'ML, normal: step':>19}{'end':>7}")
    for days, rho in itertools.product((42, 84), (0.0, 0.3, 0.5)):
        design, contrasts = step_and_slope_design(days, BASELINE_DAYS[0])
        chance = np.random.default_rng([SEED, days])
        values = design @ TRUTH + DAY_SD * people_with_noise(chance, RUNS, days, rho, 0.1)
        plain = fit_many(values, design, contrasts, restricted=False, threads=THREADS)
        restricted = fit_many(values, design, contrasts, threads=THREADS)
        half = norm.ppf(0.5 + LEVEL / 2.0) * plain.standard_error
        held = (np.abs(plain.estimate - contrasts @ TRUTH) <= half).mean(axis=0)
        found = f"{plain.rho.mean():>13.3f}{restricted.rho.mean():>9.3f}"
        print(f"{rho:<18}{days:>6}{found}{held[0]:>19.3f}{held[1]:>7.3f}")


def draw_panel(axes: Any, rows: list[Row], column: str) -> None:
    axes.axhspan(*ALLOWED, color="#eef3f3", zorder=0)
    axes.axhline(LEVEL, color=MUTED, linewidth=0.8, zorder=1)
    for row in rows:
        where, which = MISSING.index(row["missing"]), BASELINE_DAYS.index(row["baseline_days"])
        place = AUTOCORRELATIONS.index(row["autocorrelation"]) + 0.24 * (where - 1) + 0.09 * (which - 0.5)
        if row["values"] == "rounded":
            axes.plot(place, float(row[column]), "x", color=MUTED, markersize=4, markeredgewidth=0.9, zorder=2)
        else:
            colour = SERIES[where][0]
            fill = colour if which == 0 else "white"
            axes.plot(place, float(row[column]), MARKERS[which], color=colour, mfc=fill, markersize=5, zorder=3)
    axes.set_xticks(range(len(AUTOCORRELATIONS)), [f"{rho:g}" for rho in AUTOCORRELATIONS])
    axes.set_ylim(0.84, 0.96)
    axes.set_xlim(-0.5, len(AUTOCORRELATIONS) - 0.5)
    axes.set_yticks([0.86, 0.88, 0.90, 0.92, 0.94], ["86", "88", "90", "92", "94"])


def legend_marks() -> list[Any]:
    from matplotlib.lines import Line2D

    def mark(name: str, **look: Any) -> Any:
        return Line2D([], [], linestyle="none", label=name, **look)

    missing = [
        mark(f"{share:.0%} of days missing", marker="o", color=SERIES[k][0], markersize=5)
        for k, share in enumerate(MISSING)
    ]
    return [
        *missing,
        mark("14 days of baseline", marker="o", color=INK, markersize=5),
        mark("21 days of baseline", marker="s", color=INK, mfc="white", markersize=5),
        mark("rounded to 0-10", marker="x", color=MUTED, markersize=5),
    ]


def draw(rows: list[Row]) -> Path:
    """Coverage over autocorrelation, a column for each length, the step above and the effect at the end below."""
    with picture_style():
        figure = new_figure(9.5, 5.6)
        panels = figure.subplots(2, len(DAYS), sharex=True, sharey=True)
        for (above, column), line in zip(
            (("Step", "covered_step"), ("At the end", "covered_end")), panels, strict=True
        ):
            for axes, days in zip(line, DAYS, strict=True):
                draw_panel(axes, [row for row in rows if row["days"] == days], column)
                axes.set_title(f"{above}, {days} days")
            line[0].set_ylabel("Intervals that hold\nthe truth [%]")
        for axes in panels[1]:
            axes.set_xlabel("Autocorrelation of the days")
        figure.legend(handles=legend_marks(), loc="lower center", ncols=3, frameon=False)
        figure.subplots_adjust(left=0.09, right=0.985, top=0.94, bottom=0.215, hspace=0.3, wspace=0.08)
        return save_picture(figure, FOLDER / f"{NAME}.png")


def main() -> int:
    rows = table()
    path = FOLDER / f"{NAME}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draw(rows)
    inside = True
    for kind in ("continuous", "rounded"):
        chosen = [row for row in rows if row["values"] == kind]
        for column in ("covered_step", "covered_end"):
            found = [float(row[column]) for row in chosen]
            print(f"{kind:<12}{column:<14}least {min(found):.3f}  mean {np.mean(found):.3f}  most {max(found):.3f}")
            inside &= kind == "rounded" or (min(found) >= ALLOWED[0] and max(found) <= ALLOWED[1])
        print(f"{kind:<12}not estimable {sum(RUNS - row['estimable'] for row in chosen)} of {RUNS * len(chosen):,}")
    print_breaches()
    print_maximum_likelihood()
    return 0 if inside else 1


if __name__ == "__main__":
    sys.exit(main())
