"""What was measured: scores, the diary, phases, the change of each measure, and how sure it is."""

from openpbm.outcomes.measures.answers import Wording, read_answers, read_wording
from openpbm.outcomes.measures.cramps import cramp_report
from openpbm.outcomes.measures.data_quality import assess_data_quality
from openpbm.outcomes.measures.diary_change import daily_series, diary_measure
from openpbm.outcomes.measures.finite import finite_or_none
from openpbm.outcomes.measures.impressions import contradicts, read_impressions
from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.mood import crisis_text, crisis_text_needed
from openpbm.outcomes.measures.phases import Phases, phases_of
from openpbm.outcomes.measures.probabilities import compute_probabilities, withheld_probabilities
from openpbm.outcomes.measures.recorded_value import score_value
from openpbm.outcomes.measures.reliability import reliable_change
from openpbm.outcomes.measures.score_change import score_measures
from openpbm.outcomes.measures.scoring import Score, band_of, chosen_version, score
from openpbm.outcomes.measures.series_analysis import analyse_series
from openpbm.outcomes.measures.symptom_verdict import SymptomVerdict, deciding_measure, overall_verdict, verdict_of
from openpbm.outcomes.measures.timing import describe_timing
from openpbm.outcomes.measures.tipping_point import find_tipping_point

__all__ = [
    "Measure",
    "Phases",
    "Score",
    "SymptomVerdict",
    "Wording",
    "analyse_series",
    "assess_data_quality",
    "band_of",
    "chosen_version",
    "compute_probabilities",
    "contradicts",
    "cramp_report",
    "crisis_text",
    "crisis_text_needed",
    "daily_series",
    "deciding_measure",
    "describe_timing",
    "diary_measure",
    "find_tipping_point",
    "finite_or_none",
    "overall_verdict",
    "phases_of",
    "read_answers",
    "read_impressions",
    "read_wording",
    "reliable_change",
    "score",
    "score_measures",
    "score_value",
    "verdict_of",
    "withheld_probabilities",
]
