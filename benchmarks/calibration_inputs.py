"""What the calibration of courses rests on, and its digest; loads no JAX, so that a test can ask for it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from openpbm.facts.data_sets import DataSet, data_sets
from openpbm.facts.mechanism import arrows, course_priors, form_weights, session_priors

SEED = 20
#: Parameters that the small model calibrates, each with a row of the table of priors.
CALIBRATED = (
    "placebo",
    "placebo_d",
    "regression",
    "carry_over_d",
    "tolerance",
    "gain",
    "half_j_cm2",
    "excess_ratio",
    "steepness",
    "width",
)
#: Scripts whose text decides what comes out.
SCRIPTS = ("small_course.py", "day_table.py", "stacking.py", "calibrate_mechanism.py")
HERE = Path(__file__).parent


def fitted_sets() -> tuple[DataSet, ...]:
    """Courses that may be fitted: neither a demonstration nor without numbers."""
    return tuple(each for each in data_sets if each.kind == "course" and each.role == "calibration")


def inputs_digest() -> str:
    """SHA-256 of the sets, the priors, the arrows of a session and the scripts."""
    priors = course_priors()
    parts = [repr(each) for each in fitted_sets()]
    parts += [repr(session_priors(each.compartment)) for each in fitted_sets()]
    parts += [f"{arrow.id} {arrow.weight}" for arrow in arrows if arrow.model == "session"]
    parts += [repr(priors[name]) for name in ("flow_unit_s", "freed_unit_s", "reactive_unit_s", "reactive_most")]
    parts += [repr(priors[name]) for name in (*CALIBRATED, "tolerance_d", "regression_d")]
    parts += [repr(form_weights(calibrated=False)), str(SEED)]
    parts += [(HERE / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
