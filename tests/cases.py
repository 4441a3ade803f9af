"""Case files for tests: one sound case, and ways to change it."""

from __future__ import annotations

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

from openpbm.case import Case, read_case

SOUND: dict[str, Any] = {
    "person": {
        "age_years": 52,
        "sex": "female",
        "height_cm": 166,
        "weight_kg": 68,
        "skin_type": 2,
        "pregnant": False,
        "medications": [],
        "findings": {"none_other": True, "baseline_diary_kept": True},
        "labs": {"ferritin_ug_l": 118, "transferrin_saturation_percent": 27, "date": "2026-10-20"},
    },
    "condition": {"diagnosis": "rls_primary", "confirmed_by": "neurologist", "usual_onset": "21:30"},
    "sites": [{"site": "posterior_calf", "side": "both", "target": "gastrocnemius"}],
    "device": {
        "output_status": "measured",
        "emitters": [
            {
                "wavelength_nm": 850,
                "power_mw": 120,
                "half_angle_deg": 30,
                "rows": 10,
                "columns": 10,
                "pitch_mm": 20,
            }
        ],
    },
    "placement": {"distance_mm": 150},
    "course": {"start_date": "2026-12-01", "supervision": "self"},
}


def changed(**changes: Any) -> dict[str, Any]:
    """The sound case with values set by dotted path (`person__age_years=17`); `...` removes a key."""
    raw = copy.deepcopy(SOUND)
    for path, value in changes.items():
        *parents, key = path.split("__")
        section: Any = raw
        for parent in parents:
            section = section[int(parent)] if parent.isdigit() else section.setdefault(parent, {})
        if value is ...:
            section.pop(key)
        elif isinstance(section, list):
            section[int(key)] = value
        else:
            section[key] = value
    return with_claims(copy.deepcopy(raw))


def with_claims(raw: dict[str, Any]) -> dict[str, Any]:
    """The case with a claim beside every output that is given as measured: the maker said what the meter read."""
    device = raw.get("device")
    if isinstance(device, dict) and device.get("output_status") == "measured":
        for emitters in device.get("emitters", []):
            for key in ("power_mw", "irradiance_mw_cm2"):
                if emitters.get(key, 0) > 0:
                    emitters.setdefault(f"claimed_{key}", emitters[key])
    return raw


def toml(raw: dict[str, Any]) -> str:
    """A nested dict as TOML, every table inline: enough for a case file."""
    return "\n".join(f"{key} = {_value(value)}" for key, value in raw.items()) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def write_case(folder: Path, **changes: Any) -> Path:
    """The changed case as a file."""
    path = folder / "case.toml"
    text = toml(changed(**changes))
    tomllib.loads(text)
    path.write_text(text, encoding="utf-8")
    return path


def make_case(folder: Path, **changes: Any) -> Case:
    """The changed case, read through the one reader."""
    return read_case(write_case(folder, **changes))
