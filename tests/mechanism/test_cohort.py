"""Cohorts: the same people whoever computes them, nothing lost with a worker, and specifications that are none."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import joblib
import numpy as np
import pyarrow.parquet as parquet
import pytest
from cohort_specs import SPEC, spec_of

from openpbm.cli import main
from openpbm.errors import BadInput
from openpbm.facts.mechanism import arrows
from openpbm.mechanism.cohort import run_cohort
from openpbm.mechanism.cohort.unknowns import sobol_indices

PEOPLE, AT_ONCE = 120, 15
Settings = dict[str, Literal["on", "off"]]
ALL_OFF: Settings = {id: "off" for id in arrows.ids}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed = 5", "seed = 5\narrows.light_ease = 'on'", r'arrows = "light_ease": unknown; did you mean light_eases'),
        ("seed = 5", "seed = 5\narrows.light_eases = true", "arrows.light_eases = true: must be one of on or off"),
        ("minutes = 20", "minutes = -20", r"regimens\[0\].minutes = -20: must be more than 0"),
        ("fluence_rate_mw_cm2 = 10", "fluence_rate_mw_cm2 = -1", "must be at least 0"),
        ("sessions_per_week = 3", "sessions_per_week = 1000000", "must be at most 14"),
        ("weeks = 6", "weeks = 1000000", "must be at most 52"),
        ('"short"', '"long"', "stands twice"),
        ('"irls"', '"irlss"', "unknown"),
        ("start = 26", "start = 41", "must lie between 0 and 40"),
        ("seed = 5", 'seed = 5\ncase = "mine.toml"', "one of target and case is needed"),
        ("seed = 5", "seed = 5\npeople = 4", "not a known key"),
    ],
)
def test_a_specification_that_is_none_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SPEC
    with pytest.raises(BadInput, match=message) as refused:
        spec_of(tmp_path, SPEC.replace(old, new, 1))
    assert len(refused.value.problems) == 1


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cohort computed here and at once; everybody's is to be like it."""
    folder = tmp_path_factory.mktemp("whole")
    run_cohort(spec_of(folder), PEOPLE, folder / "out", at_once=AT_ONCE)
    return folder / "out"


def test_people_are_the_same_under_every_regimen_and_the_summary_is_of_the_table(whole: Path) -> None:
    summary = json.loads((whole / "summary.json").read_text(encoding="utf-8"))
    table = read(whole).to_pandas()
    long, short = (table[table.regimen == name].reset_index() for name in ("long", "short"))
    assert long.person.tolist() == short.person.tolist() == list(range(PEOPLE))
    assert (long.fluence_rate_mw_cm2 == short.fluence_rate_mw_cm2).all()
    np.testing.assert_allclose(long.session_fluence_j_cm2, 2.0 * short.session_fluence_j_cm2, rtol=1e-6)
    assert (long.form == short.form).all()
    assert np.median(long.fluence_rate_mw_cm2) == pytest.approx(10.0, rel=0.05)

    told = summary["regimens"][0]
    week = told["scored_weeks"].index(6)
    assert told["chance_of_gain"] == pytest.approx((long.specific_week_6 <= -3.0).mean())
    assert told["total"]["median"][week] == pytest.approx(np.median(long.sham_week_6 + long.specific_week_6), rel=1e-5)
    pair = summary["differences"][0]
    apart = np.percentile(long.specific_week_6 - short.specific_week_6, 5)
    assert pair["p5"][week] == pytest.approx(apart, rel=1e-5, abs=1e-9)
    assert pair["share_better"] == pytest.approx((long.specific_week_6 < short.specific_week_6).mean())
    assert not (whole / "parts").exists()


def test_with_every_arrow_off_nothing_changes_in_anybody(tmp_path: Path) -> None:
    off = replace(spec_of(tmp_path), arrows=ALL_OFF)
    summary = run_cohort(off, 40, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8")) == summary
    table = parquet.read_table(tmp_path / "out" / "people.parquet").to_pandas()
    for name in ("flow_percent", "oxcco_um", "temperature_c", "stimulus", "specific_week_6", "specific_week_10"):
        assert (table[name] == 0.0).all(), name
    assert summary["regimens"][0]["weight_null"] == 1.0
    assert summary["differences"][0]["share_better"] == summary["differences"][0]["share_worse"] == 0.0


def test_what_was_done_before_an_interruption_is_not_done_again(tmp_path: Path, whole: Path) -> None:
    spec = spec_of(tmp_path)

    def interrupt(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_cohort(spec, PEOPLE, tmp_path / "parted", at_once=AT_ONCE, progress=interrupt)
    kept = sorted((tmp_path / "parted" / "parts").glob("*.parquet"))
    assert len(kept) == 3
    # Another seed is another cohort: its parts are its own.
    run_cohort(replace(spec, seed=6), AT_ONCE, tmp_path / "parted", at_once=AT_ONCE)
    assert sorted((tmp_path / "parted" / "parts").glob("*.parquet")) == kept
    begun: list[int] = []
    run_cohort(spec, PEOPLE, tmp_path / "parted", at_once=AT_ONCE, progress=lambda done, total: begun.append(done))
    assert begun == [3, 4, 5, 6, 7, 8]
    assert read(tmp_path / "parted").equals(read(whole))


def read(folder: Path) -> Any:
    return parquet.read_table(folder / "people.parquet")


def test_a_killed_process_is_one_line_and_the_same_call_goes_on(tmp_path: Path, whole: Path) -> None:
    import psutil

    spec = spec_of(tmp_path)

    def kill_one(done: int, total: int) -> None:
        if done == 2:
            ours = psutil.Process().children(recursive=True)
            os.kill(next(each.pid for each in ours if "LokyProcess" in " ".join(each.cmdline())), signal.SIGKILL)

    with pytest.raises(
        BadInput, match=r"cohort: a worker ended with \d of 8 parts done; the same command goes on from"
    ):
        run_cohort(spec, PEOPLE, tmp_path / "out", at_once=AT_ONCE, workers=2, progress=kill_one)
    kept = len(list((tmp_path / "out" / "parts").glob("*.parquet")))
    assert 2 <= kept < 8
    assert not (tmp_path / "out" / "people.parquet").exists()
    begun: list[int] = []
    run_cohort(spec, PEOPLE, tmp_path / "out", at_once=AT_ONCE, progress=lambda done, total: begun.append(done))
    assert begun[0] == kept
    assert read(tmp_path / "out").equals(read(whole))


def test_the_light_of_a_case_is_that_of_its_tissues_and_a_refused_case_has_none(tmp_path: Path) -> None:
    examples = Path(__file__).parents[2] / "examples"
    spec = replace(spec_of(tmp_path), target=None, case="restless_legs.toml")
    summary = run_cohort(spec, 200, tmp_path / "out", case_folder=examples)
    table = read(tmp_path / "out").to_pandas()
    long, short = (table[table.regimen == name].reset_index() for name in ("long", "short"))
    np.testing.assert_allclose(long.session_fluence_j_cm2, 2.0 * short.session_fluence_j_cm2, rtol=1e-6)
    assert 1.0 < np.median(long.temperature_c / short.temperature_c) < 2.5
    assert np.log(long.fluence_rate_mw_cm2).std() > 0.2
    assert summary["regimens"][0]["session"][0]["name"] == "oxcco_um"
    with pytest.raises(BadInput, match=r'case = "insensate_foot.toml": not allowed'):
        run_cohort(replace(spec, case="insensate_foot.toml"), 40, tmp_path / "refused", case_folder=examples)
    assert not (tmp_path / "refused").exists()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_dask_gives_the_same_table_with_one_two_and_four_workers_and_with_one_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, whole: Path
) -> None:
    import dask
    import distributed

    spec = spec_of(tmp_path)
    library: Any = distributed
    # Workers branch off a process that has imported Dask and computed a part: they begin in a third of the time.
    dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    library.utils.get_mp_context().set_forkserver_preload(
        ["distributed", "pandas", "pyarrow.parquet", "ready_for_parts"]
    )
    cluster = library.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path)
    )
    with cluster, library.Client(cluster) as client, joblib.parallel_config("dask"):
        for workers in (1, 2, 4):
            cluster.scale(workers)
            client.wait_for_workers(workers)
            killed: list[int] = []

            def kill_one(done: int, total: int, workers: int = workers, killed: list[int] = killed) -> None:
                if workers == 4 and done == 2:
                    killed.append(next(iter(client.run(os.getpid).values())))
                    os.kill(killed[0], signal.SIGKILL)

            folder = tmp_path / str(workers)
            run_cohort(spec, PEOPLE, folder, at_once=AT_ONCE, progress=kill_one)
            assert len(killed) == (workers == 4)
            assert read(folder).equals(read(whole)), workers


def test_a_sum_of_two_unknowns_is_shared_between_them_as_it_should_be(tmp_path: Path) -> None:
    """Where warmth is all that opens vessels, flow rests on brightness, warmth's leaving and its gain, and no more."""
    warm: Settings = ALL_OFF | {"light_warms": "on", "warmth_opens_vessels": "on"}
    indices = sobol_indices(replace(spec_of(tmp_path), arrows=warm), base=64)
    flow = {share.unknown: share for share in indices["flow_percent"] if share.total > 0.02}
    assert {"light at the target", "thermal_s"} <= set(flow) <= {"light at the target", "thermal_s", "heat_gain_per_c"}
    assert {share.total for share in indices["flow_percent_of_light"]} == {0.0}
    assert {share.total for share in indices["specific_week_6"]} == {0.0}


def test_the_command_says_if_and_what_it_wrote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    spec_of(tmp_path)
    words = ["openpbm", "cohort", str(tmp_path / "cohort.toml"), "--people", "40", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    shown = " ".join(capsys.readouterr().out.split())
    assert "Week 6, if:" in shown
    assert "would do more in" in shown
    assert (tmp_path / "out" / "people.parquet").exists()


def test_a_case_that_may_have_no_light_ends_as_a_refusal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    refused = Path(__file__).parents[2] / "examples" / "insensate_foot.toml"
    lines = SPEC[: SPEC.index("[target]")] + SPEC[SPEC.index("[[regimens]]") :]
    (tmp_path / "cohort.toml").write_text(f'case = "{refused}"\n{lines}', encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["openpbm", "cohort", str(tmp_path / "cohort.toml"), "--people", "40"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "is not allowed" in shown.err


def test_a_package_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(BadInput, match=r"pyarrow: is not installed; pip install 'openpbm\[research\]'"):
        run_cohort(spec_of(tmp_path), 40, tmp_path / "out")
