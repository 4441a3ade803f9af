"""Words for people, in one place: dates, numbers and codes as every page, letter and terminal writes them."""

from openpbm.wording.codes import (
    DECISIONS,
    DOSES,
    GRADES,
    PROGRAMMES,
    SYMPTOMS,
    URGENCY,
    VERDICTS,
    DecisionWords,
    VerdictWords,
    in_words,
    level_in_words,
    place_in_words,
    verdict_words,
)
from openpbm.wording.dates import MONTHS, WEEKDAYS, clock_in_words, date_in_words, dates_in_words
from openpbm.wording.numbers import (
    gap_in_words,
    minutes_in_words,
    percent_in_words,
    quantity,
    range_in_words,
    touches,
)

__all__ = [
    "DECISIONS",
    "DOSES",
    "GRADES",
    "MONTHS",
    "PROGRAMMES",
    "SYMPTOMS",
    "URGENCY",
    "VERDICTS",
    "WEEKDAYS",
    "DecisionWords",
    "VerdictWords",
    "clock_in_words",
    "date_in_words",
    "dates_in_words",
    "gap_in_words",
    "in_words",
    "level_in_words",
    "minutes_in_words",
    "percent_in_words",
    "place_in_words",
    "quantity",
    "range_in_words",
    "touches",
    "verdict_words",
]
