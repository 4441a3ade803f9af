"""Ten thousand random people under random lamps at random places: does a plan that is released break a limit?

    python benchmarks/released_plans.py [--cases 10000] [--processes 2] [--first 0]

What must hold, recomputed apart from the program, is `tests/independent_limits.py`; the suite takes twelve cases.
Prints a line for each share of the cases. Exit status 1 where a limit is broken, with the case.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEST = "tests/planning/test_released_plans.py"
AT_ONCE = 500


def share(first: int, cases: int) -> bool:
    """Whether no plan among these cases breaks a limit."""
    command = [sys.executable, "-m", "pytest", TEST, "-q", "-s", "-p", "no:cacheprovider", "-k", "no_released_plan"]
    asked = {"OPENPBM_RELEASED_PLANS": str(cases), "OPENPBM_RELEASED_FIRST": str(first), "OPENBLAS_NUM_THREADS": "1"}
    began = time.perf_counter()
    ran = subprocess.run(command, cwd=ROOT, env=os.environ | asked, capture_output=True, text=True, check=False)
    said = " ".join(line for line in ran.stdout.splitlines() if "violations" in line or "refused for" in line)
    print(f"{said} ({time.perf_counter() - began:.0f} s)", flush=True)
    if ran.returncode:
        print(ran.stdout[-6000:], flush=True)
    return ran.returncode == 0 and bool(said)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    starts = range(given.first, given.first + given.cases, AT_ONCE)
    with ThreadPoolExecutor(given.processes) as pool:
        held = list(pool.map(lambda first: share(first, min(AT_ONCE, given.first + given.cases - first)), starts))
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
