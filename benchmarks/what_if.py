"""What it costs to try out a plan: minutes, distance, setting, duty, skin, fat and place, beside a whole plan.

    python benchmarks/what_if.py                    # each example, one thread, processor time, the least of five
    python benchmarks/what_if.py two_panels         # one of them: an example, or the calves under two turned panels

Exit code 1 where minutes or a distance take more than 50 ms, or other tissues more than a second.
"""

from __future__ import annotations

import functools
import os
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from openpbm.case import SiteChoice, case_of, read_case
from openpbm.device.lamp_file import section_of
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.planning import Plan, make_plan, prepare_light, rescale
from openpbm.safety import Screening, screen

EXAMPLES = Path(__file__).parents[1] / "examples"
#: Where each lamp may stand: a pad and a probe on the skin and held off, a panel as people hold it.
DISTANCES_MM = (0.0, 100.0, 200.0, 400.0)
QUICK_S, TISSUES_S = 0.05, 1.0
Made = TypeVar("Made")


def timed(job: Callable[[], Made], times: int = 5) -> tuple[Made, float]:
    """What the job makes, and the least processor time it took [s]."""
    least = float("inf")
    for _ in range(times):
        begun = time.process_time()
        made = job()
        least = min(least, time.process_time() - begun)
    return made, least


def row(name: str, seconds: float, plan_s: float, bound_s: float) -> bool:
    kept = seconds <= bound_s
    missed = "" if kept else "  MISSED"
    print(f"  {name:<28}{1000.0 * seconds:8.1f} ms  {seconds / plan_s:8.2%} of a plan{missed}")
    return kept


def distances(plan: Plan, screening: Screening, plan_s: float) -> bool:
    """Distances with the light at hand; a panel is not asked to lie on the skin."""
    prepared = prepare_light(plan, screening, threads=1)
    kept = True
    for distance_mm in DISTANCES_MM:
        if distance_mm == 0.0 and not screening.case.device.contact:
            continue
        _, seconds = timed(lambda distance_mm=distance_mm: prepared.at(distance_mm=distance_mm))  # type: ignore[misc]
        kept &= row(f"distance, {distance_mm:g} mm", seconds, plan_s, QUICK_S)
    return kept


def settings(path: Path, plan_s: float) -> bool:
    """Another setting and another duty of the lamp, planned in one of its settings; a laser has no duty to choose."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    lamp = lamp_catalogue[content["device"]["id"]] if "emitters" not in content["device"] else None
    section = content["device"] if lamp is None else section_of(lamp)
    first_nm = section["emitters"][0]["wavelength_nm"]
    modes = [{"name": "one", "wavelengths_nm": [first_nm]}, {"name": "half", "output": 0.5}]
    content["device"] = section | {"modes": modes}
    content.setdefault("placement", {})["mode"] = "one"
    screening = screen(case_of(content, path.stem))
    if screening.exposure is None:
        return True
    plan = make_plan(screening, threads=1)
    prepared, light_s = timed(lambda: prepare_light(plan, screening, threads=1), times=1)
    kept = row("light of all settings", light_s, plan_s, TISSUES_S)
    for mode in ("half", ""):
        _, seconds = timed(lambda mode=mode: prepared.at(mode=mode))  # type: ignore[misc]
        kept &= row(f"setting, {mode or 'whole lamp'}", seconds, plan_s, QUICK_S)
    if not any("spot_diameter_mm" in emitters for emitters in section["emitters"]):
        _, seconds = timed(lambda: prepared.at(duty=0.3, minutes=11.0))
        kept &= row("duty and minutes", seconds, plan_s, QUICK_S)
    return kept


def example(path: Path) -> bool:
    screening = screen(read_case(path))
    return tried_out(path.stem, screening, functools.partial(settings, path))


def two_panels() -> bool:
    """The calves of the example, under one panel from each side; of several lamps none has a setting of its own."""
    content = tomllib.loads((EXAMPLES / "restless_legs.toml").read_text(encoding="utf-8"))
    device = content.pop("device")
    content.pop("placement")
    stands = [{"distance_mm": 400, "tilt_deg": tilt} for tilt in (30, -30)]
    content["lamps"] = [{"device": device, "placement": placement} for placement in stands]
    screening = screen(case_of(content, "two_panels"))

    def duty(plan_s: float) -> bool:
        prepared = prepare_light(make_plan(screening, threads=1), screening, threads=1)
        _, seconds = timed(lambda: prepared.at(duty=0.3, minutes=11.0))
        return row("duty and minutes", seconds, plan_s, QUICK_S)

    return tried_out("two_panels", screening, duty)


def tried_out(name: str, screening: Screening, of_lamp: Callable[[float], bool]) -> bool:
    """All that a clinician tries out on one plan. of_lamp : what the lamp itself has to choose from."""
    plan, plan_s = timed(lambda: make_plan(screening, threads=1), times=2)
    print(f"{name}: a whole plan in {plan_s:.2f} s of a processor")
    _, minutes_s = timed(lambda: rescale(plan, minutes=9.0))
    kept = row("minutes", minutes_s, plan_s, QUICK_S) & distances(plan, screening, plan_s) & of_lamp(plan_s)
    here = screening.case.sites[0].site
    other = next(site.id for site in sites if site.id != here)
    # The windows of a place that the plan does not have are computed once in a process: the first time is told apart.
    place = SiteChoice(site=other, side="left")
    _, first_s = timed(lambda: prepare_light(plan, screening, place=place, threads=1), times=1)
    kept &= row("place, the first time", first_s, plan_s, TISSUES_S)
    _, place_s = timed(lambda: prepare_light(plan, screening, place=place, threads=1), times=2)
    _, skin_s = timed(lambda: prepare_light(plan, screening, skin_type=5, threads=1), times=2)
    _, fat_s = timed(lambda: prepare_light(plan, screening, fat_mm=12.0, threads=1), times=2)
    for name, seconds in (("place, after that", place_s), ("skin type", skin_s), ("fat", fat_s)):
        kept &= row(name, seconds, plan_s, TISSUES_S)
    return kept


def main() -> int:
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        print("set OPENBLAS_NUM_THREADS=1: threads of the matrix library only cost time here")
    print(f"load average {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} processors")
    jobs = {path.stem: functools.partial(example, path) for path in sorted(EXAMPLES.glob("*.toml"))}
    jobs["two_panels"] = two_panels
    kept = [job() for name, job in jobs.items() if name in (sys.argv[1:] or jobs)]
    print("every bound is kept" if all(kept) else "A BOUND IS MISSED")
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
