"""What the change may be laid to: the design, the evidence grade, other treatments, and the fixed words."""

from openpbm.outcomes.cause.attribution import Attribution, attribution_of
from openpbm.outcomes.cause.confounding import ConfoundedWindow, confounded_windows
from openpbm.outcomes.cause.grade import Grade, allowed_cause, grade_of
from openpbm.outcomes.cause.statement import compose_statement

__all__ = [
    "Attribution",
    "ConfoundedWindow",
    "Grade",
    "allowed_cause",
    "attribution_of",
    "compose_statement",
    "confounded_windows",
    "grade_of",
]
