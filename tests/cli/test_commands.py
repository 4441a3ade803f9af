"""The command line as a stranger meets it: exit status, streams, files, and what is said of bad input."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from present import present

from openpbm.cli import main
from openpbm.facts.claims import broken_claims
from openpbm.planning import Quality, make_plan

EXAMPLES = Path(__file__).parents[2] / "examples"
VERDICTS = {
    "restless_legs": "allowed",
    "carpal_tunnel": "allowed",
    "neck_spasm": "allowed",
    "insensate_foot": "refer",
}
COMMAND = (sys.executable, "-c", "from openpbm.cli import main; main()")
# One example is planned in a process of its own with all the light a user gets; what the others show hangs on no digit
# of it, and is planned here.
FEW = 6
LITTLE_LIGHT = (
    sys.executable,
    "-c",
    "from openpbm.planning import Quality, make_plan;"
    f" make_plan.__kwdefaults__['quality'] = Quality(scenarios={FEW});"
    " from openpbm.cli import main; main()",
)
SCENE: dict[str, Any] = {
    "layers": [{"name": "slab", "thickness_mm": 1.0, "mu_a_per_mm": 0.1, "mu_s_per_mm": 1.0, "g": 0.5, "n": 1.4}],
    "source": {"kind": "pencil"},
    "photons": 2000,
    "depths_mm": [0.5],
}


def openpbm(
    folder: Path, *words: str, command: tuple[str, ...] = COMMAND, **surroundings: str
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "80", "PYTHONUTF8": "1"} | surroundings
    return subprocess.run(
        (*command, *words), cwd=folder, env=environment, capture_output=True, text=True, timeout=170, check=False
    )


@dataclass(frozen=True)
class Ended:
    """How a command ended that ran inside this process, which spares the start of a new one."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def run(*words: str) -> Ended:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["openpbm", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Ended(int(left.value.code or 0), said.out, said.err)

    return run


def with_little_light(folder: Path, *words: str) -> Ended:
    """The same here, with light in few tissues."""
    said, complaint = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(complaint):
        patch.chdir(folder)
        patch.setenv("COLUMNS", "80")
        patch.setattr(sys, "argv", ["openpbm", *words])
        patch.setitem(present(make_plan.__kwdefaults__), "quality", Quality(scenarios=FEW))
        with pytest.raises(SystemExit) as left:
            main()
    return Ended(int(left.value.code or 0), said.getvalue(), complaint.getvalue())


@dataclass(frozen=True)
class Planned:
    """One example, planned through the command line."""

    name: str
    folder: Path
    run: Ended | subprocess.CompletedProcess[str]

    @property
    def plan(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.folder / "out" / "plan.json").read_text(encoding="utf-8"))
        return content


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Planned]:
    found = {}
    for name in VERDICTS:
        folder = tmp_path_factory.mktemp(name)
        run = openpbm if name == "restless_legs" else with_little_light
        done = run(folder, "plan", str(EXAMPLES / f"{name}.toml"), "--out", "out")
        found[name] = Planned(name, folder, done)
    return found


@pytest.fixture(scope="module")
def cramps(planned: dict[str, Planned], tmp_path_factory: pytest.TempPathFactory) -> Planned:
    folder = tmp_path_factory.mktemp("cramps")
    text = (EXAMPLES / "restless_legs.toml").read_text(encoding="utf-8")
    (folder / "cramps.toml").write_text(text.replace('"rls_primary"', '"nocturnal_cramps"'), encoding="utf-8")
    run = with_little_light(folder, "plan", "cramps.toml", "--out", "out")
    return Planned("nocturnal_cramps", folder, run)


@pytest.mark.parametrize(("name", "verdict"), VERDICTS.items())
def test_examples_end_as_they_should(planned: dict[str, Planned], name: str, verdict: str) -> None:
    done = planned[name]
    assert done.run.returncode == (0 if verdict == "allowed" else 3), done.run.stderr
    assert done.plan["verdict"] == verdict
    written = {path.name for path in (done.folder / "out").iterdir()}
    assert {"plan.json", "report.html", "home_sheet.html", "dose_depth.png", "irradiance_map.png"} <= written
    assert ("calendar.png" in written) == (verdict == "allowed")
    assert (done.plan["schedule"] is None) == (verdict != "allowed")


@pytest.mark.parametrize("name", VERDICTS)
def test_plan_holds_the_contract(planned: dict[str, Planned], name: str) -> None:
    plan = planned[name].plan
    assert set(plan) >= {
        *("verdict", "reasons", "cautions", "candidacy", "evidence", "prescription", "dose", "skin", "eye"),
        *("schedule", "notice", "provenance"),
    }
    for reason in [*plan["reasons"], *plan["cautions"]]:
        assert set(reason) >= {"rule", "level", "kind", "message", "source"}
    assert plan["dose"][0]["wavelength_nm"] is None
    for row in plan["dose"]:
        low, middle, high = (row["fluence_j_cm2"][key] for key in ("p5", "median", "p95"))
        assert 0 <= low <= middle <= high
        assert set(row) >= {"site", "side", "structure", "depth_mm", "fluence_rate_mw_cm2", "chance_in_window"}
    assert plan["skin"]["irradiance_mw_cm2"] > 0
    assert set(plan["eye"]) >= {"seconds_without_eyewear", "eyewear_needed"}
    assert "investigational" in plan["notice"]


@pytest.mark.parametrize("name", VERDICTS)
def test_no_text_makes_a_prohibited_claim(planned: dict[str, Planned], name: str) -> None:
    done = planned[name]
    pages = [(done.folder / "out" / page).read_text(encoding="utf-8") for page in ("report.html", "home_sheet.html")]
    texts = [re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL) for page in pages]
    for text in (*texts, done.run.stdout, json.dumps(done.plan, ensure_ascii=False)):
        assert broken_claims(text) == ()
        assert "investigational" in text


@pytest.mark.parametrize("name", VERDICTS)
def test_summary_fits_eighty_columns(planned: dict[str, Planned], name: str) -> None:
    lines = planned[name].run.stdout.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert "…" not in planned[name].run.stdout


def test_no_trial_found_stands_above_the_minutes(cramps: Planned) -> None:
    assert cramps.run.returncode in (0, 3), cramps.run.stderr
    said = " ".join(cramps.run.stdout.split()).lower()
    assert "no trial found" in said
    assert said.index("no trial found") < said.index("minutes")
    assert broken_claims(said) == ()


def test_same_seed_gives_the_same_bytes_and_json_alone_writes_nothing(planned: dict[str, Planned]) -> None:
    done = planned["carpal_tunnel"]
    empty = done.folder / "empty"
    empty.mkdir()
    case = str(EXAMPLES / "carpal_tunnel.toml")
    words = ("plan", case, "--json")
    again = openpbm(empty, *words, command=LITTLE_LIGHT)
    assert again.returncode == 0
    assert json.loads(again.stdout) == done.plan
    assert list(empty.iterdir()) == []


def test_an_older_plan_leaves_no_calendar_behind(planned: dict[str, Planned]) -> None:
    """A calendar of an allowed course once allowed would outlive the refusal that replaced it."""
    done = planned["insensate_foot"]
    older = done.folder / "openpbm-plan"
    shutil.copytree(planned["neck_spasm"].folder / "out", older)
    (older / "mine.txt").write_text("keep")
    case = str(EXAMPLES / "insensate_foot.toml")
    run = with_little_light(done.folder, "plan", case)
    assert run.returncode == 3
    assert not (older / "calendar.png").exists()
    assert (older / "mine.txt").read_text() == "keep"


@pytest.mark.parametrize(
    "words", [("sites",), ("screen", "--codes"), ("devices", "--json"), ("--help",), ("medicines", "aspirin")]
)
def test_a_full_disk_under_the_output_is_one_line(words: tuple[str, ...]) -> None:
    """A traceback, and status 1, which says that the program has a fault."""
    with Path("/dev/full").open("w") as full:
        run = subprocess.run((*COMMAND, *words), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.startswith("standard output: cannot be written (No space left on device)")
    assert len(run.stderr.splitlines()) == 1


def test_a_reader_who_has_left_is_no_fault_of_ours(here: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> None:
    """`openpbm single-case DATA.csv | head` ended with 1, which says that the program has a fault."""

    def printing(standalone_mode: bool) -> None:
        try:
            raise BrokenPipeError
        except BrokenPipeError:
            raise SystemExit(1)  # noqa: B904 (as rich does)

    monkeypatch.setattr("openpbm.cli.commands._parser", lambda first_word: printing)
    assert here("sites").returncode == 0


def _hears_ctrl_c() -> None:
    """What a shell starts in the background is deaf to it, and so is everything started from there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("seconds", [1.5])
def test_interrupted_writes_nothing(tmp_path: Path, seconds: float) -> None:
    words = ("plan", str(EXAMPLES / "neck_spasm.toml"), "--seed", "9")
    running = subprocess.Popen(
        (*COMMAND, *words), cwd=tmp_path, stderr=subprocess.PIPE, text=True, preexec_fn=_hears_ctrl_c
    )
    time.sleep(seconds)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.strip().endswith("interrupted; nothing was written")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "needles"),
    [
        (("plan",), ["Missing argument"]),
        (("plan", "nope.toml"), ["nope.toml", "cannot be read"]),
        (("plan", "."), ["directory"]),
        (("plan", "case.toml", "--out", "afile"), ["afile", "name a folder"]),
        (("plan", "case.toml", "--out", "afile/below"), ["afile", "name a folder"]),
        (("plan", "case.toml", "--out", ""), ['--out = "": empty']),
        (("plan", "case.toml", "--out="), ['--out = "": empty']),
        (("plan", ""), ['argument = "": empty']),
        (("serve", "--data-dir", " "), ["--data-dir", "empty"]),
        (("plan", "case.toml", "--seed", "-1"), ["--seed"]),
        (("plan", "case.toml", "--seed", "x"), ["--seed"]),
        (("plan", "case.toml", "--nope"), ["--nope"]),
        (("paln", "case.toml"), ["paln", "plan"]),
        (("devices", "extra"), ["extra"]),
        (("screen",), ["no case file", "--codes"]),
        (("simulate", "scene.json", "--seed", str(2**63)), ["--seed"]),
    ],
)
def test_a_wrong_command_is_one_line(
    tmp_path: Path, here: Callable[..., Ended], words: tuple[str, ...], needles: list[str]
) -> None:
    (tmp_path / "case.toml").write_bytes((EXAMPLES / "insensate_foot.toml").read_bytes())
    (tmp_path / "afile").write_text("a file")
    run = here(*words)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert all(needle in run.stderr for needle in needles)
    assert run.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {"case.toml", "afile"}


@pytest.mark.parametrize(
    ("content", "needles"),
    [
        (b"\xff\xfe\x00", ["not UTF-8"]),
        (b"[person]\nage_years = 1\nage_years = 2\n", ["line 3", "age_years"]),
        (b"[course]\nstart_date = 2026-02-30\n", ["line 2", "date does not exist"]),
        (b"[person]\nage_years = 1" + b"0" * 5000, ["thousands of digits"]),
        (b"a = " + b"[" * 3000 + b"]" * 3000, ["nested too deeply"]),
        (b'[person]\n"\\u001b[31mred" = 1\n', ["control character"]),
        (b'[person]\nsex = "\\u001b[31mred"\n', ["person.sex", "control character"]),
    ],
)
def test_an_unreadable_case_is_one_line(
    tmp_path: Path, here: Callable[..., Ended], content: bytes, needles: list[str]
) -> None:
    """A number of 5000 digits and a list nested 3000 deep once ended in a traceback."""
    (tmp_path / "case.toml").write_bytes(content)
    run = here("screen", "case.toml")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "\x1b" not in run.stderr
    assert all(needle in run.stderr for needle in needles)


@pytest.mark.parametrize(
    ("text", "needles"),
    [
        (json.dumps(SCENE | {"photons": 0}), ["photons = 0"]),
        (json.dumps(SCENE | {"photons": 10**400}), ["photons = 1000", "…", "at most"]),
        (json.dumps(SCENE).replace("2000", "1" + "0" * 5000), ["not valid JSON"]),
        (json.dumps(SCENE | {"layers": []}), ["layers", "at least 1"]),
        (json.dumps(SCENE | {"source": "pencil"}), ["source", "section"]),
        (json.dumps(SCENE)[:-1] + ', "photons": 5}', ["photons", "more than once"]),
        (json.dumps(SCENE).replace("slab", "\\ud800"), ["layers[0].name", "control character"]),
        (json.dumps(SCENE | {"bin_mm": float("nan")}), ["bin_mm", "finite"]),
        ("[" * 100_000, ["JSON"]),
    ],
)
def test_a_bad_scene_is_one_line(tmp_path: Path, here: Callable[..., Ended], text: str, needles: list[str]) -> None:
    """Half a character in a name once printed the whole scene; of a key given twice the last was silently kept."""
    (tmp_path / "scene.json").write_text(text, encoding="utf-8")
    run = here("simulate", "scene.json", "--json")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert len(run.stderr) < 300
    assert all(needle in run.stderr for needle in needles)


def test_simulate_answers_in_json_alone(tmp_path: Path) -> None:
    (tmp_path / "scene.json").write_text(json.dumps(SCENE), encoding="utf-8")
    run = openpbm(tmp_path, "simulate", "scene.json", "--method", "monte_carlo", "--json")
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert answer["photons_per_second"] > 0
    assert set(answer) >= {
        *("specular", "diffuse_reflectance", "transmittance", "absorbed", "fluence_rate"),
        *("energy_balance_error", "engine", "photons_per_second"),
    }
    assert answer["energy_balance_error"] < 1e-9
    assert {path.name for path in tmp_path.iterdir()} == {"scene.json"}


def test_simulate_follows_no_photon_unless_asked(tmp_path: Path, here: Callable[..., Ended]) -> None:
    (tmp_path / "scene.json").write_text(json.dumps(SCENE), encoding="utf-8")
    answer = json.loads(here("simulate", "scene.json", "--json").stdout)
    assert answer["photons_per_second"] is None
    assert answer["fluence_rate"][0]["error_estimate"] < 0.002
    assert "error estimate" in here("simulate", "scene.json").stdout
    assert here("simulate", "scene.json", "--method", "by hand").returncode == 2


@pytest.mark.parametrize("words", [("devices",), ("sites",), ("screen", "--codes")])
def test_catalogues_print_in_words_and_in_json(here: Callable[..., Ended], words: tuple[str, ...]) -> None:
    assert here(*words).returncode == 0
    assert json.loads(here(*words, "--json").stdout)


def test_a_terminal_of_few_characters_is_served(tmp_path: Path) -> None:
    """An arrow or a tick on an ASCII terminal once ended in a traceback."""
    plain: dict[str, Any] = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    run = openpbm(tmp_path, "screen", str(EXAMPLES / "insensate_foot.toml"), **plain)
    assert run.returncode == 3, run.stderr
    assert "->" in run.stdout
    codes = openpbm(tmp_path, "screen", "--codes", "--json", **plain)
    assert codes.returncode == 0
    assert json.loads(codes.stdout)


def test_a_closed_output_is_no_bug(tmp_path: Path) -> None:
    line = f"{sys.executable} -c 'from openpbm.cli import main; main()' devices >&-"
    run = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
