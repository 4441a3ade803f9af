"""Compiled code is kept in one folder of its own; without a writable one nothing fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import pytest

from openpbm import compile_cache, transport

PACKAGE = Path(transport.__file__).parent


def test_numbas_setting_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    settings: Any = numba.config  # Numba makes its settings at import, where no type checker sees them
    before = settings.CACHE_DIR
    with compile_cache.compiled_code_kept(PACKAGE) as kept:
        assert kept
        assert settings.CACHE_DIR.startswith(str(tmp_path))
    assert before == settings.CACHE_DIR


def test_unwritable_folder_is_silently_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("a file where a folder is wanted")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: blocker / name)
    with compile_cache.compiled_code_kept(PACKAGE) as kept:
        assert not kept


def test_digest_follows_the_sources(tmp_path: Path) -> None:
    (tmp_path / "physics.py").write_text("speed = 1")
    before = compile_cache.build_digest(tmp_path)
    (tmp_path / "physics.py").write_text("speed = 2")
    assert compile_cache.build_digest(tmp_path) != before


RINGS = """
from openpbm.transport import Layer, Scene, Source, green_function, simulate
layer = Layer(name="clear", thickness_mm=None, mu_a_per_mm=0.5, mu_s_per_mm=0.0, g=0.0, n=1.0)
scene = Scene(layers=(layer,), source=Source(kind="pencil"), photons=100)
{first}
field = green_function(scene, [0.0, 1.0], [0.0, 1.0])
print(repr(float(field.fluence_rate_per_mm2[0, 0])))
"""


def test_kept_code_calls_its_own_functions(tmp_path: Path) -> None:
    """Rings kept by one process came back empty in another that had compiled the plane history first.

    Both histories had one name, and Numba's counter gave them one number in the two processes.
    """

    def rings(first: str) -> float:
        done = subprocess.run(
            [sys.executable, "-c", RINGS.format(first=first)],
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    alone = rings("")
    assert alone > 0.0
    assert rings("simulate(scene, method='monte_carlo')") == alone
    assert any(tmp_path.rglob("*.nbc"))
