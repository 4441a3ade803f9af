"""`openpbm tissue`: its JSON by the contract, its scenes taken by `openpbm simulate`, its errors in one line each."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from openpbm.cli import main
from openpbm.cli.simulate import read_scene
from openpbm.transport import simulate

PROPERTIES = ("thickness_mm", "mu_a_per_mm", "mu_s_prime_per_mm", "mu_eff_per_mm", "g", "n")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def tissue(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["openpbm", "tissue", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return tissue


def answer(run: Any, *words: str) -> dict[str, Any]:
    status, out, _ = run(*words, "--json")
    assert status == 0
    content: dict[str, Any] = json.loads(out)
    return content


def test_json_holds_the_contract(run: Any) -> None:
    content = answer(run, "posterior_calf", "--wavelength-nm", "850")
    assert set(content) == {"layers", "targets", "unverified"}
    assert "posterior calf: place of gastrocnemius (openpbm_prior)" in content["unverified"]
    assert [layer["name"] for layer in content["layers"]] == ["epidermis", "dermis", "subcutis", "muscle"]
    for layer in content["layers"]:
        assert set(layer) == {"name", *PROPERTIES}
        for key in PROPERTIES:
            assert set(layer[key]) == {"p5", "median", "p95"}
            if (layer["name"], key) == ("muscle", "thickness_mm"):
                assert set(layer[key].values()) == {None}
            else:
                assert 0 < layer[key]["p5"] <= layer[key]["median"] <= layer[key]["p95"]
    assert [set(target) for target in content["targets"]] == [{"structure", "depth_mm"}] * 3
    assert content["targets"][0]["structure"] == "gastrocnemius"


def test_without_a_person_it_is_the_reference_adult(run: Any) -> None:
    """Age 50, female, body mass index 25, skin type 2."""
    words = ("posterior_calf", "--wavelength-nm", "660")
    person = ("--sex", "female", "--age", "50", "--height-cm", "165", "--weight-kg", "68.0625", "--skin-type", "2")
    assert answer(run, *words) == answer(run, *words, *person)


@pytest.mark.parametrize(
    ("person", "asks"),
    [
        (("--height-cm", "68", "--weight-kg", "166"), "and not the weight?"),
        (("--age", "118"), "Is the age right?"),
        (("--height-cm", "150", "--weight-kg", "165"), "not exchanged?"),
    ],
)
def test_a_person_that_hardly_can_be_is_asked_about(run: Any, person: tuple[str, ...], asks: str) -> None:
    """The spans held in a case file and on the pages, and not here."""
    status, out, said = run("volar_wrist", "--wavelength-nm", "850", *person, "--json")
    assert (status, out) == (2, "")
    assert asks in said


def test_the_person_moves_what_it_should(run: Any) -> None:
    def layer(name: str, *person: str) -> dict[str, Any]:
        content = answer(run, "posterior_calf", "--wavelength-nm", "660", *person)
        found: dict[str, Any] = next(row for row in content["layers"] if row["name"] == name)
        return found

    assert layer("subcutis", "--sex", "male")["thickness_mm"]["p95"] < layer("subcutis")["thickness_mm"]["p5"]
    heavy = layer("subcutis", "--weight-kg", "100")["thickness_mm"]["median"]
    assert heavy > 1.3 * layer("subcutis")["thickness_mm"]["median"]
    dark = layer("epidermis", "--skin-type", "6")["mu_a_per_mm"]["median"]
    assert dark > 5 * layer("epidermis")["mu_a_per_mm"]["median"]


def test_scenarios_are_scenes_that_simulate_takes(run: Any, tmp_path: Path) -> None:
    words = ("volar_wrist", "--wavelength-nm", "810", "--scenarios", "3", "--seed", "5")
    rows = answer(run, *words)["scenarios"]
    assert rows == answer(run, *words)["scenarios"]
    assert rows != answer(run, *words[:-1], "6")["scenarios"]
    assert len(rows) == 3
    for row in rows:
        assert set(row) == {"scene", "target_depth_mm"}
        assert set(row["target_depth_mm"]) == {"median_nerve"}
        path = tmp_path / "scene.json"
        path.write_text(json.dumps(row["scene"] | {"photons": 200}), encoding="utf-8")
        field = simulate(read_scene(path))
        assert [tally.depth_mm for tally in field.fluence_rate] == [row["target_depth_mm"]["median_nerve"]]


def test_the_table_names_every_layer_and_structure(run: Any) -> None:
    status, out, _ = run("posterior_calf", "--wavelength-nm", "850", "--scenarios", "2")
    assert status == 0
    for word in (
        "inputs not checked against their source; --json lists them",
        "epidermis",
        "dermis",
        "subcutis",
        "muscle",
        "no end",
        "gastrocnemius",
        "2 scenarios",
    ):
        assert word in out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("posterior_cal", "--wavelength-nm", "850"), 'site = "posterior_cal": unknown; did you mean posterior_calf?'),
        (("foot_sole", "--wavelength-nm", "1450"), "wavelength = 1450.0: outside the spectra"),
        (("foot_sole", "--wavelength-nm", "nan"), "wavelength = nan: outside the spectra"),
        (("foot_sole", "--wavelength-nm", "850", "--skin-type", "7"), "skin_type = 7: must be at most 6"),
        (("foot_sole", "--wavelength-nm", "850", "--sex", "f"), 'sex = "f": must be one of female, male or other'),
        (("foot_sole", "--wavelength-nm", "850", "--height-cm", "1.65"), "height_cm = 1.65: must be at least 50"),
        (("foot_sole", "--wavelength-nm", "850", "--age", "-1"), "age_years = -1.0: must be at least 0"),
        (("foot_sole", "--wavelength-nm", "850", "--scenarios", "-1"), "--scenarios = -1: must lie between 0 and"),
        (("foot_sole", "--wavelength-nm", "850", "--seed", "-1"), "--seed = -1: must be at least 0"),
        (("foot_sole",), "Missing option '--wavelength-nm'"),
    ],
)
def test_bad_input_is_one_line_and_status_2(run: Any, words: tuple[str, ...], line: str) -> None:
    status, out, err = run(*words)
    assert status == 2
    assert out == ""
    assert err.startswith(line)
    assert err.count("\n") == 1
