"""A plan for people to read: report, home sheet with diary, pictures."""

from openpbm.report.publish import publish, write

__all__ = ["publish", "write"]
