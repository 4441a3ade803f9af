"""The JSON schema of plan.json, made from the same classes that read it."""

from __future__ import annotations

from typing import Annotated, Any, Union

from openpbm.planning.document.section import docstrings_described

__all__ = ["schema_of"]

# How a key's last words name its unit (docs/glossary.md); the longest that fits counts.
_UNITS = {
    "_w_m2": "W/m2",
    "_mw_cm2": "mW/cm2",
    "_j_cm2": "J/cm2",
    "_area_cm2": "cm2",
    "_mw": "mW",
    "_j": "J",
    "_mm": "mm",
    "_nm": "nm",
    "_deg": "degrees",
    "_years": "years",
    "seconds_without_eyewear": "s",
    "minutes": "min",
}


def schema_of(*shapes: type[Any]) -> dict[str, Any]:
    """The schema of a document that has one of these shapes, told apart by its verdict."""
    from pydantic import Field, TypeAdapter

    document: Any = Annotated[Union[shapes], Field(discriminator="verdict")]  # noqa: UP007 (the shapes are values)
    with docstrings_described():
        schema: dict[str, Any] = TypeAdapter(document).json_schema()
    for section in schema["$defs"].values():
        for key, entry in section.get("properties", {}).items():
            _name_unit(key, entry)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "plan.json of OpenPBM, format 2",
        **schema,
    }


def _name_unit(key: str, entry: dict[str, Any]) -> None:
    """Say the unit of a key in its description, where it has one and nobody has said it."""
    unit = next((unit for ending, unit in _UNITS.items() if key.endswith(ending)), None)
    said = entry.get("description", "")
    if unit is not None and f"[{unit}]" not in said:
        entry["description"] = f"{said} [{unit}]".strip()
