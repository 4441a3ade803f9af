"""Papers that leave the house: letters as tagged PDF, the text of a record passed in as data."""

from openpbm.care.documents.render import pdf

__all__ = ["pdf"]
