"""Ten thousand random steps of somebody who tries everything with their sessions, on each database: does anything give?

    python benchmarks/session_invariants.py [--steps 10000] [--only sqlite|postgresql]

The steps and what must hold after each of them are those of `tests/care/sessions/session_machine.py`, of which the
suite takes 300. Exit status 1 where something did not hold; the shortest way there is printed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEST = "tests/care/sessions/test_care_session_machine.py"


def run_on(engine: str, steps: int) -> bool:
    """Whether everything held on that database."""
    command = [sys.executable, "-m", "pytest", TEST, "-q", "-s", "-p", "no:logging"]
    if engine == "postgresql":
        command = [str(ROOT / "scripts" / "with-postgres"), *command]
    began = time.perf_counter()
    asked = os.environ | {"OPENPBM_SESSION_STEPS": str(steps)}
    ran = subprocess.run(command, cwd=ROOT, env=asked, capture_output=True, text=True, check=False)
    said = [line for line in ran.stdout.splitlines() if "sessions begun" in line]
    held = ran.returncode == 0 and bool(said)
    print(f"{engine}: {'held' * held or 'BROKEN'} in {time.perf_counter() - began:.0f} s; {' '.join(said)}")
    if not held:
        print(ran.stdout[-8000:])
    return held


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    engines = (given.only,) if given.only else ("sqlite", "postgresql")
    return int(not all([run_on(engine, given.steps) for engine in engines]))


if __name__ == "__main__":
    sys.exit(main())
