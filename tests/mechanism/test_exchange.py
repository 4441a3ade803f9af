"""The exported models: other programs read them, and get our curves."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import libsedml
import numpy as np
import pytest
import roadrunner

from openpbm.cli import main
from openpbm.mechanism.exchange import ModelRun, export_models, median_course, median_session
from openpbm.mechanism.exchange.median_models import (
    ABSORPTION_PER_CM,
    LAMP_OFF_S,
    LAMP_ON_S,
    SESSION_DAYS,
    course_stimulus,
    median_lighting,
)
from openpbm.mechanism.virtual_people import RankedPeople
from openpbm.response import run_session, warmth_of_absorption
from openpbm.response.weeks import kernel
from openpbm.response.weeks.score import follow_people


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(export_models(tmp_path_factory.mktemp("exchange"))[0]).parent


def simulated(folder: Path, run: ModelRun) -> Any:
    """Curves of the written SBML, run as its SED-ML says, by state."""
    document = libsedml.readSedMLFromFile(str(folder / f"{run.name}.sedml"))
    assert document.getNumErrors(libsedml.LIBSEDML_SEV_ERROR) == 0
    course = document.getSimulation(0)
    simulator = roadrunner.RoadRunner(str(folder / document.getModel(0).getSource()))
    simulator.integrator.relative_tolerance = float(course.getAlgorithm().getAlgorithmParameter(0).getValue())
    simulator.integrator.absolute_tolerance = 1e-12
    names = [document.getOutput(0).getDataSet(number).getLabel() for number in range(1 + len(run.shown))]
    simulator.timeCourseSelections = names
    table = np.asarray(simulator.simulate(0.0, course.getOutputEndTime(), course.getNumberOfSteps() + 1))
    return dict(zip(names, table.T, strict=True))


def test_the_written_session_is_ours(folder: Path) -> None:
    theirs = simulated(folder, median_session())
    person = RankedPeople({}, 1)
    times_s = theirs["time"]
    middles = 0.5 * (times_s[1:] + times_s[:-1])
    on = (middles > LAMP_ON_S) & (middles < LAMP_OFF_S)
    lit = median_lighting(person)
    warmth = warmth_of_absorption(lit, np.array([[ABSORPTION_PER_CM]]), on)
    ours = run_session(person.physiology("muscle"), lit, warmth, times_s=times_s, on=on, tolerance=1e-10)
    assert ours.warmth_c.max() > 0.2
    fields = {"store": "store_nm", "warmth": "warmth_c", "oxygen": "oxygen_um"}
    for name in median_session().shown:
        values = getattr(ours, fields.get(name, name))[0]
        np.testing.assert_allclose(theirs[name], values, rtol=1e-6, atol=1e-8, err_msg=name)


def test_the_written_course_is_ours(folder: Path) -> None:
    theirs = simulated(folder, median_course())
    answer = RankedPeople({}, 1).answer(start_share=0.5)
    stimuli = np.full((1, SESSION_DAYS.size), course_stimulus())
    days = np.asarray(SESSION_DAYS, dtype=np.float64)
    ours = follow_people(answer, stimuli, days, theirs["time"], float(days[-1]))[0]
    assert ours[:, kernel.EFFECT].max() > 0.5
    for name, state in (
        ("effect", kernel.EFFECT),
        ("inflammation", kernel.INFLAMMATION),
        ("deficit", kernel.CONDUCTION),
        ("expectation", kernel.EXPECTATION),
    ):
        # On the day of a session we give the effect after it, a simulator what it was as the event came.
        after = np.abs(theirs["time"][:, None] - SESSION_DAYS).min(axis=1) > 1e-6
        np.testing.assert_allclose(theirs[name][after], ours[after, state], rtol=1e-6, atol=1e-8, err_msg=name)


def test_the_archive_names_all_that_it_holds(folder: Path) -> None:
    with zipfile.ZipFile(folder / "mechanism.omex") as archive:
        assert archive.testzip() is None
        entries = ElementTree.fromstring(archive.read("manifest.xml"))
        places = {entry.attrib["location"]: entry.attrib for entry in entries}
        assert set(places) == {"."} | {f"./{name}" for name in archive.namelist()}
        for name in archive.namelist():
            if name != "manifest.xml":
                assert archive.read(name) == (folder / name).read_bytes()
    assert places["./session.sedml"]["master"] == "true"
    assert places["./session.xml"]["format"].endswith("sbml")
    again = export_models(folder)
    assert zipfile.is_zipfile(again[-1])


def test_the_command_names_what_it_wrote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["openpbm", "mechanism", "--export", str(tmp_path / "models")])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    shown = capsys.readouterr().out
    written = sorted(path.name for path in (tmp_path / "models").iterdir())
    assert written == sorted(
        ["mechanism.omex", *(f"{model}.{kind}" for model in ("session", "weeks") for kind in ("ant", "xml", "sedml"))]
    )
    assert all(name in shown for name in written)
    assert "if all of them held" in shown
