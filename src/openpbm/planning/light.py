"""Light in many possible tissues: one Green's function per scenario and wavelength, kept between runs when allowed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.sites import Site
from openpbm.planning.depth_profile import DEPTH_EDGES_MM, RADIUS_EDGES_MM, TAIL_RULE, continue_below
from openpbm.tissue import Scenario, build
from openpbm.transport import GreenFunction, Layer, Scene, Source, green_function, source_digest

__all__ = ["Fields", "compute_fields"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Green's functions of one site and wavelength.

    fluence_rate : (scenario, ring, depth)   fluence rate on the axis per irradiance that falls on the ring [-]
    energy_balance_error : the worst of all runs [-]
    photons : launched in all runs together
    """

    wavelength_nm: float
    fluence_rate: NDArray[np.float64]
    energy_balance_error: float
    photons: int


def compute_fields(
    site: Site,
    scenarios: Sequence[Scenario],
    wavelength_nm: float,
    incidence_cosines: tuple[float, ...],
    *,
    photons: int,
    seed: int,
    keep_in: Path | None = None,
    threads: int | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Fields:
    """Run every scenario, or take the very same runs from `keep_in`."""
    scenes = [
        # Each tissue has photons of its own, so that their noise does not move all tissues the same way.
        _scene(site, scenario, wavelength_nm, incidence_cosines, photons, seed + number)
        for number, scenario in enumerate(scenarios)
    ]
    # Neither lamp nor distance is in the digest: irradiance comes in later, so lamps with the same angles share runs.
    kept = None if keep_in is None else keep_in / f"{_digest(scenes)}.npz"
    fields = _read(kept, wavelength_nm)
    if fields is not None:
        # The bar was promised this many steps, whether the light is computed or only read.
        for _ in scenes:
            progress()
        return fields
    runs = []
    for scene in scenes:
        runs.append(green_function(scene, DEPTH_EDGES_MM, RADIUS_EDGES_MM, threads=threads))
        progress()
    fields = Fields(
        wavelength_nm=wavelength_nm,
        fluence_rate=np.stack([_profile(scene, run) for scene, run in zip(scenes, runs, strict=True)]),
        energy_balance_error=max(run.energy_balance_error for run in runs),
        photons=photons * len(runs),
    )
    _write(kept, fields)
    return fields


def _scene(
    site: Site, scenario: Scenario, wavelength_nm: float, cosines: tuple[float, ...], photons: int, seed: int
) -> Scene:
    tissue = build(site, scenario, wavelength_nm)
    return Scene(
        layers=tuple(Layer(**asdict(layer)) for layer in tissue.layers),
        source=Source(kind="tabulated", cosines=cosines),
        photons=photons,
        seed=seed,
    )


def _profile(scene: Scene, run: GreenFunction) -> NDArray[np.float64]:
    """Rings weighted by their area, the light beyond the last ring below them: dimensionless (ring, depth).

    Deeper than the photons tell (standard error over a quarter), light goes on falling as diffusion has it.
    """
    areas = np.pi * np.diff(RADIUS_EDGES_MM**2)
    rings = np.vstack([run.fluence_rate_per_mm2 * areas[:, None], run.overflow[None, :]])
    batches = np.einsum("r,brz->bz", areas, run.batch_fluence_rate_per_mm2) + run.batch_overflow
    error = batches.std(axis=0, ddof=1) / np.sqrt(len(batches))
    return continue_below(rings, error / np.maximum(batches.mean(axis=0), 1e-300), scene)


def _digest(scenes: Sequence[Scene]) -> str:
    content = json.dumps(
        [
            source_digest(),
            TAIL_RULE,
            # The tail and the grid belong to planning, so the digest of the transport sources does not cover them.
            DEPTH_EDGES_MM.tolist(),
            RADIUS_EDGES_MM.tolist(),
            [asdict(scene) for scene in scenes],
        ]
    )
    return hashlib.sha256(content.encode()).hexdigest()


def _read(path: Path | None, wavelength_nm: float) -> Fields | None:
    if path is None or not path.is_file():
        return None
    try:
        # Opened here, since numpy leaves a file open whose archive turns out to be torn.
        with path.open("rb") as stream, np.load(stream) as stored:
            return Fields(
                wavelength_nm=wavelength_nm,
                fluence_rate=stored["fluence_rate"],
                energy_balance_error=float(stored["energy_balance_error"]),
                photons=int(stored["photons"]),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        # A torn or foreign file is nobody's mistake here: compute again and replace it.
        return None


def _write(path: Path | None, fields: Fields) -> None:
    """Whole or not at all; a folder that cannot be written only costs the next run its time."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the same folder, because a rename is only whole within one file system: two plans at once tear nothing.
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
        with os.fdopen(handle, "wb") as stream:
            np.savez_compressed(
                stream,
                fluence_rate=fields.fluence_rate,
                energy_balance_error=fields.energy_balance_error,
                photons=fields.photons,
            )
        os.replace(name, path)
    except OSError:
        return
