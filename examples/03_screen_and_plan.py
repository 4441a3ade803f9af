"""Screen and plan: is light safe for this person, how many minutes, at which distance, and what does the dose reach.

    python examples/03_screen_and_plan.py [PICTURE.png]

A refusal is no error: it is a verdict with its reasons, and the same person with a suspicious mole gets one here.
Light therapy for these conditions is investigational; nothing here is medical advice.
"""

import sys
from dataclasses import replace
from pathlib import Path

from matplotlib.figure import Figure

import openpbm

CASE = Path(__file__).parent / "restless_legs.toml"


def main() -> None:
    """Plan one case, refuse its sibling, and draw how often the dose is as in the trials against the minutes."""
    case = openpbm.read_case(CASE)
    screening = openpbm.screen(case)
    # Fewer tissues than a plan takes, so that the example is quick.
    plan = openpbm.make_plan(screening, quality=openpbm.Quality(scenarios=16), seed=1)
    print(f"{plan.verdict}: {plan.session_minutes:g} minutes at {plan.placement.distance_mm / 10:g} cm")
    for caution in plan.cautions:
        print(f"  caution: {caution.message}")
    for session in plan.schedule.sessions[:3]:
        print(f"  {session.date:%A %d %B}, week {session.week}")

    sore = replace(
        case, person=replace(case.person, findings={**case.person.findings, "suspicious_lesion_in_field": True})
    )
    refused = openpbm.screen(sore)
    print(f"with a suspicious mole in the light: {refused.verdict}")
    for reason in refused.reasons:
        print(f"  {reason.message}")

    # The light is computed once; other minutes only scale it.
    minutes = list(range(5, 61, 5))
    targets = [openpbm.rescale(plan, minutes=each).targets[0] for each in minutes]
    figure = Figure(figsize=(6.8, 4.4), layout="constrained")
    axes = figure.subplots()
    axes.plot(minutes, [target.chance_in_window for target in targets], "o-", color="#0f6b6b")
    axes.axvspan(*plan.protocol.minutes, color="#e6f0f0", zorder=0, label="minutes that the protocol gave")
    axes.axvline(plan.session_minutes, color="#d55e00", linestyle="--")
    axes.annotate("planned", (plan.session_minutes, 0.02), xytext=(4, 0), textcoords="offset points", color="#d55e00")
    axes.set(xlabel="minutes of one session", ylabel="share of cases with a dose as in the trials", ylim=(0, 1))
    axes.set_title(f"{case.device.name}: dose to the calf muscle", loc="left", fontweight="bold", fontsize=10.5)
    axes.legend(frameon=False, loc="upper left")
    figure.savefig(sys.argv[1] if len(sys.argv) > 1 else "03_screen_and_plan.png", dpi=110)


if __name__ == "__main__":
    main()
