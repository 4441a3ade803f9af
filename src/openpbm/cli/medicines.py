"""`openpbm medicines "TEXT"`: which medicines a text names, and what each can mean for light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.reason import Level

__all__ = ["medicines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    ingredient: str
    written: str
    tier: int | None
    level: Level


def medicines(
    text: Annotated[str, typer.Argument(help="Names, brands or ATC codes, as somebody would write them.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Find every medicine in a text. Without a lamp the level is the gravest that each can come to."""
    from openpbm.facts.medicine_text import read_medicines, says_none
    from openpbm.safety.person_check import level_without_lamp

    if not text.strip():
        raise BadInput(Problem(key="medicines", message="the text is empty", remedy="write what is taken"))
    if says_none(text):
        remedy = "in a case file write medications = []"
        raise BadInput(Problem("medicines", text, "says that none is taken", remedy))
    read = read_medicines(text)
    found = [
        _Found(
            ingredient=named.medicine.name,
            written=named.written,
            tier=named.medicine.tier,
            level=level_without_lamp(named.medicine),
        )
        for named in read.found
    ]
    unknown = [*read.unknown, *read.unlisted_codes]
    if as_json:
        print_json({"found": [_as_json(one) for one in found], "unknown": unknown})
    else:
        _show(found, unknown)
    settled = not unknown and all(one.level in ("caution", "note") for one in found)
    raise typer.Exit(0 if settled else 3)


def _as_json(one: _Found) -> dict[str, Any]:
    return {"ingredient": one.ingredient, "as": one.written, "tier": one.tier, "level": one.level}


_MEANS: dict[Level, str] = {
    "absolute": "takes up red or infrared light: no light where the lamp shines in its band",
    "relative": "makes skin sensitive to light: a clinician decides",
    "caution": "a caution stands beside the plan",
    "note": "nothing here speaks against it",
}


def _show(found: list[_Found], unknown: list[str]) -> None:
    from openpbm.facts.medicine_text import nearest_names

    for one in found:
        typer.echo(f"{one.written}: {one.ingredient}; {_MEANS[one.level]}")
    for name in unknown:
        near = nearest_names(name)
        question = f"did you mean {' or '.join(near)}?" if near else "which ingredient stands on the pack?"
        typer.echo(f"{name}: not known; {question}")
