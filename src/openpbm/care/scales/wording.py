"""Which words of a scale may be shown, and which scales the site no longer uses.

OPENPBM_SCALE_WORDING_DIR   folder with licensed wording: SCALE.toml, or SCALE-EDITION.toml (docs/scales.md)
OPENPBM_RETIRED_SCALES      ids, with commas, that are not filled any more; what was filled stays
"""

from __future__ import annotations

import os
from pathlib import Path

from openpbm.errors import BadInput, Problem
from openpbm.facts.scales import Scale, scales
from openpbm.outcomes.measures import Wording, chosen_version, read_wording

__all__ = ["fillable_scale", "has_words", "is_retired", "wording_of"]


def is_retired(id: str) -> bool:
    """Whether the site has taken a scale out of use."""
    return id in {word.strip() for word in os.environ.get("OPENPBM_RETIRED_SCALES", "").split(",")}


def fillable_scale(id: str) -> Scale:
    """The scale of that id; BadInput where there is none, or where it is retired."""
    listed = scales[id]
    if is_retired(listed.id):
        message = "is not filled here any more; scores that were filled stay"
        raise BadInput(Problem(key=listed.id, message=message, remedy="choose another scale from the list"))
    return listed


def has_words(of: Scale, version: str = "") -> bool:
    """Whether the words of a scale can be shown here; without them it is filled on a form that a clinic gives."""
    return of.ships != "labels" or wording_of(of, version) is not None


def wording_of(of: Scale, version: str = "") -> Wording | None:
    """The licensed words the site loaded for one edition; None where it loaded none."""
    folder = os.environ.get("OPENPBM_SCALE_WORDING_DIR", "")
    if not folder:
        return None
    edition = chosen_version(of, version)
    names = [f"{of.id}-{edition}.toml"]
    if edition == of.version:
        # A site with one licence need not name the edition.
        names.append(f"{of.id}.toml")
    for path in (Path(folder) / name for name in names):
        if path.is_file():
            return read_wording(path, of, edition)
    return None
