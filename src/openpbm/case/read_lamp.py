"""A lamp by itself: of the catalogue, or the `device` section of a file, read by the rules of a case file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpbm.case.case import Case
from openpbm.case.read_case import case_of
from openpbm.errors import BadInput, Problem
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.files import read_toml

__all__ = ["as_claimed", "claimed_lamp", "lamp_of_section", "named_lamp", "placed_lamp"]

_DESCRIBED = "see docs/case-file.md"


def lamp_of_section(section: Mapping[str, Any], name: str, folder: Path | None = None) -> Lamp:
    """The lamp of a `device` section; BadInput with every problem, in the words of a case file.

    folder : as of `case_of`

    >>> lamp_of_section({"id": "panel_660_850"}, "lamp").kind
    'panel'
    """
    return _smallest_case(section, {}, name, folder).device


def named_lamp(name: str) -> Lamp:
    """A lamp of the catalogue by its id, or by the path of a TOML file with a `[device]` section.

    A reading in that file counts as it does in a case.

    >>> named_lamp("panel_660_850").output_status
    'claimed'
    """
    return lamp_of_section(*_section(name), Path(name).parent) if _is_file(name) else lamp_catalogue[name]


def placed_lamp(name: str) -> tuple[Lamp, float | None]:
    """The same lamp as it shines and stands in its file: in the mode and at the distance [mm] of its `[placement]`.

    >>> placed_lamp("panel_660_850")[1] is None
    True
    """
    if not _is_file(name):
        return lamp_catalogue[name], None
    content, document = _content(name)
    placement = content.get("placement", {})
    if isinstance(placement, dict):
        # Which places are lit, and how many at once, depends on the case.
        placement = {key: value for key, value in placement.items() if key not in ("places_at_once", "sites")}
    case = _smallest_case(content["device"], placement, document, Path(name).parent)
    return case.device, case.placement.distance_mm


def _smallest_case(section: Mapping[str, Any], placement: object, name: str, folder: Path | None) -> Case:
    """The smallest case that can be read: only its lamp and where that stands are kept."""
    probe = {
        "person": {},
        "condition": {"programme": "rls"},
        "sites": [{"site": "posterior_calf", "side": "left"}],
        "device": dict(section),
        "placement": placement,
    }
    return case_of(probe, name, folder=folder)


def claimed_lamp(name: str) -> Lamp:
    """The same lamp as its maker claims it, whatever was read before: what new readings are held against."""
    if not _is_file(name):
        return lamp_catalogue[name]
    section, document = _section(name)
    return lamp_of_section(as_claimed(section), document, Path(name).parent)


def _is_file(name: str) -> bool:
    return name.endswith(".toml")


def _section(name: str) -> tuple[dict[str, Any], str]:
    """The `device` section of a file, and the name its problems carry."""
    content, document = _content(name)
    return content["device"], document


def _content(name: str) -> tuple[dict[str, Any], str]:
    """A file with a `device` section, and the name its problems carry."""
    path = Path(name)
    content = read_toml(path, remedy=_DESCRIBED, unreadable="give the path of a lamp's TOML file, or an id")
    if not isinstance(content.get("device"), dict):
        problem = Problem(
            key="device", message="no such section", remedy=f"describe the lamp in [device]; {_DESCRIBED}"
        )
        raise BadInput(problem.within(path.name))
    return content, path.name


def as_claimed(section: Mapping[str, Any]) -> dict[str, Any]:
    """A `device` section with the maker's claim in place of what was read before."""
    claimed = {key: value for key, value in section.items() if not key.startswith(("reading_", "last_read"))}
    # Of all wavelengths together.
    claim = claimed.pop("claimed_irradiance_mw_cm2", None)
    if claim is not None:
        claimed["irradiance_mw_cm2"] = claim
    if isinstance(emitters := section.get("emitters"), list):
        claimed["emitters"] = [_claim_of(row) if isinstance(row, dict) else row for row in emitters]
        claimed["output_status"] = "claimed"
    return claimed


def _claim_of(row: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name for field in dataclasses.fields(Emitters)}
    claims = {key.removeprefix("claimed_"): value for key, value in row.items() if key.startswith("claimed_")}
    read = ("output_low", "output_high")
    kept = {key: value for key, value in row.items() if key.removeprefix("claimed_") not in claims and key not in read}
    return kept | {key: value for key, value in claims.items() if key in known}
