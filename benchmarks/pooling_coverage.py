"""How often the interval of a pool holds the truth, and its prediction interval a new study: table and picture.

Run as `python benchmarks/pooling_coverage.py`; writes `pooling-coverage.csv` and `.png` in `docs/methods`. The exit
code is 1 where Knapp and Hartung with the floor cover less than 94 % anywhere or, with 10 studies or more and tau2 of
0.1 or more, above 97 %; or where, with tau2 of 0.2 or more, a prediction interval covers less than 90 or over 97 %.
"""

from __future__ import annotations

import csv
import itertools
import sys
from pathlib import Path
from typing import Any

import numpy as np

from openpbm.evidence import Pooled, make_studies, pool
from openpbm.picture_style import MUTED, SERIES, new_figure, picture_style, save_picture

RUNS, SEED, TRUTH = 20_000, 20261130, -0.4
STUDIES, TAU2 = (3, 4, 5, 7, 10, 15, 20), (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
FOLDER = Path(__file__).parents[1] / "docs" / "methods"
NAME = "pooling-coverage"
METHODS = ("normal", "knapp_hartung", "with_floor")

Row = dict[str, Any]


def people(sizes: str, chance: np.random.Generator, count: int) -> Any:
    """People in each arm: much alike, or as trials are, most small and a few large."""
    if sizes == "similar":
        return chance.integers(20, 61, (RUNS, count))
    return np.clip(np.round(np.exp(chance.normal(3.4, 0.8, (RUNS, count)))), 8, 400)


def held(low: Any, high: Any, value: Any) -> float:
    return float(np.mean((low <= value) & (value <= high)))


def covered(sizes: str, count: int, tau2: float, number: int) -> Row:
    """One row: simulated standardised differences of two arms, their variances 2 / n taken as known."""
    chance = np.random.default_rng([SEED, number])
    variance = 2.0 / people(sizes, chance, count)
    effect = chance.normal(chance.normal(TRUTH, np.sqrt(tau2), variance.shape), np.sqrt(variance))
    new = chance.normal(TRUTH, np.sqrt(tau2), RUNS)
    studies = make_studies(effect, variance)
    fits: dict[str, Pooled] = {
        "normal": pool(studies),
        "knapp_hartung": pool(studies, knapp_hartung=True),
        "with_floor": pool(studies, knapp_hartung=True, floor=True),
    }
    row: Row = {"arms": sizes, "studies": count, "tau2": tau2, "pools": RUNS}
    for method, fit in fits.items():
        low, high = fit.interval[:, 0].T
        row[f"covered_{method}"] = f"{held(low, high, TRUTH):.4f}"
    for method, fit in fits.items():
        row[f"predicted_{method}"] = f"{held(*fit.prediction.T, new):.4f}"
    row["median_i2_percent"] = f"{np.median(fits['normal'].i2_percent):.1f}"
    return row


def table() -> list[Row]:
    cells = itertools.product(("similar", "mixed"), STUDIES, TAU2)
    return [covered(*cell, number) for number, cell in enumerate(cells)]


def misses(rows: list[Row]) -> list[Row]:
    """The rows outside the bounds."""
    missed = []
    for row in rows:
        interval, prediction = float(row["covered_with_floor"]), float(row["predicted_with_floor"])
        many = row["studies"] >= 10
        too_wide = many and row["tau2"] >= 0.1 and interval > 0.97
        astray = many and row["tau2"] >= 0.2 and not 0.90 <= prediction <= 0.97
        if interval < 0.94 or too_wide or astray:
            missed.append(row)
    return missed


def draw_panel(axes: Any, rows: list[Row], column: str) -> None:
    axes.axhline(0.95, color=MUTED, linewidth=0.8, zorder=1)
    for place, method in enumerate(METHODS):
        colour, dash = SERIES[place]
        means = [np.mean([float(row[f"{column}_{method}"]) for row in rows if row["studies"] == k]) for k in STUDIES]
        ends = [[float(row[f"{column}_{method}"]) for row in rows if row["studies"] == k] for k in STUDIES]
        spots = np.arange(len(STUDIES)) + 0.16 * (place - 1)
        axes.vlines(spots, [min(end) for end in ends], [max(end) for end in ends], color=colour, linewidth=1.2)
        axes.plot(spots, means, marker="o", markersize=4, color=colour, linestyle=dash, linewidth=1.2)
    axes.set_xticks(range(len(STUDIES)), [str(count) for count in STUDIES])
    axes.set_ylim(0.70, 1.005)
    axes.set_yticks([0.7, 0.8, 0.9, 0.95, 1.0], ["70", "80", "90", "95", "100"])
    axes.set_xlabel("Studies")


def draw(rows: list[Row]) -> Path:
    """Coverage over the number of studies; a bar spans the six values of tau2 and both kinds of arms."""
    from matplotlib.lines import Line2D

    names = ("normal interval", "Knapp-Hartung", "Knapp-Hartung with floor")
    with picture_style():
        figure = new_figure(9.0, 4.2)
        left, right = figure.subplots(1, 2, sharey=True)
        draw_panel(left, rows, "covered")
        draw_panel(right, rows, "predicted")
        left.set_title("Interval of the pool")
        right.set_title("Prediction interval")
        left.set_ylabel("95 % intervals that hold\nwhat they should [%]")
        marks = [
            Line2D([], [], color=SERIES[place][0], linestyle=SERIES[place][1], marker="o", markersize=4, label=name)
            for place, name in enumerate(names)
        ]
        figure.legend(handles=marks, loc="lower center", ncols=3, frameon=False)
        figure.subplots_adjust(left=0.1, right=0.985, top=0.92, bottom=0.24, wspace=0.08)
        return save_picture(figure, FOLDER / f"{NAME}.png")


def main() -> int:
    rows = table()
    with (FOLDER / f"{NAME}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    draw(rows)
    for column in ("covered", "predicted"):
        for method in METHODS:
            found = [float(row[f"{column}_{method}"]) for row in rows]
            print(f"{column:<10}{method:<15}least {min(found):.3f}  most {max(found):.3f}")
    missed = misses(rows)
    for row in missed:
        print("outside:", row)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
