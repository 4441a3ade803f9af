"""How to run an exported model, in SED-ML: the time course, its method, the states to report and to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpbm.errors import OpenPBMError
from openpbm.mechanism.exchange.median_models import ModelRun
from openpbm.mechanism.optional_packages import optional_package

if TYPE_CHECKING:
    from libsedml import SedDocument

__all__ = ["sedml_of"]

# CVODE, and its relative tolerance, in the Kinetic Simulation Algorithm Ontology.
_CVODE, _RELATIVE_TOLERANCE = "KISAO:0000019", "KISAO:0000209"
_TIME = "urn:sedml:symbol:time"


def sedml_of(run: ModelRun, source: str) -> str:
    """SED-ML, level 1 version 4, for the model in the file `source`."""
    libsedml = optional_package("libsedml")
    document = libsedml.SedDocument(1, 4)
    _time_course(document, run, source)
    _generators(document, run, libsedml)
    _outputs(document, run)
    text = str(libsedml.writeSedMLToString(document))
    read = libsedml.readSedMLFromString(text)
    if read.getNumErrors(libsedml.LIBSEDML_SEV_ERROR):
        raise OpenPBMError(f"{run.name}: {read.getErrorLog().toString()}")
    return text


def _time_course(document: SedDocument, run: ModelRun, source: str) -> None:
    model = document.createModel()
    model.setId(run.name)
    model.setSource(source)
    model.setLanguage("urn:sedml:language:sbml")
    course = document.createUniformTimeCourse()
    course.setId("course")
    course.setInitialTime(0.0)
    course.setOutputStartTime(0.0)
    course.setOutputEndTime(run.end)
    course.setNumberOfSteps(run.points)
    method = course.createAlgorithm()
    method.setKisaoID(_CVODE)
    tolerance = method.createAlgorithmParameter()
    tolerance.setKisaoID(_RELATIVE_TOLERANCE)
    tolerance.setValue("1e-10")
    task = document.createTask()
    task.setId("run")
    task.setModelReference(run.name)
    task.setSimulationReference("course")


def _generators(document: SedDocument, run: ModelRun, libsedml: object) -> None:
    for name in ("time", *run.shown):
        generator = document.createDataGenerator()
        generator.setId(f"{name}_values")
        generator.setName(name)
        variable = generator.createVariable()
        variable.setId(f"{name}_of_run")
        variable.setTaskReference("run")
        if name == "time":
            variable.setSymbol(_TIME)
        else:
            variable.setTarget(f"/sbml:sbml/sbml:model/sbml:listOfParameters/sbml:parameter[@id='{name}']")
        generator.setMath(libsedml.parseL3Formula(variable.getId()))  # type: ignore[attr-defined]


def _outputs(document: SedDocument, run: ModelRun) -> None:
    report = document.createReport()
    report.setId("states")
    for name in ("time", *run.shown):
        column = report.createDataSet()
        column.setId(f"{name}_column")
        column.setLabel(name)
        column.setDataReference(f"{name}_values")
    for name in run.shown:
        plot = document.createPlot2D()
        plot.setId(f"{name}_plot")
        curve = plot.createCurve()
        curve.setId(f"{name}_curve")
        curve.setName(f"{name} over time [{run.time_unit}]")
        curve.setXDataReference("time_values")
        curve.setYDataReference(f"{name}_values")
