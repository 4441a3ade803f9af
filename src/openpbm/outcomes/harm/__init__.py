"""What the light or the medicines may have done: events with their grades, relapse, augmentation, opioids."""

from openpbm.outcomes.harm.adverse_events import (
    GradedEvent,
    grade_events,
    grade_felt,
    red_flags,
    stop_reasons_of_events,
    worst_grade,
)
from openpbm.outcomes.harm.augmentation import AugmentationAlarm, augmentation_alarm
from openpbm.outcomes.harm.medicines import lines_of_tried, medicines_of, read_action, stop_reasons
from openpbm.outcomes.harm.opioid_burden import OpioidBurden, compute_opioid_burden
from openpbm.outcomes.harm.relapse import Lasting, LastingRow, LastingWord, find_lasting

__all__ = [
    "AugmentationAlarm",
    "GradedEvent",
    "Lasting",
    "LastingRow",
    "LastingWord",
    "OpioidBurden",
    "augmentation_alarm",
    "compute_opioid_burden",
    "find_lasting",
    "grade_events",
    "grade_felt",
    "lines_of_tried",
    "medicines_of",
    "read_action",
    "red_flags",
    "stop_reasons",
    "stop_reasons_of_events",
    "worst_grade",
]
