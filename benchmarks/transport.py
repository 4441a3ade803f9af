"""Photons per second on a four-layer skin: one thread, all threads, rings, and the same sources as plain Python.

Run as `python benchmarks/transport.py`. The optical numbers are illustrative, not tissue data. Rates are given by the
clock and by processor time: on a shared machine only the second says something about the code.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from openpbm.transport import Layer, Scene, Source, green_function, run_cpu, simulate

ROWS = [("a", 0.2, 0.30, 20.0), ("b", 1.8, 0.02, 15.0), ("c", 4.0, 0.005, 12.0), ("d", 14.0, 0.03, 8.0)]
PHOTONS, PLAIN_PHOTONS, REPEATS = 40_000, 20, 5


def skin(photons: int, depths_mm: tuple[float, ...] = ()) -> Scene:
    layers = tuple(
        Layer(name=name, thickness_mm=thickness, mu_a_per_mm=mu_a, mu_s_per_mm=mu_s, g=0.9, n=1.4)
        for name, thickness, mu_a, mu_s in ROWS
    )
    return Scene(layers=layers, source=Source(kind="pencil"), photons=photons, depths_mm=depths_mm, bin_mm=0.2)


def rings(threads: int) -> None:
    edges = np.linspace(0.0, 20.0, 101)
    green_function(skin(PHOTONS), edges, edges, threads=threads)


def line(name: str, job: Callable[[], object], photons: int = PHOTONS) -> None:
    job()  # compiled, or loaded, before the clock starts
    clock, processor = [], []
    for _ in range(REPEATS):
        begun, begun_processor = time.perf_counter(), time.process_time()
        job()
        clock.append(photons / (time.perf_counter() - begun))
        processor.append(photons / (time.process_time() - begun_processor))
    print(f"{name:<36}{min(clock):>10,.0f}{np.median(clock):>10,.0f}{max(clock):>10,.0f}{max(processor):>14,.0f}")


def main() -> None:
    every = len(os.sched_getaffinity(0))
    fine = tuple(0.1 + 0.2 * k for k in range(100))
    print(f"{run_cpu.engine_name()}, {every} processors")
    print(f"{'photons per second':<36}{'least':>10}{'median':>10}{'most':>10}{'most/cpu s':>14}")
    for threads in sorted({1, every}):
        line(f"simulate, threads {threads}", lambda t=threads: simulate(skin(PHOTONS), method="monte_carlo", threads=t))
        line(
            f"simulate, 100 depths, threads {threads}",
            lambda t=threads: simulate(skin(PHOTONS, fine), method="monte_carlo", threads=t),
        )
        line(f"green, 100 x 100 cells, threads {threads}", lambda t=threads: rings(t))
    sys.stdout.flush()
    subprocess.run(
        [sys.executable, "-W", "ignore", __file__, "--plain"], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, check=True
    )


if __name__ == "__main__":
    if "--plain" in sys.argv:
        line(
            "baseline: plain Python",
            lambda: simulate(skin(PLAIN_PHOTONS), method="monte_carlo", threads=1),
            PLAIN_PHOTONS,
        )
    else:
        main()
