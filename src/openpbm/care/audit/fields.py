"""Columns that hold the same bytes on every database, so that a digest of a row is the same on each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models

__all__ = ["DocumentField", "canonical"]


def canonical(content: object) -> str:
    """JSON in ASCII with sorted keys and no spaces; ValueError for a number that is not finite.

    >>> canonical({"b": 1, "a": [1.5, None]})
    '{"a":[1.5,null],"b":1}'
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


class DocumentField(models.TextField):  # type: ignore[type-arg]
    """A JSON document kept as canonical text."""

    # What the stubs of Django's fields ask for: any document goes in and comes out.
    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        """The document as Python values."""
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        """The document as Python values, from a form or a fixture."""
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        """The document as text."""
        return None if value is None else canonical(value)
