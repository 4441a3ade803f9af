"""How sure and how fast the light of a plan is: five seeds, the interval at a calf muscle, the command cold and warm.

Run as `python benchmarks/plan_light.py [CASE.toml ...]` (the example cases where none is named). Cold means without any
compiled Python left from before. Exit code 1 when a bound is missed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from openpbm.case import read_case
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning import light_at_depth, make_plan
from openpbm.safety import screen

EXAMPLES = ("restless_legs", "neck_spasm", "carpal_tunnel", "insensate_foot")
SEEDS = range(1, 6)
CHANCE_RANGE, MEDIAN_RANGE, FOLD = 0.03, 0.04, 40.0
COLD_S, WARM_S = 5.0, 3.0


def seeds(case: Path) -> bool:
    """Range of chance and median at the first target over the seeds."""
    screening = screen(read_case(case))
    plans = [make_plan(screening, seed=seed) for seed in SEEDS]
    if not plans[0].dose:
        print(f"{case.stem}: {plans[0].verdict}, without light")
        return True
    rates = np.array([plan.dose[0].fluence_rate_mw_cm2.median for plan in plans])
    spread = float(np.ptp(rates) / rates.mean())
    chances = [plan.dose[0].chance_in_window for plan in plans]
    known = [chance for chance in chances if chance is not None]
    moved = float(np.ptp(known)) if known else 0.0
    error = plans[0].dose[0].chance_standard_error
    print(
        f"{case.stem}, {plans[0].dose[0].structure}: median {rates.mean():.4g} mW/cm2, range {spread:.1%}"
        f" [{MEDIAN_RANGE:.0%}]; chance {known[0] if known else 'none'}, range {moved:.3f} [{CHANCE_RANGE}],"
        f" standard error {error}; minutes {sorted({plan.session_minutes for plan in plans})}"
    )
    return spread <= MEDIAN_RANGE and moved <= CHANCE_RANGE


def interval() -> bool:
    """p95 over p5 at the reference adult's calf muscle: broad lamp, 850 nm, skin type III, measured."""
    field = Emitters(wavelength_nm=850.0, irradiance_mw_cm2=30.0, at_distance_mm=300.0, half_angle_deg=30.0)
    lamp = Lamp(id="broad", name="broad", kind="panel", output_status="measured", emitters=(field,))
    adult = Person(sex="female", age_years=50, height_cm=165, weight_kg=68, skin_type=3)
    folds = []
    for seed in SEEDS:
        rate = light_at_depth(lamp, sites["posterior_calf"], 300.0, adult, seed=seed).at("gastrocnemius")
        folds.append(rate.fluence_rate_mw_cm2.p95 / rate.fluence_rate_mw_cm2.p5)
    print(f"calf muscle, p95/p5 over five seeds: {min(folds):.1f} to {max(folds):.1f} [{FOLD:g}]")
    return max(folds) <= FOLD


def command(case: Path) -> bool:
    """`openpbm plan`, pictures and report with it: by the clock, cold, then again."""
    with tempfile.TemporaryDirectory() as folder:
        words = [str(Path(sys.executable).with_name("openpbm")), "plan", str(case), "--out", f"{folder}/plan"]
        environment = os.environ | {"PYTHONPYCACHEPREFIX": f"{folder}/compiled", "MPLCONFIGDIR": f"{folder}/mpl"}
        seconds = []
        for _ in range(3):
            begun = time.perf_counter()
            subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - begun)
    cold, warm = seconds[0], min(seconds[1:])
    print(f"openpbm plan {case.name}: cold {cold:.1f} s [{COLD_S:g}], again {warm:.1f} s [{WARM_S:g}]")
    return cold < COLD_S and warm < WARM_S


def main() -> int:
    """All of it; 0 when every bound holds."""
    cases = [Path(name) for name in sys.argv[1:]] or [Path("examples") / f"{name}.toml" for name in EXAMPLES]
    held = [command(cases[0]), interval(), *map(seeds, cases)]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
