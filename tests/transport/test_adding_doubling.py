"""Reflectance and transmittance of 30 random slabs against adding-doubling (iadpython, 24 quadrature points)."""

from __future__ import annotations

from collections.abc import Callable

import iadpython
import numpy as np
from transport.conftest import Simulate

from openpbm.transport import Scene


def test_random_slabs(slab: Callable[..., Scene], run: Simulate) -> None:
    """z-scores of R and T, apart, are those of honest standard errors. R includes the specular part."""
    random = np.random.default_rng(20240229)
    z_reflected, z_passed = [], []
    for seed in range(30):
        albedo, optical_thickness = random.uniform(0.5, 0.999), random.uniform(0.3, 8.0)
        g, n = random.uniform(-0.3, 0.9), random.choice([1.0, random.uniform(1.2, 1.6)])
        thickness_mm = random.uniform(0.1, 5.0)
        mu_t = optical_thickness / thickness_mm
        sample = iadpython.Sample(a=albedo, b=optical_thickness, g=g, n=n, quad_pts=24)
        reflectance, transmittance, _, _ = sample.rt()
        field = run(slab((1 - albedo) * mu_t, albedo * mu_t, g, thickness_mm, n=float(n), photons=100_000, seed=seed))
        reflected, passed = field.diffuse_reflectance, field.transmittance
        z_reflected.append((field.specular + reflected.value - reflectance) / reflected.standard_error)
        z_passed.append((passed.value - transmittance) / passed.standard_error)
    for z in (np.array(z_reflected), np.array(z_passed)):
        assert abs(z.mean()) < 0.6
        assert 0.60 < z.std(ddof=1) < 1.44
        assert np.abs(z).max() < 4.5
