"""What the weights of the forms of dose rest on: other trust, other weights before data, prediction alone.

    python benchmarks/calibration_sensitivity.py [--people 400]

Prints the table of docs/decisions/0039-trust-and-the-weight-of-nothing.md. Forms are weighted again from the densities
that calibration.toml keeps; the draws of each form stay as they were fitted.
"""

from __future__ import annotations

import argparse

import numpy as np
from calibration_inputs import fitted_sets
from stacking import stacked

from openpbm.facts.mechanism import calibration, form_weights
from openpbm.mechanism.cohort.people_table import People
from openpbm.mechanism.cohort.spec import CohortRegimen, CohortSpec, CohortTarget, LightAtTarget
from openpbm.mechanism.cohort.target_light import NumberLight
from openpbm.mechanism.qualification import judged_by
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import FORMS

IMPORTANT_IRLS = 3.0


class ReweightedPeople(VirtualPeople):
    """Calibrated people whose forms of dose have other weights."""

    def __init__(self, count: int, weights: np.ndarray) -> None:
        super().__init__(count, seed=1)
        self.form_weights = dict(zip(FORMS, (float(weight) for weight in weights), strict=True))


def chance_of_gain(people: VirtualPeople) -> float:
    """Share whom light takes by the important change of the scale of restless legs within six weeks."""
    light = LightAtTarget(wavelength_nm=850.0, fluence_rate_mw_cm2=10.0, absorption_per_cm=0.29)
    regimen = CohortRegimen(name="three a week", minutes=30.0, sessions_per_week=3, weeks=6)
    target = CohortTarget(compartment="muscle", light=(light,))
    spec = CohortSpec(target=target, regimens=(regimen,))
    columns = People.of(people, spec, NumberLight(target)).over_weeks(regimen, spec)
    return float((columns["specific_week_6"] <= -IMPORTANT_IRLS).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=400)
    count = parser.parse_args().people
    left_out = np.array([list(form.left_out.values()) for form in calibration().forms]).T
    trust = np.array([each.trust for each in fitted_sets()])
    before = np.array(list(form_weights(calibrated=False).values()))
    alike, even = np.full(trust.size, trust.mean()), np.full(before.size, 1.0 / before.size)
    rows = {
        "as shipped": stacked(left_out, trust, before),
        "every set trusted alike": stacked(left_out, alike, before),
        "every set trusted wholly": stacked(left_out, np.ones(trust.size), before),
        "every form alike before data": stacked(left_out, trust, even),
        "prediction alone": stacked(left_out, trust, np.zeros(before.size)),
    }
    print("| | " + " | ".join(FORMS) + " | points held | least chance of nothing | chance of gain |")
    print("|---" * (len(FORMS) + 4) + "|")
    for name, weights in rows.items():
        people = ReweightedPeople(count, weights)
        report = judged_by(people)
        covered, points = report.coverage()
        least = min(null.chance_of_nothing for null in report.nulls)
        shown = " | ".join(f"{weight:.2f}" for weight in weights)
        print(f"| {name} | {shown} | {covered} of {points} | {least:.2f} | {chance_of_gain(people):.3f} |", flush=True)


if __name__ == "__main__":
    main()
