"""A lamp as the `[device]` section of a case file: as JSON holds it, and written in TOML."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields

from openpbm.facts.lamps import Emitters, Lamp, LampMode
from openpbm.files import JsonObject

__all__ = ["lamp_toml", "section_of"]

_NOT_SAID: dict[str, object] = {
    field.name: field.default
    for noun in (Lamp, Emitters, LampMode)
    for field in fields(noun)
    if field.default is not dataclasses.MISSING
}


def section_of(lamp: Lamp) -> JsonObject:
    """A lamp as the `device` section of a case file, as JSON holds it."""
    section = {key: value for key, value in asdict(lamp).items() if value not in (None, "")}
    # What a mode leaves out is no key of a file.
    section.pop("whole_emitters")
    section["emitters"] = [
        {key: value for key, value in emitters.items() if value is not None} for emitters in section["emitters"]
    ]
    return section


def lamp_toml(lamp: Lamp, comments: Iterable[str] = ()) -> str:
    """The section in TOML, to stand in a file by itself or in a case file; what a key's absence says is left out.

    >>> leds = Emitters(wavelength_nm=850.0, irradiance_mw_cm2=40.0, at_distance_mm=150.0)
    >>> print(lamp_toml(Lamp(id="mine", name="mine", kind="panel", output_status="claimed", emitters=(leds,))), end="")
    [device]
    id = "mine"
    name = "mine"
    kind = "panel"
    output_status = "claimed"
    <BLANKLINE>
    [[device.emitters]]
    wavelength_nm = 850.0
    irradiance_mw_cm2 = 40.0
    at_distance_mm = 150.0
    """
    section = section_of(lamp)
    emitters, modes = section.pop("emitters"), section.pop("modes")
    tables = [
        ("[device]", section),
        *(("[[device.emitters]]", row) for row in emitters),
        *(("[[device.modes]]", row) for row in modes),
    ]
    blocks = ["\n".join([heading, *_lines(content)]) for heading, content in tables]
    said = "".join(f"# {' '.join(comment.split())}\n" for comment in comments)
    return said + "\n\n".join(blocks) + "\n"


def _lines(content: Mapping[str, object]) -> list[str]:
    said = {key: value for key, value in content.items() if key not in _NOT_SAID or value != _NOT_SAID[key]}
    return [f"{key} = {_value(value)}" for key, value in said.items()]


def _value(value: object) -> str:
    """Text, numbers and truth as JSON writes them, which TOML reads alike; a day bare."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        # Six digits are more than any meter has.
        value = float(f"{value:.6g}")
    return json.dumps(value, ensure_ascii=False)
