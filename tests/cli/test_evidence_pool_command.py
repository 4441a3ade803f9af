"""`openpbm evidence pool`: JSON by its contract, a sentence for people, and one plain line a problem."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.cli import main

BCG = Path(__file__).parents[1] / "evidence" / "bcg.csv"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*words: str) -> tuple[int, str, str]:
        command = [] if words[0] == "network" else ["pool"]
        monkeypatch.setattr(sys, "argv", ["openpbm", "evidence", *command, *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run_command


def test_json_holds_what_the_contract_names(run: Run) -> None:
    status, out, _ = run(str(BCG), "--effect", "rr", "--model", "reml", "--knha", "--json")
    answer = json.loads(out)
    assert status == 0
    assert answer["k"] == 13
    assert answer["test"] == pytest.approx({"name": "t", "value": -3.9522, "df": 12, "p": 0.0019}, abs=5e-5)
    assert answer["ci"] == pytest.approx([-1.1084, -0.3206], abs=5e-5)
    assert set(answer["q"]) == {"value", "df", "p"}
    assert sum(answer["weights"]) == pytest.approx(100.0)
    assert len(answer["prediction"]) == 2
    needed = {"estimate", "standard_error", "tau2", "tau2_se", "i2", "h2"}
    assert needed <= set(answer)
    assert "moderators" not in answer


def test_a_moderator_adds_its_row_and_leaves_the_residual_tau2(run: Run) -> None:
    _, out, _ = run(str(BCG), "--effect", "rr", "--moderator", "ablat", "--json")
    answer = json.loads(out)
    (row,) = answer["moderators"]
    assert row["name"] == "ablat"
    assert row["estimate"] == pytest.approx(-0.0291, abs=5e-5)
    assert row["test"] == pytest.approx(-4.0445, abs=5e-4)
    assert answer["qe"] == answer["q"]["value"] == pytest.approx(30.7331, abs=5e-5)
    assert answer["r2"] == pytest.approx(75.6, abs=0.1)
    assert answer["prediction"] is None


def test_words_are_categories(run: Run, tmp_path: Path) -> None:
    """Allocation of the BCG trials; metafor prints -0.5180 and 0.4478 for two of its three kinds."""
    kinds = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 2 + ["random"] + ["systematic"] * 4
    lines = BCG.read_text(encoding="utf-8").splitlines()
    file = tmp_path / "bcg.csv"
    file.write_text("\n".join([lines[0] + ",alloc", *map(",".join, zip(lines[1:], kinds, strict=True))]), "utf-8")
    _, out, _ = run(str(file), "--effect", "rr", "--moderator", "alloc", "--moderator", "year", "--json")
    assert [row["name"] for row in json.loads(out)["moderators"]] == ["alloc=random", "alloc=systematic", "year"]


def test_groups_apart_and_each_study_left_out(run: Run, tmp_path: Path) -> None:
    """Two groups with a known answer: 0.1 and 0.3 by inverse variance apart, and no difference within them."""
    file = tmp_path / "pool.csv"
    rows = ["a,0.1,0.02,sham", "b,0.1,0.02,sham", "c,0.3,0.02,drug", "d,0.3,0.02,drug", "e,0.5,0.04,none"]
    file.write_text("\n".join(["study,yi,vi,control", *rows]), encoding="utf-8")
    words = (str(file), "--model", "fixed", "--subgroup", "control", "--sensitivity")
    answer = json.loads(run(*words, "--json")[1])
    groups = {part["name"]: part for part in answer["subgroups"]["groups"]}
    assert [groups[name]["estimate"] for name in ("sham", "drug", "none")] == pytest.approx([0.1, 0.3, 0.5])
    assert groups["sham"]["standard_error"] == pytest.approx(0.1)
    centre = (10 + 30 + 12.5) / 225
    expected = 100 * (0.1 - centre) ** 2 + 100 * (0.3 - centre) ** 2 + 25 * (0.5 - centre) ** 2
    assert answer["subgroups"]["between"]["value"] == pytest.approx(expected)
    without = answer["sensitivity"]["leave_one_out"]
    assert [part["name"] for part in without] == list("abcde")
    assert without[4]["estimate"] == pytest.approx(0.2)
    assert answer["sensitivity"]["small_studies"]["egger_p"] is None
    out = " ".join(run(*words)[1].split())
    assert "Test that the groups agree: Q" in out


def test_people_read_a_sentence_with_the_ratio(run: Run) -> None:
    _, out, _ = run(str(BCG), "--effect", "rr", "--knha")
    said = " ".join(out.split())
    assert "13 studies: log risk ratio -0.715 (95 % interval -1.11 to -0.321, p 0.0019)" in said
    assert "As a risk ratio: 0.489 (0.33 to 0.726)." in said


EFFECTS = "study,yi,vi\na,0.1,0.04\nb,0.3,0.05\nc,0.2,0.09\n"
MEANS = "study,n1,m1,sd1,n2,m2,sd2\na,20,1,2,20,0,2\nb,20,1,2,20,0,2\nc,20,1,2,20,0,2\n"


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        ("", (), "pool.csv: holds no study; write the columns study,yi,vi"),
        ("study,yi\na,1\nb,2\n", (), "pool.csv line 1: no column vi; add it (columns: study,yi,vi)"),
        ("study,x\na,1\nb,2\n", (), "pool.csv line 1: no column to pool; give study and yi,vi;"),
        ("yi,vi\n1,1\n2,1\n", (), "pool.csv line 1: no column study"),
        (EFFECTS.replace("0.05", "-0.05"), (), 'pool.csv line 3: vi = "-0.05": must be above 0; give the variance'),
        (EFFECTS.replace("b,0.3", "b,"), (), 'pool.csv line 3: yi = "": blank, but needed'),
        (EFFECTS.replace("c,", "A ,"), (), 'pool.csv line 4: study = "A": stands on line 2 already'),
        ("study,yi,vi\na,0.1,0.04\n", (), "pool.csv: 1 study: a pool needs 2 at least"),
        (MEANS.replace("b,20", "b,20.5"), ("--effect", "md"), 'line 3: n1 = "20.5": must be a whole number of people'),
        (MEANS.replace("b,20", "b,1"), ("--effect", "md"), 'line 3: n1 = "1": must be 2 at least'),
        (MEANS.replace("c,20,1,2", "c,20,1,0"), ("--effect", "md"), 'line 4: sd1 = "0": must be above 0'),
        (MEANS, (), "line 1: --effect: needed with the columns n1,m1,sd1,n2,m2,sd2; choose one of md, smd, rom"),
        (MEANS, ("--effect", "rr"), 'line 1: --effect = "rr": the columns n1,m1,sd1,n2,m2,sd2 give no such effect'),
        ("study,e1,n1,e2,n2\na,5,4,1,9\nb,1,9,1,9\n", ("--effect", "or"), 'line 2: e1 = "5": must not exceed n1 = 4'),
        (
            EFFECTS.replace("vi", "vi,e1,n1,e2,n2").replace("\na", ",1,2,3,4\na"),
            (),
            "line 1: a mix of formats: yi,vi and",
        ),
        (EFFECTS, ("--moderator", "dose"), 'line 1: --moderator = "dose": no such column'),
        (EFFECTS, ("--moderator", "vi", "--moderator", "yi"), "3 studies for 3 coefficients"),
        (EFFECTS, ("--model", "fixed", "--knha"), "--knha: belongs to a model with differences between studies"),
        (EFFECTS, ("--subgroup", "yi"), '--subgroup = "yi": a column of numbers; name a column of words'),
        (
            EFFECTS.replace("0.09", "1e11"),
            (),
            'line 4: study = "c": its variance is more than 1e+10 times the smallest',
        ),
        (
            "study,yi,vi,kind\na,0.1,0.04,x\nb,0.3,0.05,x\nc,0.2,0.1,x\nd,0.2,0.1,y\n",
            ("--sensitivity", "--moderator", "kind"),
            'line 5: --sensitivity = "d": the only study of its kind',
        ),
        ("study,yi,vi\na,0.1,0.04\nb,0.3,0.05\n", ("--sensitivity",), "2 studies: with one left out too few stay"),
        (EFFECTS, ("--level", "95"), "--level = 95.0: must be from 0.5 to below 1; write 0.95"),
    ],
)
def test_bad_input_is_one_line_a_problem(
    run: Run, tmp_path: Path, content: str, words: tuple[str, ...], line: str
) -> None:
    file = tmp_path / "pool.csv"
    file.write_text(content, encoding="utf-8")
    status, out, err = run(str(file), "--json", *words)
    assert (status, out) == (2, "")
    assert line in err
    assert len(err.splitlines()) == 1


def test_a_standard_error_in_place_of_a_deviation_is_noticed(run: Run, tmp_path: Path) -> None:
    """A trial of 25 people printed 0.4 beside deviations of 2: that is 2 over the root of 25."""
    file = tmp_path / "pool.csv"
    file.write_text(f"{MEANS}d,25,1,0.4,25,0,0.4\n", encoding="utf-8")
    _, out, _ = run(str(file), "--effect", "md", "--json")
    first, second = (caution for caution in json.loads(out)["cautions"] if "standard error" in caution)
    assert first.startswith("d: sd1 0.4 may be a standard error: times the root of 25 it is 2")
    assert second.startswith("d: sd2")


NETWORK = "study,first,second,effect,standard_error\na,x,y,1,0.5\nb,y,z,1,0.5\n"


def test_a_network_as_netmeta_prints_it(run: Run) -> None:
    senn = str(BCG.parent / "senn2013.csv")
    answer = json.loads(run("network", senn, "--reference", "plac", "--model", "fixed", "--json")[1])
    metformin = next(row for row in answer["treatments"] if row["name"] == "metf")
    assert (metformin["estimate"], metformin["standard_error"]) == pytest.approx((-1.1141, 0.0596), abs=5e-5)
    assert answer["q"]["df"] == 18
    assert "tau2 0.109" in " ".join(run("network", senn, "--reference", "plac")[1].split())


def test_a_chain_without_a_loop_adds_up(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "network.csv"
    file.write_text(NETWORK, encoding="utf-8")
    answer = json.loads(run("network", str(file), "--reference", "z", "--json")[1])
    assert answer["treatments"][0]["estimate"] == pytest.approx(2.0)
    assert answer["treatments"][0]["standard_error"] == pytest.approx(0.5**0.5)
    assert (answer["tau2"], answer["q"]["p"]) == (0.0, None)


@pytest.mark.parametrize(
    ("content", "reference", "line"),
    [
        (NETWORK, "w", 'network.csv: --reference = "w": no such treatment'),
        (
            NETWORK.replace("b,y,z", "b,w,z"),
            "x",
            "network.csv: no chain of comparisons leads from x to every treatment",
        ),
        (NETWORK.replace("b,y,z", "b,z,z"), "x", 'network.csv line 3: second = "z": the same treatment as in first'),
        (NETWORK.replace("y,1,0.5", "y,1,0"), "x", 'network.csv line 2: standard_error = "0": must be above 0'),
        (NETWORK.replace("b,y,z", "a,y,z"), "x", "network.csv: a: 3 arms need each of their contrasts once"),
    ],
)
def test_a_network_that_is_none_is_refused(run: Run, tmp_path: Path, content: str, reference: str, line: str) -> None:
    file = tmp_path / "network.csv"
    file.write_text(content, encoding="utf-8")
    status, out, err = run("network", str(file), "--reference", reference, "--json")
    assert (status, out) == (2, "")
    assert line in err
    assert len(err.splitlines()) == 1
