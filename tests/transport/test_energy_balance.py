"""Conservation of energy in every run, and standard errors that cover the truth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from transport.conftest import Simulate

from openpbm.transport import Layer, Scene, Source

SOURCES = [
    Source(kind="pencil"),
    Source(kind="uniform", incidence_deg=70.0),
    Source(kind="lambertian"),
    Source(kind="isotropic", depth_mm=2.0),
    Source(kind="tabulated", cosines=(0.1, 0.5, 0.9)),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.kind)
@pytest.mark.parametrize("photons", [2, 3, 1000])
def test_books_close(skin: Callable[..., Scene], run: Simulate, source: Source, photons: int) -> None:
    """|1 - all fates| below 1e-9 at any number of photons."""
    field = run(skin(photons, source=source, n_below=1.5))
    assert field.energy_balance_error < 1e-9
    assert math.fsum(field.energy_balance.values()) == pytest.approx(1.0, abs=1e-9)
    assert field.energy_balance["absorbed"] == pytest.approx(sum(row.value for row in field.absorbed), abs=1e-12)
    assert field.energy_balance["roulette_net"] == pytest.approx(0.0, abs=0.3 / math.sqrt(photons))


def test_total_reflection_from_outside(slab: Callable[..., Scene], run: Simulate) -> None:
    """From glass into air beyond the critical angle all light is specular, none enters."""
    source = Source(kind="uniform", incidence_deg=60.0)
    field = run(slab(0.1, 1.0, 0.0, 1.0, n=1.0, n_above=1.5, source=source, photons=100))
    assert field.specular == 1.0
    assert field.absorbed[0].value == 0.0
    assert field.energy_balance_error == 0.0


def test_light_without_end_is_counted_as_lost(slab: Callable[..., Scene], run: Simulate) -> None:
    """A clear endless scatterer returns light only slowly: the step cap books the rest as lost, nothing vanishes."""
    field = run(slab(0.0, 1.0, 0.0, None, photons=40))
    assert field.energy_balance["lost"] >= 0.0
    assert field.energy_balance_error < 1e-9


def test_trapped_light_is_counted_as_lost(run: Simulate) -> None:
    """In a clear plate the light beyond the critical angle never leaves: cos of that angle is the fraction lost."""
    layer = Layer(name="plate", thickness_mm=1.0, mu_a_per_mm=0.0, mu_s_per_mm=0.0, g=0.0, n=1.5)
    field = run(Scene(layers=(layer,), source=Source(kind="isotropic", depth_mm=0.5), photons=60, seed=3))
    expected = math.sqrt(1 - 1 / 1.5**2)
    assert abs(field.energy_balance["lost"] - expected) < 4.5 * math.sqrt(expected * (1 - expected) / 60)
    assert field.energy_balance_error < 1e-9


def test_standard_error_covers_the_spread_of_repeats(slab: Callable[..., Scene], run: Simulate) -> None:
    """The mean reported standard error is the spread of 60 repeats, for escape, absorption and fluence."""
    fields = [run(slab(0.1, 5.0, 0.8, 1.0, n=1.4, photons=1500, seed=seed, depths_mm=(0.5,))) for seed in range(60)]
    tallies: list[list[Any]] = [
        [field.diffuse_reflectance for field in fields],
        [field.transmittance for field in fields],
        [field.absorbed[0] for field in fields],
        [field.fluence_rate[0] for field in fields],
    ]
    for rows in tallies:
        spread = np.std([row.value for row in rows], ddof=1)
        reported = np.sqrt(np.mean([row.standard_error**2 for row in rows]))
        assert 0.7 < spread / reported < 1.35  # the spread of 60 is itself known to 9 %


def test_light_caught_between_mirrors_is_given_up_and_booked(run: Simulate) -> None:
    """Opened when a source in a clear layer of higher index than both neighbours never ended: the books still close."""
    clear = Layer(name="clear", thickness_mm=1.0, mu_a_per_mm=0.0, mu_s_per_mm=0.0, g=0.0, n=1.5)
    scene = Scene(layers=(clear,), source=Source(kind="isotropic", depth_mm=0.5), photons=200, seed=1)
    field = run(scene)
    # Caught is what meets both faces beyond the critical angle: cos of it is sqrt(1 - 1/n^2) = 0.745 of all directions.
    assert field.energy_balance["lost"] == pytest.approx(math.sqrt(1.0 - 1.0 / 1.5**2), abs=0.1)
    assert field.energy_balance_error < 1e-9
