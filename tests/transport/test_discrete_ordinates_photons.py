"""Discrete ordinates against Monte Carlo on 200 random stacks; benchmarks/validation.py followed the photons once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from openpbm.transport import Layer, LightField, Scene, Source, simulate
from openpbm.transport.discrete_ordinates import DepthBins, discrete_ordinates
from openpbm.transport.plane_field import incident_light, plane_stack
from openpbm.transport.plane_light import depth_light

KEPT = Path(__file__).with_name("photon_stacks.jsonl")
Compared = tuple[Scene, LightField, dict[str, Any]]


def scene_of(content: dict[str, Any]) -> Scene:
    """A kept scene as it was simulated."""
    source = Source(**{**content["source"], "cosines": ()})
    layers = tuple(Layer(**layer) for layer in content["layers"])
    return Scene(**{**content, "layers": layers, "source": source, "depths_mm": tuple(content["depths_mm"])})


@pytest.fixture(scope="module")
def compared() -> list[Compared]:
    """Scene, discrete ordinates, photons: all 200."""
    rows = [json.loads(line) for line in KEPT.read_text().splitlines()]
    scenes = [scene_of(row["scene"]) for row in rows]
    return [(scene, simulate(scene), row["photons"]) for scene, row in zip(scenes, rows, strict=True)]


def depths(compared: list[Compared]) -> Iterator[NDArray[np.float64]]:
    """Value, error estimate, photons, their error, at every depth where the photons' error is below 1 %."""
    for _, field, photons in compared:
        for ours, (mean, error) in zip(field.fluence_rate, photons["fluence_rate"], strict=True):
            if 0 < error < 0.01 * mean:
                yield np.array([ours.value, ours.error_estimate, mean, error])


def test_fluence_rates_are_those_of_photons(compared: list[Compared]) -> None:
    """z-scores are those of honest errors; differences within 0.5 % + 3 standard errors at 99.5 %, + 5 at all."""
    value, estimate, mean, error = np.stack(list(depths(compared)), axis=1)
    assert len(value) > 1500
    z = (value - mean) / np.hypot(error, estimate)
    assert abs(z.mean()) <= 0.1
    assert 0.8 <= z.std() <= 1.15
    difference = np.abs(value - mean)
    assert np.mean(difference <= 0.005 * mean + 3 * error) >= 0.995
    assert (difference <= 0.005 * mean + 5 * error).all()


def test_totals_are_those_of_photons(compared: list[Compared]) -> None:
    """Reflectance, and each layer's absorption, within their errors; specular by Fresnel."""
    z = []
    for _, field, photons in compared:
        assert field.specular == pytest.approx(photons["specular"], abs=2e-3)
        assert field.energy_balance_error < 1e-9
        rows = [(field.diffuse_reflectance, photons["reflectance"])]
        rows += zip(field.absorbed, photons["absorbed"], strict=True)
        z += [(o.value - mean) / np.hypot(error, o.error_estimate) for o, (mean, error) in rows if error > 1e-5]
    assert abs(np.mean(z)) < 0.15
    assert 0.8 < np.std(z) < 1.15
    assert np.abs(z).max() < 5


def test_error_estimate_covers_the_truth(compared: list[Compared]) -> None:
    """At a coarse accuracy, against a much higher order, at 95 % of the depths and more."""
    inside = []
    for scene, _, _ in compared[::4]:
        stack, light = plane_stack(scene), incident_light(scene.source)
        points = np.array([scene.depths_mm])
        found = depth_light(stack, light, points, accuracy=1e-2)
        truth = discrete_ordinates(stack, light, DepthBins(points, points), 30).fluence_rate
        inside.append(np.abs(found.values.fluence_rate - truth) <= found.errors.fluence_rate + 1e-9)
    assert np.mean(inside) >= 0.95
