"""`openpbm device`: the JSON of a commissioning by its keys, its picture, and one line for what cannot be used."""

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openpbm.case.read_lamp import named_lamp
from openpbm.cli.commands import app
from openpbm.errors import BadInput

READINGS = """distance (cm),offset x (cm),reading (W/m2),meter
15,0,560,solar power meter
30,0,275,solar power meter
30,10,206,solar power meter
50,0,118,solar power meter
"""


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    path = tmp_path / "readings.csv"
    path.write_text(READINGS, encoding="utf-8")
    return path


def test_commission_answers_by_the_named_keys_and_leaves_no_file(readings: Path) -> None:
    done = CliRunner().invoke(app, ["device", "commission", str(readings), "--device", "panel_660_850", "--json"])
    assert done.exit_code == 0
    answer = json.loads(done.output)
    assert list(answer)[:3] == ["output_scale", "claimed_inside", "residual_rms"]
    scale = answer["output_scale"]
    assert set(scale) == {"median", "p5", "p95"}
    # Solar meters show one and a half times what falls on them: 27.5 read are some 18, of 24.3 stated.
    assert 0.5 < scale["p5"] < 0.7 < scale["median"] < 0.8 < scale["p95"] < 1.1
    assert answer["claimed_inside"] is (scale["p5"] <= 1.0 <= scale["p95"])
    assert answer["residual_rms"] < 0.05
    assert any("no number of readings narrows" in warning for warning in answer["warnings"])
    assert "cannot tell output and bias of the meter apart" in answer["condition"]
    assert [path.name for path in readings.parent.iterdir()] == ["readings.csv"]


def test_commission_draws_the_residuals(readings: Path) -> None:
    folder = readings.parent / "found"
    words = ["device", "commission", str(readings), "--device", "panel_660_850", "--out", str(folder)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert (folder / "residuals.png").read_bytes().startswith(b"\x89PNG")
    assert "Output over the stated one: 7" in done.output


PANEL = (
    "--name", "My Panel 300", "--kind", "panel", "--wavelength-nm", "660", "--wavelength-nm", "850",
    "--irradiance-mw-cm2", "90", "--at-distance-mm", "150", "--share-percent", "40", "--share-percent", "60",
    "--leds", "60", "--width-mm", "210", "--height-mm", "290", "--viewing-angle-deg", "60",
)  # fmt: skip


def new(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["device", "new", *words], input=typed)


def test_a_new_lamp_is_read_by_commission_as_its_page_describes_it(tmp_path: Path, readings: Path) -> None:
    path = tmp_path / "lamp.toml"
    assert new(*PANEL, "--out", str(path)).exit_code == 0
    lamp = named_lamp(str(path))
    red, infrared = lamp.emitters
    assert [red.irradiance_mw_cm2, infrared.irradiance_mw_cm2] == pytest.approx([36.0, 54.0])
    # Thirty LEDs of each wavelength over 21 x 29 cm.
    assert (red.rows, red.columns, red.half_angle_deg) == (6, 5, 30.0)
    assert red.pitch_mm == pytest.approx(math.sqrt(210.0 * 290.0 / 30.0), abs=0.01)
    done = CliRunner().invoke(app, ["device", "commission", str(readings), "--device", str(path), "--json"])
    assert done.exit_code == 0
    assert 0.2 < json.loads(done.output)["output_scale"]["median"] < 1.0


def test_a_new_lamp_as_json_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = new(*PANEL, "--json")
    assert json.loads(done.output)["device"]["output_status"] == "claimed"
    assert list(tmp_path.iterdir()) == []


def test_the_pulses_of_a_laser_stand_in_its_file() -> None:
    words = ("--name", "wrist laser", "--kind", "laser", "--wavelength-nm", "904", "--spot-mm", "10", "--json")
    pulses = ("--peak-power-w", "27", "--pulse-width-ns", "200", "--pulse-hz", "1000", "--laser-class", "3B")
    (laser,) = json.loads(new(*words, *pulses).output)["device"]["emitters"]
    assert laser["power_mw"] == pytest.approx(5.4)
    assert laser["pulse_width_ns"] == 200.0


CLUSTER = (
    "--name", "head", "--product-class", "cluster_probe", "--wavelength-nm", "810", "--power-mw", "700",
    "--spot-mm", "8",
)  # fmt: skip


def test_a_cluster_of_a_class_is_described_and_held_against_such_lamps() -> None:
    answer = json.loads(
        new(*CLUSTER, "--diodes", "7", "--spacing-mm", "12", "--divergence-mrad", "200", "--json").output
    )
    (diode,) = answer["device"]["emitters"]
    assert (diode["diodes"], diode["spacing_mm"], diode["divergence_mrad"]) == (7, 12.0, 200.0)
    assert (answer["device"]["kind"], answer["device"]["contact"]) == ("other", True)
    (told,) = answer["assumptions"]
    assert "lamps of this kind (cluster probe) have 5 to 500 mW for one diode" in told


def test_what_is_missing_is_asked_of_whoever_sits_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openpbm.cli.new_lamp._somebody_sits_there", lambda: True)
    path = tmp_path / "mine.toml"
    answers = ("660, 850", "My panel", "panel", "80", "150", "", "", "", "60", "n")
    done = new("--out", str(path), typed="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert [e.irradiance_mw_cm2 for e in named_lamp(str(path)).emitters] == [40.0, 40.0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--name", "x", "--kind", "panel"), "--wavelength-nm: not given; give it"),
        ((*PANEL, "--kind", "lamp"), '--kind = "lamp": not a kind of lamp; give one of pad, panel'),
        ((*PANEL, "--share-percent", "5"), "--share-percent = 3: 2 wavelengths are given; give one for each"),
        ((*PANEL, "--leds", "0"), "--leds = 0: must be above 0 and at most 20000; correct it"),
        ((*PANEL, "--rows", "4"), "--rows = 4: not beside --leds; give leds and face"),
        ((*PANEL, "--viewing-angle-deg", "190"), "half_angle_deg = 95.0: must be less than 90"),
        ((*PANEL, "--irradiance-mw-cm2", "nan"), "irradiance_mw_cm2"),
        (
            ("--name", "x", "--kind", "laser", "--wavelength-nm", "808", "--power-mw", "9"),
            "--spot-mm: a laser needs it",
        ),
        (("--name", "x", "--kind", "laser", "--wavelength-nm", "904", "--power-mw", "9", "--spot-mm", "9"), "904 nm"),
        ((*CLUSTER, "--diodes", "7"), "--spacing-mm: missing beside --diodes; give both"),
        ((*PANEL, "--divergence-mrad", "9"), "--divergence-mrad = 9.0: is of a laser"),
        ((*PANEL, "--diodes", "9", "--spacing-mm", "9"), "--leds = 60: not beside --diodes"),
        ((*CLUSTER, "--kind", "pad"), '--product-class = "cluster_probe": is of kind other'),
        ((*CLUSTER, "--product-class", "cluster"), '--product-class = "cluster": no such class; did you mean'),
    ],
)
def test_a_lamp_that_cannot_be_is_refused_in_a_line_with_a_remedy(words: tuple[str, ...], said: str) -> None:
    done = new(*words, "--json")
    assert isinstance(done.exception, BadInput)
    assert said in str(done.exception.problems[0])
    assert done.exception.problems[0].remedy


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "lamp.toml"
    path.write_text("mine", encoding="utf-8")
    assert isinstance(new(*PANEL, "--out", str(path)).exception, BadInput)
    assert path.read_text(encoding="utf-8") == "mine"


LASER = ("--name", "wand", "--kind", "laser", "--spot-mm", "7")


def test_a_laser_of_two_wavelengths_has_a_power_of_each(tmp_path: Path) -> None:
    waves = ("--wavelength-nm", "660", "--wavelength-nm", "830")
    refused = new(*LASER, *waves, "--power-mw", "40", "--json")
    assert "--power-mw = 1: 2 wavelengths are given" in str(refused.exception)
    path = tmp_path / "wand.toml"
    done = new(*LASER, *waves, "--power-mw", "40", "--power-mw", "70", "--out", str(path))
    assert [one.power_mw for one in named_lamp(str(path)).emitters] == [40.0, 70.0]
    assert "commission" not in done.output
    assert "a meter that catches the whole beam" in done.output


@pytest.mark.parametrize("words", [("3B wand", "laser"), ("Class IV wand", "laser"), ("wand 3r", "other")])
def test_a_class_in_the_name_is_asked_for(words: tuple[str, str]) -> None:
    name, kind = words
    rest = ("--wavelength-nm", "830", "--spot-mm", "7", "--power-mw", "40", "--json")
    refused = new("--name", name, "--kind", kind, *rest)
    assert "--laser-class: not given, and its name says" in str(refused.exception)
    assert new("--name", name, "--kind", kind, *rest, "--laser-class", "3B").exit_code == 0


def test_readings_that_fit_no_lamp_write_none(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    path.write_text("distance_mm,reading_mw_cm2,meter\n20,70,thermopile\n3000,0.00001,thermopile\n")
    out = tmp_path / "out"
    refused = CliRunner().invoke(
        app, ["device", "commission", str(path), "--device", "panel_660_850", "--out", str(out)]
    )
    assert "the readings scatter by a factor of" in str(refused.exception)
    assert not out.exists()
