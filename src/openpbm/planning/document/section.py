"""How every section of plan.json is read: no key more than it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["SECTION", "docstrings_described"]

#: What pydantic is told of each section.
SECTION: dict[str, bool | str] = {"extra": "forbid"}


@contextmanager
def docstrings_described() -> Iterator[None]:
    """Within it the docstrings of keys become their descriptions, for the schema.

    Not always: whoever only reads a plan would wait a tenth of a second for the source of every section to be parsed.
    """
    SECTION["use_attribute_docstrings"] = True
    try:
        yield
    finally:
        del SECTION["use_attribute_docstrings"]
