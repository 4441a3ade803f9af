"""Pages and pictures of what the trials of a condition say together."""

from openpbm.report.evidence.forest import forest_in_words, forest_picture
from openpbm.report.evidence.publish import publish_evidence_report

__all__ = ["forest_in_words", "forest_picture", "publish_evidence_report"]
