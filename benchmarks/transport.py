"""Photons per second on a four-layer skin: one thread, all threads, rings, and the same history as plain Python.

Run as `python benchmarks/transport.py`. The optical numbers are illustrative, not tissue data.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from openpbm.transport import Layer, Scene, Source, green, run_cpu, simulate

ROWS = [("a", 0.2, 0.30, 20.0), ("b", 1.8, 0.02, 15.0), ("c", 4.0, 0.005, 12.0), ("d", 14.0, 0.03, 8.0)]
PHOTONS, REPEATS = 40_000, 5


def skin(photons: int, depths_mm: tuple[float, ...] = ()) -> Scene:
    layers = tuple(
        Layer(name=name, thickness_mm=thickness, mu_a_per_mm=mu_a, mu_s_per_mm=mu_s, g=0.9, n=1.4)
        for name, thickness, mu_a, mu_s in ROWS
    )
    return Scene(layers=layers, source=Source(kind="pencil"), photons=photons, depths_mm=depths_mm, bin_mm=0.2)


def interpreted(photons: int) -> float:
    """The same sources with the compiler switched off, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, "--plain", str(photons)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)


def rings_per_second(threads: int) -> float:
    begun = time.perf_counter()
    green(skin(PHOTONS), np.linspace(0.0, 20.0, 101), np.linspace(0.0, 20.0, 101), threads=threads)
    return PHOTONS / (time.perf_counter() - begun)


def line(name: str, measure: Callable[[], float]) -> None:
    rates = sorted(measure() for _ in range(REPEATS))
    print(f"{name:<44}{rates[0]:>12,.0f}{rates[len(rates) // 2]:>12,.0f}{rates[-1]:>12,.0f}")


def main() -> None:
    every = len(os.sched_getaffinity(0))
    fine = tuple(0.1 + 0.2 * k for k in range(100))
    rings_per_second(1)
    print(f"{run_cpu.engine_name()}, {every} threads at most")
    print(f"{'photons per second':<44}{'least':>12}{'median':>12}{'most':>12}")
    line("baseline: plain Python", lambda: interpreted(20))
    for threads in sorted({1, every}):
        line(f"simulate, {threads} threads", lambda t=threads: simulate(skin(PHOTONS), threads=t).photons_per_second)
        line(
            f"simulate with 100 depths, {threads} threads",
            lambda t=threads: simulate(skin(PHOTONS, fine), threads=t).photons_per_second,
        )
        line(f"green, 100 x 100 cells, {threads} threads", lambda t=threads: rings_per_second(t))


if __name__ == "__main__":
    if "--plain" in sys.argv:
        print(simulate(skin(int(sys.argv[-1])), threads=1).photons_per_second)
    else:
        main()
