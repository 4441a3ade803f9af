"""The pictures and the folder: what is written, that the bytes never change, that odd fields can be drawn."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from openpbm import report
from openpbm.planning import load_plan
from openpbm.planning.document import IrradianceMap
from openpbm.report.dose_pictures import draw_irradiance_map
from openpbm.report.publish import draw_pictures

PICTURES = ["dose_depth.png", "irradiance_map.png", "calendar.png"]


def irradiance_map(plan: dict[str, Any]) -> IrradianceMap:
    drawn = load_plan(plan).irradiance_map
    assert drawn is not None
    return drawn


def _size(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_allowed_plan_writes_pages_and_pictures(allowed: dict[str, Any], tmp_path: Path) -> None:
    paths = report.write(load_plan(allowed), tmp_path)
    assert [path.name for path in paths] == ["report.html", "home_sheet.html", *PICTURES]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)
    for name in PICTURES:
        width, height = _size(tmp_path / name)
        assert width >= 600
        assert height >= 200
        assert (tmp_path / name).stat().st_size > 10_000


def test_pictures_are_drawn_only_where_their_data_are(referred: dict[str, Any], tmp_path: Path) -> None:
    assert [path.name for path in report.write(load_plan(referred), tmp_path)][2:] == PICTURES[:2]
    bare = {**referred, "curves": [], "irradiance_map": None}
    assert [path.name for path in report.write(load_plan(bare), tmp_path)] == ["report.html", "home_sheet.html"]


def test_curves_without_any_dose_are_not_drawn(referred: dict[str, Any], tmp_path: Path) -> None:
    """Without minutes the field is known and every fluence is zero, which a log axis cannot show."""
    for entry in referred["curves"][0]["wavelengths"]:
        for point in entry["points"]:
            point["fluence_j_cm2"] = {"p5": 0.0, "median": 0.0, "p95": 0.0}
    assert "dose_depth.png" not in [path.name for path in report.write(load_plan(referred), tmp_path)]


def test_same_plan_gives_the_same_bytes(allowed: dict[str, Any], tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        report.write(load_plan(allowed), folder)
    for path in folders[0].iterdir():
        assert path.read_bytes() == (folders[1] / path.name).read_bytes()
    for name in PICTURES:
        assert b"Software" not in (folders[0] / name).read_bytes()


def test_drawn_in_lines_they_are_the_same_bytes_too_and_hold_no_words_of_the_drawing_library(
    allowed: dict[str, Any], tmp_path: Path
) -> None:
    first, second = (draw_pictures(load_plan(allowed), folder, "svg") for folder in (tmp_path, _made(tmp_path / "two")))
    assert [path.name for path in first] == [name.replace(".png", ".svg") for name in PICTURES]
    for one, other in zip(first, second, strict=True):
        drawn = one.read_text(encoding="utf-8")
        assert drawn == other.read_text(encoding="utf-8")
        assert "atplotlib v" not in drawn
        assert "<dc:date>" not in drawn
        assert "image-rendering:pixelated" not in drawn


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_readers_own_drawing_settings_change_nothing(allowed: dict[str, Any], tmp_path: Path) -> None:
    import matplotlib

    plain, changed = tmp_path / "plain.png", tmp_path / "changed.png"
    draw_irradiance_map(irradiance_map(allowed), plain)
    with matplotlib.rc_context({"font.size": 30.0, "image.cmap": "jet", "axes.facecolor": "red"}):
        draw_irradiance_map(irradiance_map(allowed), changed)
    assert plain.read_bytes() == changed.read_bytes()


@pytest.mark.parametrize("irradiance_mw_cm2", [0.0, 12.0])
def test_even_field_has_no_contours_and_no_warning(
    irradiance_mw_cm2: float, allowed: dict[str, Any], tmp_path: Path
) -> None:
    """A contact pad's field is flat; asking for its contour lines is a warning, and warnings are errors here."""
    even = allowed["irradiance_map"]
    even["irradiance_mw_cm2"] = [[irradiance_mw_cm2 for _x in even["x_mm"]] for _y in even["y_mm"]]
    assert _size(draw_irradiance_map(irradiance_map(allowed), tmp_path / "even.png"))[0] >= 600


def test_one_wavelength_two_places_and_no_window_can_be_drawn(allowed: dict[str, Any], tmp_path: Path) -> None:
    one = allowed["curves"][0]
    one["wavelengths"] = [one["wavelengths"][1], one["wavelengths"][2]]
    allowed["curves"] = [one, {**one, "side": "left", "window_j_cm2": None}]
    report.write(load_plan(allowed), tmp_path)
    assert _size(tmp_path / "dose_depth.png")[1] > 1000
