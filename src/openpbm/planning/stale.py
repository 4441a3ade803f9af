"""Whether a stored plan would come out differently today: made by another version, other facts or other physics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpbm.errors import quote
from openpbm.facts.load import digest
from openpbm.transport import source_digest
from openpbm.version import __version__

__all__ = ["stale"]

_DIGITS = 19  # "sha256:" and a dozen digits tell two digests apart


def stale(plan_document: Mapping[str, Any]) -> list[str]:
    """One line for each thing the plan was made with that is another now; empty when it is up to date.

    A stale plan is not wrong: it is what was known when it was made.
    """
    made = plan_document.get("provenance")
    if not isinstance(made, Mapping):
        return ["provenance: not given, so nobody can tell what the plan was made with; make the plan anew"]
    now = {
        "openpbm": ("version of openpbm", __version__),
        "facts_digest": ("tables of facts", f"sha256:{digest()}"),
        "transport_digest": ("physics of light in tissue", f"sha256:{source_digest()}"),
    }
    return [
        f"{what}: the plan was made with {_short(made.get(key))}, now it is {_short(today)}; make the plan anew"
        for key, (what, today) in now.items()
        if made.get(key) != today
    ]


def _short(value: object) -> str:
    return "an unknown one" if value is None else quote(value)[1:-1][:_DIGITS]
