"""The compiled models beside libRoadRunner on the same equations at the same accuracy: microseconds a person.

    python benchmarks/mechanism.py [--people 20000] [--reference 100]
    python benchmarks/mechanism.py --cohort 1000000

Prints a row for the session (half an hour of light and half an hour after) and for the course (12 weeks, 12 sessions):
both times, their ratio, and the largest relative difference. With `--cohort` instead a whole cohort of one
regimen (session with and without light, course, Parquet, summary) and the peak memory. Needs the extra `research`.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from mechanism_reference import session_states, week_states

from openpbm.mechanism.cohort import CohortSpec, run_cohort
from openpbm.mechanism.cohort.spec import CohortRegimen, CohortTarget, LightAtTarget
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import Lighting, lamp_on, run_session, warmth_of_absorption
from openpbm.response.weeks.score import follow_people

NM = np.array([850.0])
TIMES = np.array([0.0, 1800.0, 3600.0])
# Of the reference: at 1e-8 it is 9e-5 off, at 1e-9 about as near as ours at its own 1e-7.
TOLERANCE = 1e-9


def _lighting(people: VirtualPeople) -> Lighting:
    levels = np.exp(np.random.default_rng(1).uniform(np.log(0.5), np.log(50.0), (people.count, 1)))
    return Lighting(
        wavelength_nm=NM,
        fluence_rate_mw_cm2=levels,
        oxidase_yield=people.oxidase_yield()[:, None],
        store_spectrum=people.store_spectrum(NM),
        blocks=np.ones(people.count, dtype=bool),
    )


def session(many: int, few: int) -> tuple[float, float, float]:
    """Seconds a person of ours and of the reference, and the largest relative difference."""
    on = lamp_on(TIMES, 1800.0)
    spent = []
    for count in (2, many):
        people = VirtualPeople(count, seed=1)
        physiology, lit = people.physiology("muscle"), _lighting(people)
        warmth = warmth_of_absorption(lit, np.full((count, 1), 0.29), on)
        begun = time.perf_counter()
        ours = run_session(physiology, lit, warmth, times_s=TIMES, on=on)
        spent.append((time.perf_counter() - begun) / count)
    some = slice(0, few)
    cut = replace(physiology, **{name: value[some] for name, value in vars(physiology).items()})
    less = replace(
        lit,
        fluence_rate_mw_cm2=lit.fluence_rate_mw_cm2[some],
        oxidase_yield=lit.oxidase_yield[some],
        store_spectrum=lit.store_spectrum[some],
        blocks=lit.blocks[some],
    )
    warmed = warmth_of_absorption(less, np.full((few, 1), 0.29), on)
    for _ in range(2):  # the first loads and compiles the model
        begun = time.perf_counter()
        theirs = session_states(cut, less, warmed, TIMES, on.astype(float), TOLERANCE)
        reference = (time.perf_counter() - begun) / few
    named = [value for name, value in vars(ours).items() if name != "times_s"]
    scale = np.abs(theirs).max(axis=1)
    apart = max(float((np.abs(each[some] - theirs[:, :, n]) / scale[:, None, n]).max()) for n, each in enumerate(named))
    return spent[-1], reference, apart


def course(many: int, few: int) -> tuple[float, float, float]:
    """The same of a course."""
    days, sessions = np.arange(0.0, 85.0, 7.0), np.linspace(0.4, 26.0, 12)
    for count in (2, many):
        answer = VirtualPeople(count, seed=2).answer(start_share=0.6)
        stimuli = np.random.default_rng(2).uniform(0.0, 1.0, (count, sessions.size))
        begun = time.perf_counter()
        ours = follow_people(answer, stimuli, sessions, days, 27.0)
        spent = (time.perf_counter() - begun) / count
    cut = replace(answer, **{name: value[:few] for name, value in vars(answer).items()})
    for _ in range(2):
        begun = time.perf_counter()
        theirs = week_states(cut, stimuli[:few], sessions, days, 27.0, TOLERANCE)
        reference = (time.perf_counter() - begun) / few
    return spent, reference, float(np.abs(ours[:few] - theirs).max())


def cohort(people: int) -> None:
    """Seconds, microseconds a person and peak memory of `run_cohort` in this process."""
    light = LightAtTarget(wavelength_nm=850.0, fluence_rate_mw_cm2=10.0, absorption_per_cm=0.29)
    regimen = CohortRegimen(name="three a week", minutes=30.0, sessions_per_week=3, weeks=4)
    spec = CohortSpec(target=CohortTarget(compartment="muscle", light=(light,)), regimens=(regimen,))
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run_cohort(spec, people, Path(folder))
        spent = time.perf_counter() - begun
        size = (Path(folder) / "people.parquet").stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"cohort {people:,} people: {spent:.0f} s, {1e6 * spent / people:.0f} us a person, ", end="")
    print(f"peak {peak:.2f} GiB, Parquet {size / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--reference", type=int, default=100)
    parser.add_argument("--cohort", type=int, help="people of a whole cohort, instead of the table")
    given = parser.parse_args()
    if given.cohort:
        cohort(given.cohort)
        return
    print(f"{'model':8} {'ours us':>9} {'libRoadRunner us':>17} {'ratio':>7} {'largest difference':>19}")
    for name, run in (("session", session), ("course", course)):
        ours, reference, apart = run(given.people, given.reference)
        print(f"{name:8} {1e6 * ours:9.1f} {1e6 * reference:17.0f} {reference / ours:7.1f} {apart:19.1e}", flush=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
