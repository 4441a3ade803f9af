"""Where the numbers come from: one row a source, read from every shipped references table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from openpbm.facts.table import Table, names, read_list

__all__ = ["Reference", "references"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One source. `verified`: its citation was read beside the numbers taken from it."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    citation: str
    verified: bool
    doi: str | None = None
    pmid: str | None = None


def _read() -> list[Reference]:
    tables = [name for name in names(".", ".toml") if name.removeprefix("./").startswith("references")]
    return [row for name in tables for row in read_list(name, "references", Reference)]


references: Table[Reference] = Table("reference", _read)
