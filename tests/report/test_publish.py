"""A plan took away a calendar.png that it had not made and wrote over somebody's report.html."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from quick_plans import quick_plan

from openpbm.errors import BadInput
from openpbm.report.publish import draw_pictures, publish_files

NAMES = ("report.html", "calendar.png")


def writing(**files: str) -> Callable[[Path], None]:
    """What writes these files, a dot for each underscore in a name."""

    def write_all(room: Path) -> None:
        for name, text in files.items():
            (room / name.replace("_", ".")).write_text(text)

    return write_all


def files_of(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.glob("[!.]*")}


def test_an_earlier_run_is_replaced_and_what_it_alone_wrote_taken_away(tmp_path: Path) -> None:
    publish_files(writing(report_html="one", calendar_png="one"), tmp_path, NAMES)
    publish_files(writing(report_html="two"), tmp_path, NAMES)
    assert files_of(tmp_path) == {"report.html": "two"}
    publish_files(writing(report_html="three", calendar_png="three"), tmp_path, NAMES)
    assert files_of(tmp_path) == {"report.html": "three", "calendar.png": "three"}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_no_earlier_run_wrote_stops_it_and_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(BadInput, match="no earlier run here wrote it"):
        publish_files(writing(report_html="ours"), tmp_path, NAMES)
    assert files_of(tmp_path) == {name: "mine"}


def test_a_file_changed_since_is_nobodys_to_replace(tmp_path: Path) -> None:
    publish_files(writing(report_html="ours"), tmp_path, NAMES)
    (tmp_path / "report.html").write_text("ours, with my notes")
    with pytest.raises(BadInput, match=r"report\.html"):
        publish_files(writing(report_html="again"), tmp_path, NAMES)


def test_two_kinds_of_files_share_a_folder(tmp_path: Path) -> None:
    publish_files(writing(report_html="plan"), tmp_path, NAMES)
    publish_files(writing(case_html="case"), tmp_path, ("case.html",))
    publish_files(writing(report_html="plan again"), tmp_path, NAMES)
    publish_files(writing(case_html="case again"), tmp_path, ("case.html",))
    assert files_of(tmp_path) == {"report.html": "plan again", "case.html": "case again"}


def test_a_move_that_was_interrupted_can_be_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_files(writing(report_html="one", calendar_png="one"), tmp_path, NAMES)
    import os

    moved = os.replace

    def stop_at_the_calendar(source: Path, target: Path) -> None:
        if target.name == "calendar.png":
            raise KeyboardInterrupt
        moved(source, target)

    with monkeypatch.context() as patched:
        patched.setattr("os.replace", stop_at_the_calendar)
        with pytest.raises(KeyboardInterrupt):
            publish_files(writing(report_html="two", calendar_png="two"), tmp_path, NAMES)
    assert files_of(tmp_path) == {"report.html": "two", "calendar.png": "one"}
    publish_files(writing(report_html="three"), tmp_path, NAMES)
    assert files_of(tmp_path) == {"report.html": "three"}


IN_A_NEW_PROCESS = """
import os, signal, sys
os.environ["OPENBLAS_NUM_THREADS"] = "1"
from pathlib import Path
from openpbm.planning import load_plan
from openpbm.report.publish import pictures_beside
plan = load_plan(Path(sys.argv[1]))
with pictures_beside() as sound, pictures_beside() as struck:
    if hasattr(struck, "__self__"):
        os.kill(struck.__self__.process, signal.SIGKILL)
    for drawing, name in ((sound, "sound"), (struck, "struck")):
        (folder := Path(name)).mkdir()
        with drawing(plan, folder):
            pass
"""


def test_pictures_drawn_beside_are_those_drawn_here_even_where_the_other_process_is_gone(tmp_path: Path) -> None:
    plan = quick_plan()
    (tmp_path / "plan.json").write_text(plan.to_json(), encoding="utf-8")
    subprocess.run([sys.executable, "-c", IN_A_NEW_PROCESS, "plan.json"], cwd=tmp_path, check=True)
    (tmp_path / "here").mkdir()
    names = sorted(path.name for path in draw_pictures(plan, tmp_path / "here"))
    assert "dose_depth.png" in names
    for folder in ("sound", "struck"):
        assert sorted(path.name for path in (tmp_path / folder).iterdir()) == names
        for name in names:
            assert (tmp_path / folder / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
