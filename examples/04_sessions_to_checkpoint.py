"""Sessions to checkpoint: what was written down in a course, and what it proves at each checkpoint.

    python examples/04_sessions_to_checkpoint.py [PICTURE.png]

The course is made up: nobody's data. Restless legs get better while the light is given and worse after it, and the
checkpoints still do not say that it was the light, because one person without a comparison cannot show that.
"""

import sys
from pathlib import Path

from matplotlib.figure import Figure

import openpbm

COURSE = Path(__file__).parent / "courses" / "calf_evening"
INK, LIGHT, DECISION = "#1d2733", "#d55e00", "#0f6b6b"


def main() -> None:
    """Read the course, judge it at its checkpoints, and draw what was written down with the decisions."""
    course = openpbm.read_course(COURSE)
    start = course.plan.start_date
    figure = Figure(figsize=(6.8, 4.6), layout="constrained")
    axes = figure.subplots()

    def weeks(rows):
        return [(row.date - start).days / 7 for row in rows]

    rated = [day for day in course.diary if day.severity is not None]
    scores = [row for row in course.scores if row.scale == "irls" and row.value is not None]
    axes.plot(
        weeks(rated), [4 * day.severity for day in rated], ".", color="#8a95a1", label="worst of the day, 0-10, x 4"
    )
    axes.plot(weeks(scores), [row.value for row in scores], "o-", color=INK, label="IRLS, 0-40")
    axes.vlines(weeks(course.sessions), 0.0, 1.2, color=LIGHT, label="sessions")

    for week in (2, 4, 6):
        judged = openpbm.checkpoint(course, week)
        print(f"week {week}: {judged['decision']}; symptoms {judged['symptom_verdict']}, grade {judged['grade']}")
        print(f"  {judged['statement']}")
        axes.axvline(week, color=DECISION, linewidth=1.0, linestyle="--")
        axes.annotate(judged["decision"], (week, 38), xytext=(3, 0), textcoords="offset points", color=DECISION)

    # The answers of one form become a number by the rules of its scale; a blank is never guessed.
    form = openpbm.score(openpbm.scales["irls"], {str(item): 2 for item in range(1, 11)})
    print(f"ten answers of 2 on the IRLS make {form.value:g}: {form.band}")

    axes.set(xlabel="weeks after the first session", ylabel="symptoms; lower is better", ylim=(0, 40))
    axes.set_title("A made-up course and its checkpoints", loc="left", fontweight="bold")
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 0.04))
    figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "04_sessions_to_checkpoint.png", dpi=110)


if __name__ == "__main__":
    main()
