"""`openpbm limits`: its JSON by the contract, its errors in one line each."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import pytest
from present import present

from openpbm.cli import main


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def limits(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["openpbm", "limits", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return limits


LED = ("--irradiance-mw-cm2", "50", "--wavelength-nm", "850")


def test_json_holds_the_contract(run: Any) -> None:
    status, out, _ = run(*LED, "--json")
    content: dict[str, Any] = json.loads(out)
    assert status == 0
    assert set(content) == {"eye", "skin", "class", "unverified"}
    of_the_contract = {"seconds_without_eyewear", "binding", "eyewear_needed", "hazard_distance_mm"}
    assert set(content["eye"]) == of_the_contract | {"optical_density", "others"}
    assert set(content["skin"]) == {"limit_mw_cm2", "seconds", "temperature_c"}
    assert set(content["skin"]["temperature_c"]) == {"p5", "median", "p95"}
    assert content["eye"]["seconds_without_eyewear"] == 118
    assert content["skin"]["limit_mw_cm2"] is None
    assert content["class"] is None
    assert len(content["unverified"]) == len(set(content["unverified"])) > 20


def test_a_superpulsed_laser_is_of_class_3b(run: Any) -> None:
    """904 nm, 27 W x 200 ns at 1 kHz: 5.4 mW on a spot of 3.5 mm is 56.1 mW/cm2."""
    words = ("--laser", "--spot-mm", "3.5", "--pulse-hz", "1000", "--pulse-width-ns", "200", "--minutes", "1")
    _, out, _ = run("--irradiance-mw-cm2", "56.1", "--wavelength-nm", "904", *words, "--json")
    content = json.loads(out)
    assert content["class"] == "3B"
    assert content["skin"]["limit_mw_cm2"] == pytest.approx(511.7)
    assert content["eye"] == {
        "seconds_without_eyewear": 0,
        "binding": "laser_eye",
        "eyewear_needed": True,
        "hazard_distance_mm": None,
        "optical_density": 1.8,
        "others": [],
    }


def test_a_lamp_of_ones_own_is_named_by_its_file(run: Any, tmp_path: Any) -> None:
    """Its label says class 1 and its pulses, 12 W of 150 ns, are 9.1 times over it."""
    path = tmp_path / "probe.toml"
    path.write_text(
        '[device]\nname = "probe"\nkind = "laser"\noutput_status = "claimed"\ncontact = true\nlaser_class = "1"\n'
        "[[device.emitters]]\nwavelength_nm = 904\nspot_diameter_mm = 7\n"
        "peak_power_w = 12\npulse_width_ns = 150\npulse_frequency_hz = 2000\n"
    )
    _, out, _ = run("--device", str(path), "--distance-mm", "0", "--json")
    found = json.loads(out)
    assert found["class"] == "3B"
    assert found["eye"]["seconds_without_eyewear"] == 0
    assert found["eye"]["binding"] == "laser_eye"


def test_a_lamp_that_gives_more_than_it_claims_is_limited_by_what_was_read(run: Any, tmp_path: Any) -> None:
    """Its claim once stood in place of the reading: 50 mW/cm2 where a meter had shown 100 on two days."""
    field = "[[device.emitters]]\nwavelength_nm = 850\nat_distance_mm = 150\nirradiance_mw_cm2 = "
    head = '[device]\nid = "a"\nkind = "panel"\noutput_status = '
    files = {
        "claimed": f'{head}"claimed"\n{field}100\n',
        "read": f'{head}"measured"\nreading_confirmed = true\n{field}100\nclaimed_irradiance_mw_cm2 = 50\n',
    }
    seconds = {}
    for name, text in files.items():
        path = tmp_path / f"{name}.toml"
        path.write_text(text)
        _, out, _ = run("--device", str(path), "--distance-mm", "150", "--json")
        seconds[name] = json.loads(out)["eye"]["seconds_without_eyewear"]
    # (18000 / E)^(4/3) at 1.3 and 1.1 times 1000 W/m2, the upper ends of a claim and of a reading.
    assert seconds["claimed"] == 33
    assert 33 <= seconds["read"] <= 47


def test_words_for_a_lamp(run: Any) -> None:
    status, out, _ = run("--device", "panel_660_850", "--distance-mm", "300")
    assert status == 0
    assert "Bare eye: 551 s (near-infrared on the cornea and lens); eyewear is needed" in out
    assert "all of 30 min from 410 mm on" in out
    assert "helper at 500 mm: 30000 s, no eyewear" in out
    assert "Laser class" not in out


def test_what_changes_nothing_is_named(run: Any) -> None:
    """A distance without a source once was read and dropped; so was the source of a laser."""
    _, out, _ = run(*LED, "--distance-mm", "300", "--json")
    assert any(line.startswith("--distance-mm: not used") for line in json.loads(out)["unverified"])
    _, out, _ = run(*LED, "--laser", "--spot-mm", "3", "--source-mm", "5", "--json")
    assert any(line.startswith("--source-mm: not used") for line in json.loads(out)["unverified"])
    _, out, _ = run("--irradiance-mw-cm2", "3000", "--wavelength-nm", "850", "--json")
    assert any(line.startswith("temperature_c: above 60 C") for line in json.loads(out)["unverified"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--irradiance-mw-cm2: neither a lamp nor an irradiance is given; give --device, or"),
        (LED[:2], "--wavelength-nm: missing beside --irradiance-mw-cm2; give 400-1100"),
        ((*LED[:3], "1200"), "--wavelength-nm = 1200.0: must lie between 400 and 1100 nm; give such a number"),
        (("--irradiance-mw-cm2", "nan", *LED[2:]), "--irradiance-mw-cm2 = nan: must lie between 0.001 and 100000"),
        (("--irradiance-mw-cm2", "-5", *LED[2:]), "--irradiance-mw-cm2 = -5.0: must lie between 0.001 and 100000"),
        ((*LED, "--minutes", "0"), "--minutes = 0.0: must lie between 0.01 and 500 minutes"),
        ((*LED, "--pulse-hz", "10"), "--pulse-width-ns: missing beside --pulse-hz; give it, or leave --pulse-hz out"),
        (
            (*LED, "--pulse-hz", "1e6", "--pulse-width-ns", "2000"),
            "--pulse-width-ns = 2000.0: longer than the 1000 ns from one pulse to the next; give a shorter one",
        ),
        ((*LED, "--laser"), "--spot-mm: missing beside --laser; give the diameter of its beam"),
        ((*LED, "--spot-mm", "3"), "--spot-mm = 3.0: is of a laser; add --laser, or give --area-cm2"),
        (
            (*LED, "--laser", "--spot-mm", "3", "--area-cm2", "1"),
            "--area-cm2 = 1.0: not beside --spot-mm, which says it; leave it out",
        ),
        (("--device", "panel_660_850", "--spot-mm", "3"), "--spot-mm = 3.0: not beside --device, whose lamp says it"),
        (("--device", "panel"), 'lamp = "panel": unknown; '),
        (("--device", "panel_660_850", "--distance-mm", "-1"), "--distance-mm = -1.0: must lie between 0 and 10000 mm"),
    ],
)
def test_bad_input_is_one_line_and_status_2(run: Any, words: tuple[str, ...], said: str) -> None:
    status, out, err = run(*words, "--json")
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith(said)


def test_a_lamp_in_a_case_is_judged_where_it_stands_there(run: Any, tmp_path: Any) -> None:
    """The file's distance and mode once were read and dropped, and no distance was said."""
    path = tmp_path / "case.toml"
    path.write_text(
        '[device]\nid = "a"\nkind = "panel"\noutput_status = "claimed"\n'
        "[[device.emitters]]\nwavelength_nm = 850\npower_mw = 200\nhalf_angle_deg = 30\n"
        "rows = 6\ncolumns = 8\npitch_mm = 30\n"
        '[[device.modes]]\nname = "half"\noutput = 0.5\n'
        '[placement]\ndistance_mm = 270\nmode = "half"\n'
    )
    status, placed, _ = run("--device", str(path))
    assert status == 0
    assert placed.startswith("At 270 mm\n")
    assert run("--device", str(path), "--distance-mm", "270")[1] == placed
    _, nearer, _ = run("--device", str(path), "--distance-mm", "190")
    assert nearer.startswith("At 190 mm\n")
    path.write_text(path.read_text().replace('mode = "half"\n', ""))
    _, whole, _ = run("--device", str(path))
    warmest = re.compile(r"warmest within 30 min ([0-9.]+) C")
    found = [float(present(warmest.search(text))[1]) for text in (placed, whole)]
    assert found[0] < found[1]
    # What an eye sees is all the lamp can do.
    assert placed.splitlines()[1] == whole.splitlines()[1]


def test_light_beside_the_tissue_tables_is_limited_as_a_lamp_of_it(run: Any) -> None:
    for wavelength in ("470", "1060"):
        status, out, _ = run("--irradiance-mw-cm2", "40", "--wavelength-nm", wavelength, "--source-mm", "20")
        assert status == 0
        assert out.startswith("At 200 mm\n")
    status, _, said = run("--irradiance-mw-cm2", "40", "--wavelength-nm", "1060", "--laser", "--spot-mm", "4")
    assert status == 2
    assert "--wavelength-nm = 1060.0: of a laser it must lie between 600 and 1000 nm" in said
    _, out, _ = run("--irradiance-mw-cm2", "90000", "--wavelength-nm", "425")
    assert "no limit could be looked at: give --source-mm" in out
    assert "dense enough" not in out
