"""What the change may be laid to: the design, the evidence grade, other treatments, and the fixed words."""

from openpbm.outcomes.cause.attribution import Attribution, Cause, DesignTests, find_attribution
from openpbm.outcomes.cause.confounding import ConfoundedWindow, confounded_windows
from openpbm.outcomes.cause.grade import Grade, allowed_cause, grade_evidence
from openpbm.outcomes.cause.statement import compose_statement

__all__ = [
    "Attribution",
    "Cause",
    "ConfoundedWindow",
    "DesignTests",
    "Grade",
    "allowed_cause",
    "compose_statement",
    "confounded_windows",
    "find_attribution",
    "grade_evidence",
]
