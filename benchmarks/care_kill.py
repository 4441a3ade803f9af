"""kill -9 of web server and worker under writers, on each database: how much was confirmed, and was any of it lost?

    python benchmarks/care_kill.py [--seconds 60] [--kills 8] [--writers 12] [--only sqlite|postgresql] [--json FILE]

Every writer sends a diary entry with an id of its own and repeats it under that id until a 2xx was read in full. After
the run every confirmed entry must be stored once and stand in the audit once; sent again it gives 200, changed 409; the
database's own check and `openpbm audit verify` must be clean. Exit status 1 when anything of that does not hold.
A power cut is not tested: killed processes leave the operating system's buffers whole.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from care.kill_loop import kill_run
from care.services import postgres_server, served


def run_on(engine: str, seconds: float, kills: int, writers: int) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="openpbm-kill-") as room,
        postgres_server() if engine == "postgresql" else nullcontext(None) as url,
        served(Path(room) / "data", url) as site,
    ):
        outcome = kill_run(site, duration_s=seconds, kills=kills, writers=writers)
    return {"engine": engine, "faults": outcome.faults(), **asdict(outcome)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--writers", type=int, default=12)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    engines = [asked.only] if asked.only else ["sqlite", "postgresql"]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    results = [run_on(engine, asked.seconds, asked.kills, asked.writers) for engine in engines]
    for found in results:
        audit = "holds" if found["audit"]["ok"] else found["audit"]["faults"][:3]
        print(
            f"{found['engine']}: {len(found['kills'])} kills in {found['duration_s']} s, {found['confirmed']} confirmed"
            f" ({found['sent_again']} after sending again, the slowest after {found['slowest_s']} s)"
        )
        print(
            f"  {found['lost']} lost, {found['doubled']} doubled;"
            f" sent again {found['resent']}, changed {found['changed']}; integrity {found['integrity']}, audit {audit}"
        )
        for fault in found["faults"]:
            print(f"  NOT AS IT MUST BE: {fault}")
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 1 if any(found["faults"] for found in results) else 0


if __name__ == "__main__":
    sys.exit(main())
