"""What follows: the rules, the judgement of a week, the checkpoint and the case report."""

from openpbm.outcomes.decision.care_plan import CareStageRow, assess_care
from openpbm.outcomes.decision.case_report import CaseReport, MissingPart, build_case_report
from openpbm.outcomes.decision.case_report_file import LIGHT_FIELDS, TIDIER_ITEMS, read_authors_part
from openpbm.outcomes.decision.checkpoint_document import CheckpointDocument, ReasonRow, checkpoint
from openpbm.outcomes.decision.judgement import Judgement, judge
from openpbm.outcomes.decision.step_down import NextSchedule, next_schedule

__all__ = [
    "LIGHT_FIELDS",
    "TIDIER_ITEMS",
    "CareStageRow",
    "CaseReport",
    "CheckpointDocument",
    "Judgement",
    "MissingPart",
    "NextSchedule",
    "ReasonRow",
    "assess_care",
    "build_case_report",
    "checkpoint",
    "judge",
    "next_schedule",
    "read_authors_part",
]
