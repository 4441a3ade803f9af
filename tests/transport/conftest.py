"""A slab in air and the four-layer skin of the benchmarks, for the transport tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from openpbm.transport import Layer, LightField, Scene, Source, simulate

Simulate = Callable[..., LightField]


@pytest.fixture(scope="session")
def slab() -> Callable[..., Scene]:
    """Build a scene of one layer: slab(mu_a, mu_s, g, thickness, n=..., photons=..., source=...)."""

    def build(
        mu_a_per_mm: float,
        mu_s_per_mm: float,
        g: float,
        thickness_mm: float | None,
        *,
        n: float = 1.0,
        photons: int = 10_000,
        source: Source | None = None,
        **more: Any,
    ) -> Scene:
        layer = Layer(
            name="slab", thickness_mm=thickness_mm, mu_a_per_mm=mu_a_per_mm, mu_s_per_mm=mu_s_per_mm, g=g, n=n
        )
        return Scene(layers=(layer,), source=source or Source(kind="pencil"), photons=photons, **more)

    return build


@pytest.fixture(scope="session")
def skin() -> Callable[..., Scene]:
    """Build the four-layer skin of the benchmarks (illustrative numbers, not tissue data)."""

    def build(photons: int, **more: Any) -> Scene:
        rows = [("a", 0.2, 0.30, 20.0), ("b", 1.8, 0.02, 15.0), ("c", 4.0, 0.005, 12.0), ("d", 14.0, 0.03, 8.0)]
        layers = tuple(
            Layer(name=name, thickness_mm=thickness, mu_a_per_mm=mu_a, mu_s_per_mm=mu_s, g=0.9, n=1.4)
            for name, thickness, mu_a, mu_s in rows
        )
        more = {"source": Source(kind="pencil"), **more}
        return Scene(layers=layers, photons=photons, **more)

    return build


@pytest.fixture(scope="session")
def run() -> Simulate:
    """Monte Carlo, the truth that everything else is held to."""
    return partial(simulate, method="monte_carlo")
