"""A lamp's beam from its photometric file: a Lambertian file is half angle 60, and the shape alone is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import changed, make_case
from numpy.typing import NDArray
from quick_plans import QUICK, quick_plan

from openpbm.case import case_of
from openpbm.case.read_lamp import named_lamp
from openpbm.device import beam
from openpbm.device.beam_lobes import fit_lobes
from openpbm.device.photometric_file import read_ies, read_ldt
from openpbm.errors import BadInput
from openpbm.facts.lamps import Lamp
from openpbm.planning import make_plan
from openpbm.safety import screen

Shape = Callable[[NDArray[np.float64]], NDArray[np.float64]]
ANGLES = np.arange(0.0, 91.0, 5.0)
GRID = {"rows": 10, "columns": 6, "pitch_mm": 30}
STATED = GRID | {"wavelength_nm": 850, "irradiance_mw_cm2": 25, "at_distance_mm": 150}


def lambertian(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.cos(angle)


def lens_with_spill(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.cos(angle) ** 20 + 0.1 * np.cos(angle))


def written(*columns: Any) -> str:
    return "\n".join(" ".join(f"{value:.5g}" for value in column) for column in columns)


def ies(folder: Path, *planes: Shape, around: tuple[float, ...] = (0.0,), head: str = "IESNA:LM-63-2002") -> Path:
    lit = [np.maximum(plane(np.radians(ANGLES)), 0.0) * 1234.0 for plane in planes]
    of_lamp = f"1 1000 1 {ANGLES.size} {len(planes)} 1 2 0.1 0.1 0\n1 1 10"
    path = folder / "lamp.ies"
    path.write_text("\n".join([head, "[TEST] by hand", "TILT=NONE", of_lamp, written(ANGLES, around, *lit)]))
    return path


def ldt(folder: Path, shape: Shape, *, symmetry: int = 1, planes: int = 1, stand: int = 1) -> Path:
    head = ["maker", "1", str(symmetry), str(planes), "0", str(ANGLES.size), "5", *["x"] * 18, "1"]
    around = np.arange(planes) * 360.0 / planes
    numbers = [*around, *ANGLES, *np.tile(shape(np.radians(ANGLES)) * 800.0, stand)]
    path = folder / "lamp.ldt"
    lines = [*head, *["-1", "LED", "1000", "white", "80", "10"], *["0.5"] * 10]
    path.write_text("\r\n".join(lines + [f"{number:.5f}".replace(".", ",") for number in numbers]) + "\r\n")
    return path


def panel(**emitter: Any) -> dict[str, Any]:
    return {"output_status": "claimed", "kind": "panel", "emitters": [emitter]}


def read(folder: Path, **emitter: Any) -> Lamp:
    return make_case(folder, device=panel(**emitter)).device


def refused(folder: Path, **emitter: Any) -> str:
    with pytest.raises(BadInput) as caught:
        read(folder, **emitter)
    return str(caught.value)


def test_a_lambertian_file_is_the_plan_of_half_angle_60(tmp_path: Path) -> None:
    """Closed form: intensity cos(angle) is that of an emitter with a half angle of 60 degrees."""
    ies(tmp_path, lambertian)
    plan = make_plan(screen(make_case(tmp_path, device=panel(ies="lamp.ies", **STATED))), seed=1, quality=QUICK)
    known = quick_plan(device=panel(half_angle_deg=60, **STATED))
    assert plan.session_minutes == known.session_minutes
    for ours, theirs in zip(plan.dose, known.dose, strict=True):
        assert ours.fluence_j_cm2.median == pytest.approx(theirs.fluence_j_cm2.median, rel=1e-3)
    assert plan.skin is not None
    assert known.skin is not None
    assert plan.skin.irradiance_mw_cm2 == pytest.approx(known.skin.irradiance_mw_cm2, rel=1e-3)
    (told,) = [caution.message for caution in plan.cautions if caution.rule == "beam_of_file"]
    assert "never from the file's candela or lumens" in told


@pytest.mark.parametrize(("symmetry", "planes", "stand"), [(0, 4, 4), (1, 1, 1), (2, 8, 5), (3, 8, 5), (4, 8, 3)])
def test_a_round_eulumdat_file_is_the_same_by_any_symmetry(
    tmp_path: Path, symmetry: int, planes: int, stand: int
) -> None:
    fit = fit_lobes(read_ldt(ldt(tmp_path, lens_with_spill, symmetry=symmetry, planes=planes, stand=stand)))
    assert [lobe.half_angle_deg for lobe in fit.lobes] == pytest.approx([15.0, 60.0], abs=0.2)
    assert fit.uneven < 1e-9


def test_the_power_and_irradiance_beside_a_file_stay_what_they_are(tmp_path: Path) -> None:
    """Lobes shared an irradiance by their power, and together gave another than was stated."""
    ies(tmp_path, lens_with_spill, head="IESNA:LM-63-1995")
    stated = read(tmp_path, ies="lamp.ies", **STATED)
    assert len(stated.emitters) == 2
    x, y = np.meshgrid(np.linspace(-15.0, 15.0, 11), np.linspace(-15.0, 15.0, 11))
    assert beam(stated, 150.0).irradiance_mw_cm2(x, y).max() == pytest.approx(25.0, rel=1e-9)
    led = GRID | {"ies": "lamp.ies", "wavelength_nm": 850, "power_mw": 40, "claimed_power_mw": 50}
    powered = make_case(tmp_path, device=panel(**led) | {"output_status": "measured"}).device
    assert sum(emitter.power_mw or 0.0 for emitter in powered.emitters) == pytest.approx(40.0)
    # The same light as of the file: two lobes of known power, in the ratio in which they were written.
    shares = [emitter.power_mw or 0.0 for emitter in powered.emitters]
    assert shares[1] / shares[0] == pytest.approx(0.1 * 21.0 / 2.0, rel=0.02)


def test_an_oval_beam_is_averaged_and_said_or_refused(tmp_path: Path) -> None:
    def wider(angle: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.cos(angle) ** 2)

    def narrower(angle: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.cos(angle) ** 3)

    fit = fit_lobes(read_ies(ies(tmp_path, wider, narrower, around=(0.0, 90.0))))
    assert 0.03 < fit.uneven < 0.15
    ies(tmp_path, lambertian, lambda angle: np.cos(angle) ** 40, around=(0.0, 90.0))
    assert "one plane sends" in refused(tmp_path, ies="lamp.ies", **STATED)


def edited(folder: Path, old: str, new: str) -> None:
    path = ies(folder, lambertian)
    path.write_text(path.read_text().replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("IESNA:LM-63-2002", "LUMEN", "emitters[0]: lamp.ies line 1: not an IES LM-63 file that is known"),
        ("TILT=NONE", "TILT=INCLUDE", "lamp.ies line 3: its TILT is not NONE"),
        ("19 1 1 2", "19 1 2 2", "line 4: its photometric type is 2"),
        ("19 1 1 2", "20 1 1 2", "the intensities: 18 numbers, 20 are said"),
        ("19 1 1 2", "18 1 1 2", "numbers more than are said"),
        ("1234", "12e4x", "line 8: 12e4x: not a number among the intensities"),
        ("1234", "-5", "an intensity is below 0"),
        ("0 5 10", "5 0 10", "do not ascend"),
        ("80 85 90", "80 85 89", "go from 0 to 89 degrees"),
        ("1234 1229.3", "3 1229.3", "on the axis it shines with 0% of its brightest"),
    ],
)
def test_what_is_no_such_file_is_one_line_that_says_where(tmp_path: Path, old: str, new: str, text: str) -> None:
    edited(tmp_path, old, new)
    said = refused(tmp_path, ies="lamp.ies", **STATED)
    assert text in said
    assert "\n" not in said


def test_watts_are_never_taken_from_lumens(tmp_path: Path) -> None:
    ies(tmp_path, lambertian)
    assert "no watts follow" in refused(tmp_path, ies="lamp.ies", wavelength_nm=850, **GRID)
    assert "stands beside half_angle_deg" in refused(tmp_path, ies="lamp.ies", half_angle_deg=30, **STATED)
    assert "cannot be read" in refused(tmp_path, ldt="none.ldt", **STATED)


def test_a_file_of_the_server_cannot_be_named_over_a_network(tmp_path: Path) -> None:
    """The web application and a program give a mapping, and its folder is nobody's."""
    path = ies(tmp_path, lambertian)
    with pytest.raises(BadInput, match="names a file, which only"):
        case_of(changed(device=panel(ies=str(path), **STATED)))


def test_a_lamp_in_a_file_of_its_own_names_the_file_beside_it(tmp_path: Path) -> None:
    ies(tmp_path, lambertian)
    lamp = tmp_path / "lamp.toml"
    lamp.write_text(
        '[device]\nkind = "panel"\noutput_status = "claimed"\n[[device.emitters]]\nwavelength_nm = 850\n'
        'ies = "lamp.ies"\npower_mw = 30\nrows = 4\ncolumns = 4\npitch_mm = 20\n'
    )
    assert named_lamp(str(lamp)).emitters[0].half_angle_deg == pytest.approx(60.0, abs=0.01)
