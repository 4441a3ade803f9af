"""The files of a plan for people to read, and the folder they are handed over in: all of it, or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from openpbm.errors import BadInput, Problem
from openpbm.picture_style import PictureKind

if TYPE_CHECKING:
    from openpbm.planning import Plan

__all__ = [
    "PLAN_FILES",
    "draw_pictures",
    "pictures_beside",
    "publish",
    "publish_files",
    "refuse_foreign_files",
    "write",
    "write_json",
]

#: Draws the pictures of a plan into a folder while what is inside its `with` goes on.
DrawingPictures = Callable[["Plan", Path], AbstractContextManager[None]]

# What an earlier plan may have left here: a calendar of sessions must not outlive the plan that allowed them.
PLAN_FILES = (
    "plan.json",
    "report.html",
    "home_sheet.html",
    "dose_depth.png",
    "dose_volume.png",
    "irradiance_map.png",
    "calendar.png",
)


def publish(plan: Plan, folder: Path, drawing: DrawingPictures | None = None) -> None:
    """Write plan.json, the pages and the pictures into `folder`; an interrupted run leaves it as it was.

    drawing : what draws the pictures meanwhile, as `pictures_beside` gives it; else they are drawn here
    Raises BadInput where the folder cannot be made or written.
    """

    def write_all(room: Path) -> None:
        with (drawing or _drawing_here)(plan, room):
            (room / "plan.json").write_text(plan.to_json(), encoding="utf-8", newline="\n")
            _write_pages(plan, room)

    publish_files(write_all, folder, PLAN_FILES)


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write `content` as JSON; a number that is not finite is a bug and raises."""
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def publish_files(write_all: Callable[[Path], object], folder: Path, names: Sequence[str]) -> None:
    """Let `write_all` fill an empty folder, then move its files `names` into `folder` one after the other.

    A file of `names` that was not written is taken away from `folder`, so that none is left from an earlier run; other
    files stay. Raises BadInput where the folder cannot be made or written, or where a file of that name is not ours.
    """
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Inside the folder itself, because os.replace is only whole within one file system.
        room = Path(tempfile.mkdtemp(dir=folder, prefix=".openpbm-"))
        try:
            write_all(room)
            refuse_foreign_files(folder, names)
            _note_written(room, folder, names)
            for name in names:
                if (room / name).exists():
                    os.replace(room / name, folder / name)
                else:
                    (folder / name).unlink(missing_ok=True)
        finally:
            shutil.rmtree(room, ignore_errors=True)
            if made and not any(folder.iterdir()):
                # Interrupted before the first file: the folder was not there, and is not now.
                folder.rmdir()
    except OSError as error:
        raise BadInput(
            Problem(
                key=str(folder),
                message=f"cannot be written ({error.strerror})",
                remedy="name another folder with --out",
            )
        ) from error


def refuse_foreign_files(folder: Path, names: Sequence[str]) -> None:
    """Say so when a file that would be replaced was not written by an earlier run, or was changed since.

    A folder in its place would stop the move half way; it is named too.
    """
    noted, problems = _noted(folder), []
    for name in names:
        file = folder / name
        if file.is_dir():
            problems.append(
                Problem(key=f"{file}", message="is a folder where a file is to be written", remedy="move it away")
            )
        elif file.exists() and _digest(file) not in noted.get(name, ()):
            message = "is there, and no earlier run here wrote it as it is"
            problems.append(Problem(key=f"{file}", message=message, remedy="move it away, or name another folder"))
    if problems:
        raise BadInput(problems)


#: What earlier runs wrote into a folder, by name: hidden, since it is for nobody to read.
_NOTED = ".openpbm-files.json"


def _noted(folder: Path) -> dict[str, list[str]]:
    try:
        noted: dict[str, list[str]] = json.loads((folder / _NOTED).read_text(encoding="utf-8"))
    # Without it, or with one that cannot be read, no file there is known to be ours.
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _note_written(room: Path, folder: Path, names: Sequence[str]) -> None:
    """Note the files about to be moved, beside those they replace: an interrupted move must not look like another's."""
    noted = _noted(folder)
    for name in names:
        files = (room / name, folder / name)
        digests = [_digest(file) for file in files if file.exists()]
        if digests:
            noted[name] = list(dict.fromkeys(digests))
        else:
            noted.pop(name, None)
    write_json(noted, room / _NOTED)
    os.replace(room / _NOTED, folder / _NOTED)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write(plan: Plan, folder: Path) -> tuple[Path, ...]:
    """Write report, home sheet and the pictures whose data the plan carries; return the paths, in that order.

    folder : an existing folder; making the whole of it appear at once is the caller's business.
    No clock, no network, no random number: the same plan gives the same bytes. Raises OSError where `folder`
    cannot be written.
    """
    return _write_pages(plan, folder) + draw_pictures(plan, folder)


def _write_pages(plan: Plan, folder: Path) -> tuple[Path, ...]:
    # The pages pull in jinja2, which is not needed to import the package.
    from openpbm.report.clinical_report import render_report
    from openpbm.report.home_sheet import render_home_sheet

    # The pictures lie beside the page, so the name alone leads to them wherever the folder is carried.
    beside = {name: f"{name}.png" for name in _pictures_of(plan)}
    return (
        _write_page(folder / "report.html", render_report(plan, beside)),
        _write_page(folder / "home_sheet.html", render_home_sheet(plan)),
    )


@contextmanager
def pictures_beside() -> Iterator[DrawingPictures]:
    """What draws pictures in a process of its own, which gets ready for it while the plan is computed here.

    To load what draws them takes as long as to compute a plan. Where no process can be had, they are drawn here.
    """
    if not _can_fork():
        yield _drawing_here
        return
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        # Neither room nor number for one more.
        os.close(reading)
        os.close(writing)
        yield _drawing_here
        return
    if process == 0:
        os.close(writing)
        _draw_what_comes(reading)
    os.close(reading)
    beside = _PicturesBeside(process, writing)
    try:
        yield beside.drawing
    finally:
        beside.end()


@contextmanager
def _drawing_here(plan: Plan, folder: Path) -> Iterator[None]:
    yield
    draw_pictures(plan, folder)


def _can_fork() -> bool:
    """A process with threads is not to be forked; with NumPy may have come those of linear algebra."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1 and len(os.sched_getaffinity(0)) > 1


def _draw_what_comes(reading: int) -> NoReturn:
    """The life of the other process; it ends with status 0 when all is drawn."""
    status = 1
    try:
        _get_ready()
        with os.fdopen(reading, "rb") as pipe:
            plan, folder = pickle.load(pipe)
        pictures = list(_pictures_of(plan).items())
        # By two, since all else is done by now: every other picture each.
        helper = os.fork()
        for name, draw in pictures[helper == 0 :: 2]:
            draw(folder / f"{name}.png")
        status = int(helper != 0 and os.waitpid(helper, 0)[1] != 0)
    finally:
        # Nothing of what the command was about to do is done twice, nor said.
        os._exit(status)


def _get_ready() -> None:
    """Load all that pictures need, down to the letters."""
    import matplotlib.artist

    # Nobody asks this process for help, and to write that of all that can be drawn takes a quarter of the loading.
    vars(matplotlib.artist)["kwdoc"] = lambda artist: ""
    from openpbm.picture_style import new_figure, picture_style
    from openpbm.report import calendar, dose_pictures  # noqa: F401 (to have them)

    with picture_style():
        figure = new_figure(1.0, 1.0)
        axes = figure.add_subplot()
        for weight in ("normal", "bold"):
            axes.text(0.5, 0.5, "ready", fontweight=weight)
        figure.canvas.draw()


class _PicturesBeside:
    """The other process as seen from here."""

    def __init__(self, process: int, writing: int) -> None:
        self.process, self._pipe = process, os.fdopen(writing, "wb")
        self._ended = False

    @contextmanager
    def drawing(self, plan: Plan, folder: Path) -> Iterator[None]:
        """Let it draw while the caller goes on; at the end all is drawn."""
        # It is gone: `draw_pictures` below will say why, if there is a reason.
        with suppress(BrokenPipeError), self._pipe as pipe:
            pickle.dump((plan, folder), pipe)
        yield
        _, status = os.waitpid(self.process, 0)
        self._ended = True
        if status != 0:
            draw_pictures(plan, folder)

    def end(self) -> None:
        """Nothing more is to be written: not even when this run was interrupted while it was at it."""
        if self._ended:
            return
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        with suppress(BrokenPipeError):
            self._pipe.close()


def draw_pictures(plan: Plan, folder: Path, kind: PictureKind = "png") -> tuple[Path, ...]:
    """Draw the pictures whose data the plan carries into `folder`; return their paths."""
    return tuple(draw(folder / f"{name}.{kind}") for name, draw in _pictures_of(plan).items())


def _pictures_of(plan: Plan) -> dict[str, Callable[[Path], Path]]:
    """What draws each picture whose data the plan carries into the file that it is given, by the picture's name."""
    from openpbm.report.calendar import draw_calendar
    from openpbm.report.dose_pictures import curves_with_dose, draw_dose_depth, draw_dose_volume, draw_irradiance_map

    pictures: dict[str, Callable[[Path], Path]] = {}
    if curves_with_dose(plan):
        pictures["dose_depth"] = partial(draw_dose_depth, plan)
    if plan.dose_volume:
        pictures["dose_volume"] = partial(draw_dose_volume, plan)
    if plan.irradiance_map is not None:
        pictures["irradiance_map"] = partial(draw_irradiance_map, plan.irradiance_map)
    if plan.schedule is not None:
        pictures["calendar"] = partial(draw_calendar, plan.schedule)
    return pictures


def _write_page(path: Path, text: str) -> Path:
    # newline="\n": the bytes are the same on every system.
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
