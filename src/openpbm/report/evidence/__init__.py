"""Pages and pictures of what the trials of a condition say together.

The report (`openpbm.report.evidence.publish`) computes light at depth, which a page with a forest plot need not load.
"""

from openpbm.report.evidence.forest import forest_in_words, forest_picture

__all__ = ["forest_in_words", "forest_picture"]
