"""Everything about a person in one file to keep: the course as the command line reads it, and every row."""

from openpbm.care.checkpoints.export.archive import archive

__all__ = ["archive"]
