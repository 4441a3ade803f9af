"""`openpbm device`: the JSON of a commissioning by its keys, its picture, and one line for what cannot be used."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openpbm.cli.commands import app

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
