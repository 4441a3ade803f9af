"""A scene in, a light field out, by discrete ordinates."""

from __future__ import annotations

import math

import numpy as np

from openpbm.transport.depth_bins import bin_edges
from openpbm.transport.light_field import DepthFluenceRate, Estimate, LayerAbsorption, LightField
from openpbm.transport.plane_light import DepthLight, depth_light
from openpbm.transport.plane_stacks import Incidence, Lobe, PlaneStacks
from openpbm.transport.scene import Scene, Source

__all__ = ["incident_light", "plane_stack", "simulate_by_discrete_ordinates"]

ACCURACY = 1e-3


def simulate_by_discrete_ordinates(scene: Scene) -> LightField:
    """Discrete ordinates on a sound scene whose light comes from above: each tally with an error estimate."""
    lower, upper = bin_edges(scene)
    light = depth_light(plane_stack(scene), incident_light(scene.source), lower, upper, accuracy=ACCURACY, threads=1)
    values, errors = light.values, light.errors

    def estimate(name: str) -> Estimate:
        return Estimate(value=_only(getattr(values, name)), error_estimate=_only(getattr(errors, name)))

    balance = {
        "specular": _only(values.specular),
        "diffuse_reflectance": _only(values.diffuse_reflectance),
        "transmittance": _only(values.transmittance),
        "absorbed": math.fsum(values.absorbed[0, 0]),
        "lost": _only(values.lost),
        "roulette_net": 0.0,
    }
    rows = zip(scene.depths_mm, upper - lower, values.fluence_rate[0, 0], errors.fluence_rate[0, 0], strict=True)
    return LightField(
        specular=balance["specular"],
        diffuse_reflectance=estimate("diffuse_reflectance"),
        transmittance=estimate("transmittance"),
        absorbed=tuple(
            LayerAbsorption(layer=layer.name, value=float(value), error_estimate=float(error))
            for layer, value, error in zip(scene.layers, values.absorbed[0, 0], errors.absorbed[0, 0], strict=True)
        ),
        fluence_rate=tuple(
            DepthFluenceRate(
                depth_mm=float(depth_mm), bin_mm=float(width), value=float(value), error_estimate=float(error)
            )
            for depth_mm, width, value, error in rows
        ),
        # Absorption is summed from fluence rates, what leaves from fluxes: that they make 1 is a check of the solution.
        energy_balance_error=abs(1.0 - math.fsum(balance.values())),
        energy_balance=balance,
        engine=_engine_name(light),
        photons=scene.photons,
        seed=scene.seed,
        photons_per_second=math.nan,
    )


def _only(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(values[0, 0])


def plane_stack(scene: Scene) -> PlaneStacks:
    """The layers of a scene as one stack."""
    layers = scene.layers
    return PlaneStacks.of(
        [math.inf if layer.thickness_mm is None else layer.thickness_mm for layer in layers],
        [layer.mu_a_per_mm for layer in layers],
        [layer.mu_s_per_mm for layer in layers],
        [layer.g for layer in layers],
        [layer.n for layer in layers],
        n_above=scene.n_above,
        n_below=scene.n_below,
    )


def incident_light(source: Source) -> Incidence | Lobe:
    """The light of a source above the stack."""
    match source.kind:
        case "lambertian":
            return Lobe()
        case "tabulated":
            return Incidence.of_cosines(source.cosines)
        case _:
            return Incidence.plane_wave(source.incidence_deg)


def _engine_name(light: DepthLight) -> str:
    """Name of this engine, with the order that was needed and whether it was enough."""
    from importlib.metadata import version

    reached = "" if light.converged.all() else f", not converged to {ACCURACY:g}"
    order = f"order {int(light.order[0])}{reached}"
    return f"openpbm-discrete-ordinates {version('openpbm')} (numpy {np.__version__}, {order})"
