"""Checks kept light against fresh light, bit for bit; a torn file in the folder costs its time and no more."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.depth_profile import DEPTH_EDGES_MM, DEPTH_MM, RADIUS_EDGES_MM
from openpbm.planning.light import Fields, compute_fields
from openpbm.tissue import build, draw_scenarios
from openpbm.transport import Layer, Scene, Source, green_function

CALF = sites["posterior_calf"]
TISSUES = draw_scenarios(CALF, Person(skin_type=2), count=3, seed=5)


def light(
    *,
    keep_in: Path | None = None,
    wavelength_nm: float = 850.0,
    seed: int = 7,
    photons: int = 300,
    threads: int | None = None,
) -> Fields:
    return compute_fields(
        CALF, TISSUES, wavelength_nm, (1.0,), photons=photons, seed=seed, keep_in=keep_in, threads=threads
    )


FRESH = light()


def test_shape_and_energy_balance() -> None:
    """Conservation: what is launched is reflected, absorbed or transmitted to within 1e-9."""
    assert FRESH.fluence_rate.shape == (3, RADIUS_EDGES_MM.size, DEPTH_MM.size)
    assert np.all(np.isfinite(FRESH.fluence_rate))
    assert np.all(FRESH.fluence_rate >= 0.0)
    assert 0.0 <= FRESH.energy_balance_error < 1e-9
    assert FRESH.photons == 900


def test_kept_light_is_the_fresh_light(tmp_path: Path) -> None:
    first = light(keep_in=tmp_path / "new" / "folder")
    (file,) = (tmp_path / "new" / "folder").iterdir()
    written = file.stat().st_mtime_ns
    again = light(keep_in=tmp_path / "new" / "folder")
    for kept in (first, again):
        np.testing.assert_array_equal(kept.fluence_rate, FRESH.fluence_rate)
        assert (kept.energy_balance_error, kept.photons) == (FRESH.energy_balance_error, FRESH.photons)
    assert file.stat().st_mtime_ns == written


def test_the_kept_file_is_really_read(tmp_path: Path) -> None:
    """A doctored file shows through: else the test above would pass with no file read at all."""
    light(keep_in=tmp_path)
    (file,) = tmp_path.iterdir()
    np.savez_compressed(file, fluence_rate=2.0 * FRESH.fluence_rate, energy_balance_error=0.0, photons=1)
    np.testing.assert_array_equal(light(keep_in=tmp_path).fluence_rate, 2.0 * FRESH.fluence_rate)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_torn_file_is_replaced(tmp_path: Path, share: float) -> None:
    """A file cut short once ended the whole run: a broken archive raises an error of its own kind."""
    light(keep_in=tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    np.testing.assert_array_equal(light(keep_in=tmp_path).fluence_rate, FRESH.fluence_rate)
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    assert len(file.read_bytes()) == len(whole)


@pytest.mark.parametrize("content", [b"not an archive", b"PK\x03\x04 nor this", b"\x93NUMPY"])
def test_a_foreign_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    light(keep_in=tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    np.testing.assert_array_equal(light(keep_in=tmp_path).fluence_rate, FRESH.fluence_rate)


def test_damage_inside_the_archive_is_found(tmp_path: Path) -> None:
    light(keep_in=tmp_path)
    (file,) = tmp_path.iterdir()
    damaged = bytearray(file.read_bytes())
    middle = len(damaged) // 3
    damaged[middle : middle + 40] = bytes(255 - byte for byte in damaged[middle : middle + 40])
    file.write_bytes(bytes(damaged))
    np.testing.assert_array_equal(light(keep_in=tmp_path).fluence_rate, FRESH.fluence_rate)


def test_a_folder_that_cannot_be_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    np.testing.assert_array_equal(light(keep_in=tmp_path / "file" / "light").fluence_rate, FRESH.fluence_rate)


def test_whatever_changes_light_changes_the_file(tmp_path: Path) -> None:
    light(keep_in=tmp_path)
    light(keep_in=tmp_path, seed=8)
    light(keep_in=tmp_path, photons=301)
    light(keep_in=tmp_path, wavelength_nm=660.0)
    assert len(list(tmp_path.iterdir())) == 4


def test_threads_change_no_bit_and_the_seed_does() -> None:
    np.testing.assert_array_equal(light(threads=1).fluence_rate, light(threads=3).fluence_rate)
    assert not np.array_equal(light(seed=8).fluence_rate, FRESH.fluence_rate)


def test_progress_is_told_once_a_tissue_kept_or_not(tmp_path: Path) -> None:
    for _ in range(2):
        told: list[int] = []
        compute_fields(
            CALF,
            TISSUES,
            850.0,
            (1.0,),
            photons=300,
            seed=7,
            keep_in=tmp_path,
            progress=partial(told.append, 1),
        )
        assert len(told) == len(TISSUES)


def test_rings_and_what_lies_beyond_hold_all_the_light() -> None:
    """Conservation: ring areas times rates, plus the overflow, is the laterally integrated fluence rate."""
    layers = tuple(Layer(**asdict(layer)) for layer in build(CALF, TISSUES[0], 850.0).layers)
    scene = Scene(layers=layers, source=Source(kind="tabulated", cosines=(1.0,)), photons=300, seed=7)
    # So narrow a grid that most light at depth lies beyond it.
    near = green_function(scene, DEPTH_EDGES_MM, [0.0, 1.0])
    told = DEPTH_MM < 4.0
    integrated = near.fluence_rate_per_mm2[0] * np.pi + near.overflow
    np.testing.assert_allclose(FRESH.fluence_rate[0].sum(axis=0)[told], integrated[told], rtol=1e-9)


def test_alike_tissues_have_photons_of_their_own() -> None:
    """Noise must differ between scenarios, or it would not average out over them."""
    twins = compute_fields(CALF, [TISSUES[0]] * 2, 850.0, (1.0,), photons=300, seed=7).fluence_rate
    assert not np.array_equal(twins[0], twins[1])
