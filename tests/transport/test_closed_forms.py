"""Closed forms: Beer-Lambert, conservation, symmetry, mean path, the diffuse tail."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from transport.conftest import Simulate

from openpbm.transport import Layer, Scene, Source


def refracted_cosine(incidence_deg: float, n: float) -> float:
    return math.sqrt(1 - (math.sin(math.radians(incidence_deg)) / n) ** 2)


@pytest.mark.parametrize("incidence_deg", [0.0, 40.0, 85.0])
def test_pure_absorber_at_incidence(slab: Callable[..., Scene], run: Simulate, incidence_deg: float) -> None:
    """Beer-Lambert along the refracted ray: T = exp(-mu_a d / cos), no variance where indices match."""
    source = Source(kind="uniform", incidence_deg=incidence_deg)
    field = run(slab(0.7, 0.0, 0.0, 1.3, photons=500, source=source, depths_mm=(0.5,), bin_mm=0.2))
    cosine = math.cos(math.radians(incidence_deg))
    assert field.transmittance.value == pytest.approx(math.exp(-0.7 * 1.3 / cosine), rel=1e-12)
    mean = cosine / 0.7 * (math.exp(-0.7 * 0.4 / cosine) - math.exp(-0.7 * 0.6 / cosine)) / 0.2 / cosine
    assert field.fluence_rate[0].value == pytest.approx(mean, rel=1e-12)


def test_absorbing_window_with_echoes(slab: Callable[..., Scene], run: Simulate) -> None:
    """Airy's sum over the echoes in an absorbing plate of n 1.5 at 50 degrees, polarisation averaged at each face."""
    n, depth, mu_a, incidence_deg = 1.5, 2.0, 0.3, 50.0
    beyond, cosine = refracted_cosine(incidence_deg, n), math.cos(math.radians(incidence_deg))
    across = (cosine - n * beyond) / (cosine + n * beyond)
    along = (beyond - n * cosine) / (beyond + n * cosine)
    r = (across**2 + along**2) / 2
    pass_once = math.exp(-mu_a * depth / beyond)
    transmittance = (1 - r) ** 2 * pass_once / (1 - (r * pass_once) ** 2)
    diffuse = (1 - r) ** 2 * r * pass_once**2 / (1 - (r * pass_once) ** 2)
    source = Source(kind="uniform", incidence_deg=incidence_deg)
    field = run(slab(mu_a, 0.0, 0.0, depth, n=n, photons=200_000, source=source))
    assert field.specular == pytest.approx(r, rel=1e-12)
    assert abs(field.transmittance.value - transmittance) < 4.5 * field.transmittance.standard_error
    assert abs(field.diffuse_reflectance.value - diffuse) < 4.5 * field.diffuse_reflectance.standard_error


def test_beer_lambert_in_a_half_space(slab: Callable[..., Scene], run: Simulate) -> None:
    """Fluence of a collimated beam in a clear absorber falls as exp(-mu_a z), to the last photon and depth."""
    depths = (0.0, 0.05, 1.0, 7.0)
    field = run(slab(0.4, 0.0, 0.0, None, photons=10, depths_mm=depths, bin_mm=0.1))
    for row in field.fluence_rate:
        low, high = max(0.0, row.depth_mm - 0.05), row.depth_mm + 0.05
        expected = (math.exp(-0.4 * low) - math.exp(-0.4 * high)) / 0.4 / (high - low)
        assert row.bin_mm == pytest.approx(high - low)
        assert row.value == pytest.approx(expected, rel=1e-9)
    assert field.absorbed[0].value == pytest.approx(1.0)


def test_without_absorption_all_comes_out(slab: Callable[..., Scene], run: Simulate) -> None:
    """Conservation: with mu_a 0 the specular, reflected and transmitted light add up to what was launched."""
    field = run(slab(0.0, 5.0, 0.8, 2.0, n=1.4, photons=20_000))
    assert field.absorbed[0].value == 0.0
    out = field.specular + field.diffuse_reflectance.value + field.transmittance.value
    assert out == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("mu_s_per_mm", "g"), [(0.2, 0.0), (3.0, 0.0), (10.0, 0.9)])
def test_mean_path_is_twice_the_thickness(
    slab: Callable[..., Scene], run: Simulate, mu_s_per_mm: float, g: float
) -> None:
    """Invariance of the mean path: Lambertian light on a matched clear slab has mean path 2 d, whatever scatters."""
    field = run(
        slab(0.0, mu_s_per_mm, g, 1.5, photons=60_000, source=Source(kind="lambertian"), depths_mm=(0.75,), bin_mm=1.5)
    )
    row = field.fluence_rate[0]
    assert abs(row.value * row.bin_mm - 2 * 1.5) < 4.5 * row.standard_error * row.bin_mm


def test_lambertian_through_a_matched_absorber(slab: Callable[..., Scene], run: Simulate) -> None:
    """T = 2 E3(mu_a d), the exponential integral, for Lambertian light on an absorber without interfaces."""
    from scipy.special import expn

    field = run(slab(0.8, 0.0, 0.0, 1.0, photons=100_000, source=Source(kind="lambertian")))
    passed = field.transmittance
    assert abs(passed.value - 2 * expn(3, 0.8)) < 4.5 * passed.standard_error


def test_lambertian_specular_is_the_hemispherical_reflectance(slab: Callable[..., Scene], run: Simulate) -> None:
    """Diffuse Fresnel reflectance of n 1.4 from outside, by quadrature of Fresnel over the cosine law."""
    u = (np.arange(200_000) + 0.5) / 200_000
    cosine = np.sqrt(u)
    beyond = np.sqrt(1 - (1 - u) / 1.4**2)
    across = (cosine - 1.4 * beyond) / (cosine + 1.4 * beyond)
    along = (beyond - 1.4 * cosine) / (beyond + 1.4 * cosine)
    expected = float(np.mean((across**2 + along**2) / 2))
    field = run(slab(1.0, 1.0, 0.0, 1.0, n=1.4, photons=400_000, source=Source(kind="lambertian")))
    assert field.specular == pytest.approx(expected, abs=6e-4)


def test_tabulated_cosines_are_lambertian_when_their_quantiles_are(slab: Callable[..., Scene], run: Simulate) -> None:
    """Quantiles of the cosine law give the Lambertian answer."""
    cosines = tuple(float(math.sqrt((k + 0.5) / 400)) for k in range(400))
    tabulated = run(slab(0.2, 2.0, 0.5, 1.0, photons=100_000, source=Source(kind="tabulated", cosines=cosines)))
    lambertian = run(slab(0.2, 2.0, 0.5, 1.0, photons=100_000, seed=7, source=Source(kind="lambertian")))
    a, b = tabulated.diffuse_reflectance, lambertian.diffuse_reflectance
    assert abs(a.value - b.value) < 4.5 * math.hypot(a.standard_error, b.standard_error)


def test_isotropic_source_in_the_middle_is_symmetric(slab: Callable[..., Scene], run: Simulate) -> None:
    """Symmetry: as much light leaves upwards as downwards, and none is specular."""
    field = run(slab(0.1, 4.0, 0.7, 2.0, n=1.4, photons=60_000, source=Source(kind="isotropic", depth_mm=1.0)))
    up, down = field.diffuse_reflectance, field.transmittance
    assert field.specular == 0.0
    assert abs(up.value - down.value) < 4.5 * math.hypot(up.standard_error, down.standard_error)


def test_isotropic_source_in_a_matched_absorber(slab: Callable[..., Scene], run: Simulate) -> None:
    """Half the light goes up and is attenuated as E2: R = E2(mu_a z) / 2."""
    from scipy.special import expn

    field = run(slab(0.5, 0.0, 0.0, 3.0, photons=100_000, source=Source(kind="isotropic", depth_mm=1.2)))
    up, down = field.diffuse_reflectance, field.transmittance
    assert abs(up.value - expn(2, 0.6) / 2) < 4.5 * up.standard_error
    assert abs(down.value - expn(2, 0.9) / 2) < 4.5 * down.standard_error


def test_split_layer_is_the_same_layer(slab: Callable[..., Scene], run: Simulate) -> None:
    """A layer cut in three is the same layer, and the parts' absorption adds up."""
    whole = run(slab(0.05, 6.0, 0.8, 3.0, n=1.4, photons=60_000, depths_mm=(1.0,)))
    parts = tuple(
        Layer(name=str(d), thickness_mm=d, mu_a_per_mm=0.05, mu_s_per_mm=6.0, g=0.8, n=1.4) for d in (0.3, 1.7, 1.0)
    )
    cut = run(Scene(layers=parts, source=Source(kind="pencil"), photons=60_000, seed=5, depths_mm=(1.0,)))
    pairs: list[tuple[Any, Any]] = [
        (whole.diffuse_reflectance, cut.diffuse_reflectance),
        (whole.transmittance, cut.transmittance),
        (whole.fluence_rate[0], cut.fluence_rate[0]),
    ]
    for one, other in pairs:
        assert abs(one.value - other.value) < 4.5 * math.hypot(one.standard_error, other.standard_error)
    assert abs(sum(row.value for row in cut.absorbed) - whole.absorbed[0].value) < 6 * whole.absorbed[0].standard_error


def test_fluence_times_absorption_is_what_was_absorbed(slab: Callable[..., Scene], run: Simulate) -> None:
    """Absorbed = mu_a times the integral of the fluence rate, in the same run to rounding."""
    depths = tuple(0.05 + 0.1 * k for k in range(20))
    field = run(slab(0.3, 8.0, 0.9, 2.0, n=1.4, photons=3_000, depths_mm=depths, bin_mm=0.1))
    integral = sum(row.value * row.bin_mm for row in field.fluence_rate)
    assert 0.3 * integral == pytest.approx(field.absorbed[0].value, rel=1e-9)


def test_deep_tail_is_diffuse(slab: Callable[..., Scene], run: Simulate) -> None:
    """Far inside a weak absorber the fluence falls as exp(-sqrt(3 mu_a (mu_a + mu_s (1 - g))) z), within 3 %."""
    mu_a, mu_s, g = 0.01, 10.0, 0.9
    rate = math.sqrt(3 * mu_a * (mu_a + mu_s * (1 - g)))
    field = run(slab(mu_a, mu_s, g, None, n=1.4, photons=60_000, depths_mm=(4.0, 12.0), bin_mm=1.0))
    near, far = field.fluence_rate
    assert math.log(near.value / far.value) / 8.0 == pytest.approx(rate, rel=0.03)


def test_mirror_of_the_stack(skin: Callable[..., Scene], run: Simulate) -> None:
    """A total reflection traps light: an isotropic source between clear glass faces keeps its books all the same."""
    layer = Layer(name="glass", thickness_mm=1.0, mu_a_per_mm=0.01, mu_s_per_mm=0.0, g=0.0, n=1.5)
    field = run(Scene(layers=(layer,), source=Source(kind="isotropic", depth_mm=0.5), photons=2_000))
    assert field.energy_balance_error < 1e-9
    # Beyond the critical angle, cos > sqrt(1 - 1/n^2) no more, light never leaves: that fraction is absorbed.
    assert field.absorbed[0].value > math.sqrt(1 - 1 / 1.5**2) * 0.9
