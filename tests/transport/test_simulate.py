"""One answer whatever the threads, plain JSON, progress, interrupts, and one line for each problem."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from transport.conftest import Simulate

from openpbm.errors import BadInput
from openpbm.transport import LightField, Scene, Source, simulate


def without_speed(field: LightField) -> dict[str, Any]:
    answer = field.to_dict()
    del answer["photons_per_second"]
    return answer


def test_same_seed_same_bits_on_any_number_of_threads(skin: Callable[..., Scene], run: Simulate) -> None:
    """Identical bits with 1, 2 and 3 threads; another seed differs."""
    scene = skin(900, seed=11, depths_mm=(0.0, 1.0, 5.0), source=Source(kind="lambertian"))
    answers = [without_speed(simulate(scene, method="monte_carlo", threads=threads)) for threads in (1, 2, 3)]
    assert answers[0] == answers[1] == answers[2]
    assert without_speed(run(skin(900, seed=12, depths_mm=(0.0, 1.0, 5.0)))) != answers[0]


def test_answer_is_json_with_the_promised_keys(skin: Callable[..., Scene], run: Simulate) -> None:
    answer = json.loads(json.dumps(run(skin(200, depths_mm=(0.0, 20.0), bin_mm=0.3)).to_dict()))
    assert set(answer) == {
        "specular", "diffuse_reflectance", "transmittance", "absorbed", "fluence_rate", "energy_balance_error",
        "energy_balance", "engine", "photons", "seed", "photons_per_second",
    }  # fmt: skip
    assert set(answer["energy_balance"]) == {
        "specular", "diffuse_reflectance", "transmittance", "absorbed", "lost", "roulette_net",
    }  # fmt: skip
    assert [row["layer"] for row in answer["absorbed"]] == ["a", "b", "c", "d"]
    errors = {"standard_error", "error_estimate"}
    assert set(answer["diffuse_reflectance"]) == {"value", *errors}
    assert [set(row) for row in answer["fluence_rate"]] == [{"depth_mm", "bin_mm", "value", *errors}] * 2
    assert [row["bin_mm"] for row in answer["fluence_rate"]] == pytest.approx([0.15, 0.15])


def test_two_methods_answer_with_the_same_keys(skin: Callable[..., Scene], run: Simulate) -> None:
    """Discrete ordinates by default, without speed, noise or seed; light from inside is followed by photons."""
    lit, again = (simulate(skin(200, seed=seed, depths_mm=(1.0,))).to_dict() for seed in (1, 2))
    assert lit | {"seed": 2} == again
    photons = run(skin(200, depths_mm=(1.0,))).to_dict()
    assert list(lit) == list(photons)
    assert lit["photons_per_second"] is None
    for answer, has, lacks in (
        (lit, "error_estimate", "standard_error"),
        (photons, "standard_error", "error_estimate"),
    ):
        rows: list[Any] = [answer["diffuse_reflectance"], answer["transmittance"]]
        for key in ("absorbed", "fluence_rate"):
            rows += answer[key]  # type: ignore[arg-type]
        assert [row[lacks] for row in rows] == [None] * len(rows)
        assert all(row[has] >= 0 for row in rows)
    assert set(lit["energy_balance"]) == set(photons["energy_balance"])  # type: ignore[call-overload]
    at_depth = skin(200, source=Source(kind="isotropic", depth_mm=1.0))
    assert simulate(at_depth).photons_per_second > 0
    with pytest.raises(BadInput, match="isotropic"):
        simulate(at_depth, method="discrete_ordinates")


def test_a_pencil_is_a_plane_wave(slab: Callable[..., Scene]) -> None:
    """All tallies are integrated over the plane: pencil and uniform beam at normal incidence give the same digits."""
    pencil = simulate(slab(0.1, 5.0, 0.8, 2.0, n=1.4, depths_mm=(0.5,)))
    plane = simulate(slab(0.1, 5.0, 0.8, 2.0, n=1.4, depths_mm=(0.5,), source=Source(kind="uniform")))
    assert pencil.to_dict() == plane.to_dict()


def test_overlapping_bins_share_their_light(slab: Callable[..., Scene], run: Simulate) -> None:
    """A wide bin is the mean of the narrow ones inside it."""
    narrow = run(slab(0.2, 5.0, 0.8, 2.0, photons=2000, depths_mm=(0.5, 0.6, 0.7), bin_mm=0.1))
    wide = run(slab(0.2, 5.0, 0.8, 2.0, photons=2000, depths_mm=(0.6,), bin_mm=0.3))
    mean = sum(row.value for row in narrow.fluence_rate) / 3
    assert wide.fluence_rate[0].value == pytest.approx(mean, rel=1e-9)


def test_faults_are_raised_before_any_photon(slab: Callable[..., Scene], run: Simulate) -> None:
    with pytest.raises(BadInput, match="mu_a_per_mm: -1 is outside its limits"):
        run(slab(-1.0, 1.0, 0.0, 1.0))


def test_progress_ends_at_one(skin: Callable[..., Scene], run: Simulate) -> None:
    seen: list[Any] = []
    run(skin(2000), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_interrupt_stops_at_once(skin: Callable[..., Scene], run: Simulate) -> None:
    """Ctrl-C (here raised by the progress call) ends a run of hours within a second and leaves the engine usable."""
    import time

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    begun = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        run(skin(10**9), progress=interrupt)
    assert time.perf_counter() - begun < 5.0
    assert run(skin(100)).energy_balance_error < 1e-9


def test_import_loads_no_compiler() -> None:
    code = "import sys, openpbm.transport; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


PLAIN = """
import json
from openpbm.transport import Layer, Scene, Source, simulate
layers = tuple(
    Layer(name=str(n), thickness_mm=0.5, mu_a_per_mm=0.5, mu_s_per_mm=4.0, g=0.8, n=n) for n in (1.5, 1.37)
)
scene = Scene(layers=layers, source=Source(kind="lambertian"), photons=12, seed=8, depths_mm=(0.3,))
print(json.dumps(simulate(scene, method="monte_carlo", threads=1).to_dict()))
"""


def test_plain_python_and_compiled_code_agree() -> None:
    """The same sources with the compiler off give the same light but for the rounding of fused multiply-adds."""
    answers = []
    for switch in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PLAIN],
            env={**os.environ, "NUMBA_DISABLE_JIT": switch},
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(json.loads(done.stdout))
    compiled, plain = answers
    for key in ("specular", "energy_balance"):
        assert plain[key] == pytest.approx(compiled[key], rel=1e-9, abs=1e-12)
    for key in ("diffuse_reflectance", "transmittance"):
        assert plain[key]["value"] == pytest.approx(compiled[key]["value"], rel=1e-9)
    assert plain["fluence_rate"][0]["value"] == pytest.approx(compiled["fluence_rate"][0]["value"], rel=1e-9)
