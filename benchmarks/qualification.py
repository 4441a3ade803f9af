"""The model beside published studies: writes the table and the picture of docs/methods/qualification.md.

    python benchmarks/qualification.py [--people 2000] [--priors]

Prints each set with its verdict, how many points are covered, and the trials in which light did nothing. `--priors`
leaves the calibration out and writes nothing. Exit code 1 when fewer than 80 % of the points are covered, or when a
regimen without advantage is predicted to have one.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from openpbm.mechanism.qualification import Qualification, qualify
from openpbm.mechanism.qualification_picture import draw_qualification

OUT = Path(__file__).parents[1] / "docs" / "methods"
COLUMNS = (
    "set",
    "what",
    "at",
    "unit_of_time",
    "printed",
    "p5",
    "median",
    "p95",
    "covered",
    "p5_as_printed",
    "p95_as_printed",
    "covered_as_printed",
)


def rows(report: Qualification) -> list[tuple[object, ...]]:
    """A row for each point and each order; of an order the printed value is 0, and the median what is predicted."""
    lines: list[tuple[object, ...]] = []
    for judged in report.sets:
        id, unit = judged.data_set.id, "d" if judged.data_set.kind == "course" else "min"
        for each in judged.points:
            point, trusted, printed = each.point, each.trusted, each.printed
            bands = [f"{value:.4g}" for value in (trusted.p5, trusted.median, trusted.p95)]
            as_printed = [f"{value:.4g}" for value in (printed.p5, printed.p95)]
            what = f"{point.arm} {point.quantity} {point.relation}"
            lines.append(
                (id, what, point.at, unit, point.value, *bands, each.covered, *as_printed, printed.holds(point))
            )
        for quantity, share in judged.heat.items():
            at, of_warmth = judged.data_set.light.minutes, f"{round(share, 3) + 0.0:.3f}"
            lines.append((id, f"share of warmth {quantity}", at, unit, "", "", of_warmth, "", "", "", "", ""))
        for order in judged.orders:
            difference = f"{order.median_difference:.4g}"
            lines.append((id, order.order.says, "", unit, "> 0", "", difference, "", order.holds, "", "", ""))
    for null in report.nulls:
        chance = f"{null.chance_of_nothing:.3f}"
        lines.append(
            (
                null.trial,
                f"less than {null.important_change:g} on {null.scale}",
                "",
                "",
                "> 0.5",
                "",
                chance,
                "",
                null.chance_of_nothing > 0.5,
                "",
                "",
                "",
            )
        )
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--priors", action="store_true", help="as before any data")
    options = parser.parse_args()
    report = qualify(people=options.people, calibrated=not options.priors)
    for judged in report.sets:
        print(f"{judged.data_set.id:16} {judged.data_set.role:14} {judged.verdict}")
    covered, count = report.coverage()
    sham, shams = report.coverage("sham")
    printed = sum(each.printed.holds(each.point) for each in report.points())
    least = min(report.nulls, key=lambda each: each.chance_of_nothing)
    print(f"{covered} of {count} points covered ({printed} with errors as printed), {sham} of {shams} of sham arms")
    print(f"trials without advantage: chance of less than what matters at least {least.chance_of_nothing:.2f}")
    if not options.priors:
        with (OUT / "qualification.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows(report)])
        draw_qualification(report).savefig(OUT / "qualification.png", dpi=110)
    return int(covered < 0.8 * count or least.chance_of_nothing <= 0.5)


if __name__ == "__main__":
    sys.exit(main())
