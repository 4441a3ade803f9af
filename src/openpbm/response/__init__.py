"""What light does to tissue: temperature, cells and vessels within a session, a course of weeks. Sees numbers only."""

from openpbm.response.session.day import DayTotals, day_totals
from openpbm.response.session.lighting import Lighting, Warmth, warmth_along, warmth_of_absorption
from openpbm.response.session.observables import Instruments, observed
from openpbm.response.session.physiology import Physiology
from openpbm.response.session.run import SessionStates, lamp_on, run_session, time_grid
from openpbm.response.temperature import (
    HeatCells,
    Heating,
    HeatModes,
    Lateral,
    Surface,
    cell_layout,
    cem43_minutes,
    heating,
)
from openpbm.response.weeks.answer import Answer
from openpbm.response.weeks.dose_forms import FORMS, FormShape, Spectrum, effective_dose_j_cm2, stimulus
from openpbm.response.weeks.mechanistic_dose import DayWeights, mechanistic_dose_j_cm2
from openpbm.response.weeks.regimen import LitSession, Regimen, merged
from openpbm.response.weeks.score import CourseScores, course_scores

__all__ = [
    "FORMS",
    "Answer",
    "CourseScores",
    "DayTotals",
    "DayWeights",
    "FormShape",
    "HeatCells",
    "HeatModes",
    "Heating",
    "Instruments",
    "Lateral",
    "Lighting",
    "LitSession",
    "Physiology",
    "Regimen",
    "SessionStates",
    "Spectrum",
    "Surface",
    "Warmth",
    "cell_layout",
    "cem43_minutes",
    "course_scores",
    "day_totals",
    "effective_dose_j_cm2",
    "heating",
    "lamp_on",
    "mechanistic_dose_j_cm2",
    "merged",
    "observed",
    "run_session",
    "stimulus",
    "time_grid",
    "warmth_along",
    "warmth_of_absorption",
]
