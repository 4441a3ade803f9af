"""Which arrows exist in whom: each person has each arrow by its weight, or as somebody switched it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.errors import BadInput, Problem
from openpbm.facts.mechanism import arrows
from openpbm.mechanism.virtual_people import VirtualPeople

__all__ = ["Switches", "read_switches"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Switches:
    """Arrows by person, (people,) each; `forced` are those that somebody set."""

    on: Mapping[str, Flags]
    forced: Mapping[str, bool]

    @classmethod
    def drawn(cls, people: VirtualPeople, forced: Mapping[str, bool]) -> Switches:
        """Every arrow by its weight, those of `forced` as they say. BadInput for an arrow that there is not."""
        for id in forced:
            arrows[id]
        drawn = {arrow.id: people.ranks(f"arrow {arrow.id}") < arrow.weight for arrow in arrows}
        drawn |= {id: np.full(people.count, wanted) for id, wanted in forced.items()}
        return cls(on=drawn, forced=forced)

    def strength(self, *chain: str) -> NDArray[np.float64]:
        """1 where every arrow of a chain is on, else 0, (people,)."""
        return np.asarray(np.all([self.on[id] for id in chain], axis=0), dtype=np.float64)


def read_switches(words: list[str]) -> dict[str, bool]:
    """`ID=on` and `ID=off` as a person writes them; BadInput names what is none."""
    switched = {}
    for word in words:
        id, sign, state = word.partition("=")
        if not sign or state not in ("on", "off"):
            raise BadInput(Problem("--arrow", word, "is no switch", "write ID=on or ID=off, as in light_warms=off"))
        switched[arrows[id].id] = state == "on"
    return switched
