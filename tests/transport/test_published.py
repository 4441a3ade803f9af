"""Published numbers: the matched slab of van de Hulst and the half space of Giovanelli."""

from __future__ import annotations

from collections.abc import Callable

from transport.conftest import Simulate

from openpbm.transport import Scene


def test_matched_slab_of_van_de_hulst(slab: Callable[..., Scene], run: Simulate) -> None:
    """R 0.09739 and T 0.66096 (n 1, mu_a 10/cm, mu_s 90/cm, g 0.75, 0.02 cm); adding-doubling gives the same digits."""
    field = run(slab(1.0, 9.0, 0.75, 0.2, photons=11_000_000, seed=1))
    reflected, passed = field.diffuse_reflectance, field.transmittance
    assert reflected.standard_error < 1e-4
    assert passed.standard_error < 1e-4
    assert abs(reflected.value - 0.09739) < 4 * reflected.standard_error
    assert abs(passed.value - 0.66096) < 4 * passed.standard_error
    assert field.specular == 0.0


def test_half_space_of_giovanelli(slab: Callable[..., Scene], run: Simulate) -> None:
    """Total reflectance 0.2599 (n 1.5, mu_a 10/cm, mu_s 90/cm, isotropic), specular 4 % included."""
    field = run(slab(1.0, 9.0, 0.0, None, n=1.5, photons=8_000_000, seed=1))
    assert abs(field.specular - 0.04) < 1e-12
    assert abs(field.specular + field.diffuse_reflectance.value - 0.2599) < 2e-4
    assert field.transmittance.value == 0.0
