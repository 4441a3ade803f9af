"""What was measured: scores, the diary, phases, the change of each measure, and how sure it is."""

from openpbm.outcomes.measures.answers import Wording, crisis_text, crisis_text_needed, read_answers, read_wording
from openpbm.outcomes.measures.baseline_drift import BASELINE_WORDS, BaselineCourse, baseline_course
from openpbm.outcomes.measures.change_word import ChangeEvidence, SymptomVerdict, change_word
from openpbm.outcomes.measures.cramp_change import cramp_measure
from openpbm.outcomes.measures.cramps import CrampPart, CrampReport, cramp_report
from openpbm.outcomes.measures.data_quality import DataQuality, assess_data_quality
from openpbm.outcomes.measures.diary_change import DIARY_SCALE, daily_series, diary_measure
from openpbm.outcomes.measures.impressions import Impression, contradiction_of, read_impressions
from openpbm.outcomes.measures.measure import Measure, MeasureRow, finite_or_none
from openpbm.outcomes.measures.phases import Phases, find_phases, phases_on
from openpbm.outcomes.measures.probabilities import (
    Probabilities,
    ThresholdRow,
    compute_probabilities,
    withheld_probabilities,
)
from openpbm.outcomes.measures.recorded_value import part_value, score_value
from openpbm.outcomes.measures.reliability import ReliableChange, reliable_change
from openpbm.outcomes.measures.score_change import score_measures
from openpbm.outcomes.measures.scoring import Score, band_of, chosen_version, score
from openpbm.outcomes.measures.sensation_change import SensationReport, SensationRow, sensation_report
from openpbm.outcomes.measures.series_analysis import SeriesAnalysis, analyse_series
from openpbm.outcomes.measures.symptom_verdict import deciding_measure, overall_verdict, with_age
from openpbm.outcomes.measures.timing import Timing, describe_timing
from openpbm.outcomes.measures.tipping_point import TippingPoint, find_tipping_point
from openpbm.outcomes.measures.vascular_phenotype import VascularPhenotype, vascular_phenotype_of

__all__ = [
    "BASELINE_WORDS",
    "DIARY_SCALE",
    "BaselineCourse",
    "ChangeEvidence",
    "CrampPart",
    "CrampReport",
    "DataQuality",
    "Impression",
    "Measure",
    "MeasureRow",
    "Phases",
    "Probabilities",
    "ReliableChange",
    "Score",
    "SensationReport",
    "SensationRow",
    "SeriesAnalysis",
    "SymptomVerdict",
    "ThresholdRow",
    "Timing",
    "TippingPoint",
    "VascularPhenotype",
    "Wording",
    "analyse_series",
    "assess_data_quality",
    "band_of",
    "baseline_course",
    "change_word",
    "chosen_version",
    "compute_probabilities",
    "contradiction_of",
    "cramp_measure",
    "cramp_report",
    "crisis_text",
    "crisis_text_needed",
    "daily_series",
    "deciding_measure",
    "describe_timing",
    "diary_measure",
    "find_phases",
    "find_tipping_point",
    "finite_or_none",
    "overall_verdict",
    "part_value",
    "phases_on",
    "read_answers",
    "read_impressions",
    "read_wording",
    "reliable_change",
    "score",
    "score_measures",
    "score_value",
    "sensation_report",
    "vascular_phenotype_of",
    "with_age",
    "withheld_probabilities",
]
