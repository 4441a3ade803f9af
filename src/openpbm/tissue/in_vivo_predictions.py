"""What each possible tissue would have shown in a measurement made on people, animals or meat."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.living_tissue import InVivoMeasurement, SampledTissue
from openpbm.tissue.chromophores import (
    haemoglobin_absorption_per_mm,
    lipid_absorption_per_mm,
    water_absorption_per_mm,
)
from openpbm.tissue.diffuse_light import (
    depth_of_transmission_mm,
    homogeneous_fit,
    layered_reflectance,
    path_length_mm,
)
from openpbm.tissue.optics import LayerOptics, TissueMakeup, layer_optics, makeup_of

__all__ = ["predict"]

Floats = NDArray[np.float64]

#: Modulation of the instruments, and the index they take for all tissue.
_PHASE_HZ, _FIT_HZ, _FIT_INDEX = 2e8, 1e8, 1.4
_FIT_WAVELENGTHS_NM = (690.0, 785.0, 808.0, 830.0)
# A fit of haemoglobin takes the rest as known: about this, halfway between muscle and fat.
_FIT_WATER, _FIT_LIPID = 0.6, 0.15
#: Share of the haem of living muscle that stays in meat: blood drains, myoglobin does not.
_DRAINED = 0.5
_THICKNESS_SD = 0.1
_AT_ONCE = 1000


def predict(
    measurement: InVivoMeasurement,
    sample: SampledTissue,
    *,
    without: Collection[str] = (),
    anatomy_varies: bool = True,
) -> Floats:
    """What each sampled tissue would have shown in that measurement, (tissue,), in its unit.

    without : sources of the priors that are left out
    anatomy_varies : the fat over the muscle, or its thickness, differs between people; False gives everybody the middle
    """
    makeup = makeup_of(sample, measurement.site, without=without)
    return _PREDICTIONS[measurement.quantity](measurement, makeup, anatomy_varies)


def _path_length_factor(measurement: InVivoMeasurement, makeup: TissueMakeup, anatomy_varies: bool) -> Floats:
    assert measurement.wavelength_nm is not None
    assert measurement.distance_mm is not None
    stack = _stack(measurement, makeup, anatomy_varies)
    light = _seen(measurement, makeup, stack, (measurement.wavelength_nm,), _PHASE_HZ)[0]
    path_mm = path_length_mm(light, modulation_hz=_PHASE_HZ, n=_FIT_INDEX)
    return np.asarray(path_mm / measurement.distance_mm)


def _seen(
    measurement: InVivoMeasurement,
    makeup: TissueMakeup,
    thickness_mm: Floats,
    wavelengths_nm: Sequence[float],
    modulation_hz: float,
) -> list[NDArray[np.complex128]]:
    """Reflectance at the measurement's distance at each wavelength, over skin, fat and endless muscle."""
    assert measurement.distance_mm is not None
    optics = _optics(("dermis", "subcutis", "muscle"), thickness_mm, makeup, wavelengths_nm)
    distance_mm, count = measurement.distance_mm, len(optics.thickness_mm)

    def part(number: int, rows: slice) -> NDArray[np.complex128]:
        return layered_reflectance(
            distance_mm,
            thickness_mm=optics.thickness_mm[rows],
            mu_a_per_mm=optics.mu_a_per_mm[rows, :, number],
            mu_s_prime_per_mm=optics.mu_s_prime_per_mm[rows, :, number],
            n=optics.n[0, :, number],
            modulation_hz=modulation_hz,
        )

    # In parts, for each tissue needs some hundred complex modes at a time.
    parts = [slice(first, first + _AT_ONCE) for first in range(0, count, _AT_ONCE)]
    return [np.concatenate([part(number, rows) for rows in parts]) for number in range(len(wavelengths_nm))]


def _stack(measurement: InVivoMeasurement, makeup: TissueMakeup, anatomy_varies: bool) -> Floats:
    """Skin and fat over the measured muscle; how thick the fat is has nothing to do with what it is made of."""
    assert measurement.skin_mm is not None
    assert measurement.fat_mm is not None
    assert measurement.fat_sd is not None
    count = len(makeup.temperature_c)
    fat_mm = measurement.fat_mm * np.exp(measurement.fat_sd * anatomy_varies * _even_scores(count))
    return np.stack([np.full(count, measurement.skin_mm), fat_mm, np.full(count, math.inf)], axis=1)


def _even_scores(count: int) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri((np.arange(1, count + 1) * math.sqrt(2.0)) % 1.0))


def _homogeneous(measurement: InVivoMeasurement, makeup: TissueMakeup, anatomy_varies: bool) -> tuple[Floats, Floats]:
    """Oxygenated and reduced haemoglobin [uM] as an instrument finds them that takes the leg for homogeneous muscle."""
    assert measurement.distance_mm is not None
    stack = _stack(measurement, makeup, anatomy_varies)
    absorption = np.stack(
        [
            homogeneous_fit(light, measurement.distance_mm, n=_FIT_INDEX, modulation_hz=_FIT_HZ)[0]
            for light in _seen(measurement, makeup, stack, _FIT_WAVELENGTHS_NM, _FIT_HZ)
        ],
        axis=1,
    )
    wavelengths = np.array(_FIT_WAVELENGTHS_NM)
    known = _FIT_WATER * water_absorption_per_mm(wavelengths, temperature_c=37.0, share=0.0)
    known = known + _FIT_LIPID * lipid_absorption_per_mm(wavelengths)
    unit = haemoglobin_absorption_per_mm(wavelengths, haem_um=[1.0, 1.0], saturation=[1.0, 0.0], share=0.5)
    found, *_ = np.linalg.lstsq(unit.T, (absorption - known).T, rcond=None)
    return found[0], found[1]


def _homogeneous_haem(measurement: InVivoMeasurement, makeup: TissueMakeup, anatomy_varies: bool) -> Floats:
    oxygenated, reduced = _homogeneous(measurement, makeup, anatomy_varies)
    return np.asarray(np.maximum(oxygenated + reduced, 1.0))


def _homogeneous_saturation(measurement: InVivoMeasurement, makeup: TissueMakeup, anatomy_varies: bool) -> Floats:
    oxygenated, reduced = _homogeneous(measurement, makeup, anatomy_varies)
    return np.asarray(np.clip(oxygenated / np.maximum(oxygenated + reduced, 1.0), 0.05, 1.0))


def _reduced_scattering(measurement: InVivoMeasurement, makeup: TissueMakeup, _: bool) -> Floats:
    return _alone(measurement, makeup).mu_s_prime_per_mm[:, 0, 0]


def _muscle_transmission_ratio(measurement: InVivoMeasurement, makeup: TissueMakeup, anatomy_varies: bool) -> Floats:
    """Light under skin and muscle over light under skin alone: deep in one layer it falls as diffusion has it."""
    assert measurement.distance_mm is not None
    optics = _alone(measurement, makeup)
    thickness_mm = measurement.distance_mm * np.exp(
        _THICKNESS_SD * anatomy_varies * _even_scores(len(makeup.temperature_c))
    )
    return np.asarray(np.exp(-optics.mu_eff_per_mm[:, 0, 0] * thickness_mm))


def _depth_of_a_thousandth_mm(measurement: InVivoMeasurement, makeup: TissueMakeup, _: bool) -> Floats:
    drained = dict(makeup.values)
    drained["muscle", "haem_um"] = _DRAINED * drained["muscle", "haem_um"]
    optics = _alone(measurement, dataclasses.replace(makeup, values=drained))
    return depth_of_transmission_mm(
        1e-3,
        mu_a_per_mm=optics.mu_a_per_mm[:, 0, 0],
        mu_s_prime_per_mm=optics.mu_s_prime_per_mm[:, 0, 0],
        n=float(optics.n[0, 0, 0]),
    )


def _alone(measurement: InVivoMeasurement, makeup: TissueMakeup) -> LayerOptics:
    """The tissue of a measurement at its wavelength, one endless layer."""
    assert measurement.wavelength_nm is not None
    endless = np.full((len(makeup.temperature_c), 1), math.inf)
    return _optics((measurement.tissue,), endless, makeup, (measurement.wavelength_nm,))


def _optics(
    layers: tuple[str, ...], thickness_mm: Floats, makeup: TissueMakeup, wavelengths_nm: Sequence[float]
) -> LayerOptics:
    # Melanin is no part of these measurements: two passes through it weaken all light alike.
    return layer_optics(layers, thickness_mm, np.zeros(len(thickness_mm)), makeup, wavelengths_nm)


_PREDICTIONS: Mapping[str, Callable[[InVivoMeasurement, TissueMakeup, bool], Floats]] = {
    "depth_of_a_thousandth_mm": _depth_of_a_thousandth_mm,
    "homogeneous_haem_um": _homogeneous_haem,
    "homogeneous_saturation": _homogeneous_saturation,
    "muscle_transmission_ratio": _muscle_transmission_ratio,
    "path_length_factor": _path_length_factor,
    "reduced_scattering_per_mm": _reduced_scattering,
}
