"""Where the numbers come from: one row a source, read from every shipped references table."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar

from openpbm.errors import BadInput, FactsError
from openpbm.facts.load import names, read_toml

__all__ = ["Reference", "reference", "references"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One source. `verified`: its citation was read beside the numbers taken from it."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    citation: str
    verified: bool
    doi: str | None = None
    pmid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReferenceTable:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    references: tuple[Reference, ...]


@functools.cache
def references() -> dict[str, Reference]:
    """Every source by id; raises FactsError when two rows share an id."""
    found: dict[str, Reference] = {}
    for name in names(".", ".toml"):
        if not name.removeprefix("./").startswith("references"):
            continue
        for row in read_toml(name, _ReferenceTable).references:
            if row.id in found:
                raise FactsError(f"facts/data/{name}: reference {row.id} is given twice; keep one row")
            found[row.id] = row
    return found


def reference(id: str) -> Reference:
    """One source; raises BadInput when no references table knows the id."""
    try:
        return references()[id]
    except KeyError:
        raise BadInput(f"reference {id}: unknown; add a row to a facts/data/references*.toml table") from None
