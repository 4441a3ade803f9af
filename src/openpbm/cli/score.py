"""`openpbm score SCALE ANSWERS.json` and `openpbm scales`: forms into numbers, and which forms there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json

if TYPE_CHECKING:
    from openpbm.facts.scales import Scale
    from openpbm.outcomes.measures import Score, Wording

__all__ = ["scales", "score"]

_BETTER = {"lower": "lower is better", "higher": "higher is better"}
_DEFAULT_LICENCE = "the items are our own short labels, not the instrument's wording"


def score(
    scale: Annotated[str, typer.Argument(help="Id of the scale (openpbm scales).")],
    answers: Annotated[Path, typer.Argument(help="Answers in JSON (docs/scales.md).")],
    version: Annotated[str, typer.Option(help="Edition of the form; the current one by default.")] = "",
    wording: Annotated[
        Path | None, typer.Option(help="Licensed wording in TOML, from the site that holds the licence.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Score one filled-in form; say what is missing rather than guess it."""
    from openpbm.errors import BadInput, Problem
    from openpbm.facts.scales import scales
    from openpbm.outcomes.measures import read_answers, read_wording
    from openpbm.outcomes.measures import score as run

    chosen = scales[scale]
    form = read_answers(answers)
    # Editions may be scored differently, so that neither of two answers is quietly preferred.
    if version.strip() and form.version.strip() and version.strip() != form.version.strip():
        raise BadInput(
            Problem(
                message=f"version {form.version!r}, but --version says {version!r}",
                remedy="one form has one edition",
                document=answers.name,
            )
        )
    edition = version or form.version
    found = run(chosen, form.answers, version=edition)
    words = read_wording(wording, chosen, edition) if wording is not None else None
    if as_json:
        print_json(found.to_dict())
    else:
        _print(chosen, found, form.answers, words)


def scales(
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """List the symptom scales, their ranges and the terms of their wording."""
    # The command has the table's name.
    from openpbm.facts.scales import scales as table_of_scales

    rows = [_row(scale) for scale in table_of_scales]
    if as_json:
        print_json(rows)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "what it asks", "range", "better", "wording ships", "checked")
    for row in rows:
        span = "parts only" if row["minimum"] is None else f"{row['minimum']:g} to {row['maximum']:g}"
        ships = "yes" if row["wording_ships"] else "own labels"
        table.add_row(
            row["id"],
            row["plain_name"],
            span,
            row["direction"],
            ships,
            "yes" if row["verified"] else "unverified",
        )
    Console().print(table)


def _row(scale: Scale) -> dict[str, Any]:
    from openpbm.facts.scales import followed_parts

    return {
        "id": scale.id,
        "name": scale.name,
        "plain_name": scale.plain_name,
        "version": scale.version,
        "versions": list(scale.versions),
        "minimum": scale.minimum,
        "maximum": scale.maximum,
        "direction": scale.direction,
        "for_change": scale.for_change,
        "licence": scale.licence,
        "wording_ships": scale.ships == "full",
        "programmes": list(scale.programmes),
        "cadence": scale.cadence,
        "asked_in_weeks": list(scale.asked_in_weeks),
        "decides_from_week": scale.decides_from_week,
        "no_verdict": scale.no_verdict,
        "reliability": _reliability(scale),
        "important_changes": _changes(scale),
        "parts": [_part(part) for part in followed_parts(scale)],
        "items": [
            {
                "id": item.id,
                "label": item.label,
                "minimum": item.minimum,
                "maximum": item.maximum,
                "allowed": list(item.allowed),
                "choices": list(item.choices),
                "unit": item.unit,
            }
            for item in scale.items
        ],
        "source": scale.source,
        "verified": scale.verified,
    }


def _part(part: Scale) -> dict[str, Any]:
    return {
        "id": part.id,
        "plain_name": part.plain_name,
        "minimum": part.minimum,
        "maximum": part.maximum,
        "direction": part.direction,
        "reliability": _reliability(part),
        "important_changes": _changes(part),
    }


def _reliability(scale: Scale) -> dict[str, Any] | None:
    held = scale.reliability
    if held is None:
        return None
    error = None if held.error_fraction is not None else held.error_at(0.0)
    return {
        "error": error,
        "error_fraction": held.error_fraction,
        "kind": held.kind,
        "source": held.source,
        "verified": held.verified,
    }


def _changes(scale: Scale) -> list[dict[str, Any]]:
    rows = [row for row in scale.thresholds if not row.subscale]
    return [
        {"id": row.id, "kind": row.kind, "change": row.change, "fraction": row.fraction, "level": row.level}
        | {"source": row.source, "verified": row.verified}
        for row in rows
    ]


def _print(scale: Scale, found: Score, answers: Mapping[str, float | None], words: Wording | None) -> None:
    from rich.console import Console

    from openpbm.facts.notice import NOTICE
    from openpbm.outcomes.measures import crisis_text

    console = Console(highlight=False, markup=False)
    if found.self_harm:
        console.print(f"An answer speaks of harming oneself. {crisis_text()}\n", style="bold")
    console.print(f"{scale.name} ({scale.id}, edition {found.version})", style="bold")
    console.print(_headline(scale, found))
    for part in scale.subscales:
        value = found.subscales[part.id]
        console.print(f"  {part.label}: {'too few answers' if value is None else f'{round(value, 2):g}'}")
    if found.missing:
        console.print(f"Not answered: {', '.join(found.missing)} ({found.completeness:.0%} complete)")
    if found.prorated:
        console.print("Blanks were filled in by the mean of the answers.")
    console.print("\nAnswers", style="bold")
    for item in scale.items:
        answer = answers.get(item.id)
        text = f"{item.label}: {words.items[item.id]}" if words and item.id in words.items else item.label
        console.print(f"  {item.id:>3}  {'-' if answer is None else f'{answer:g}':>5}  {text}")
    if scale.mood_items:
        console.print(f"\nThis form asks about mood. {crisis_text()}")
    if not scale.for_change:
        console.print("\nThis tool screens; do not follow its score over time.")
    if scale.note:
        console.print(f"\n{scale.note}")
    console.print(f"\nLicence: {scale.licence}")
    console.print(f"Wording shown by {words.licensee}." if words else f"Shown here: {_DEFAULT_LICENCE}.")
    if not scale.verified:
        console.print("Parts of this scale's rules are not yet checked against its manual.")
    console.print(f"\n{NOTICE}", style="italic")


def _headline(scale: Scale, found: Score) -> str:
    if found.value is None:
        from openpbm.facts.scales import has_total

        return "No score: too few answers." if has_total(scale) else "No total; the parts stand alone."
    band = f", {found.band}" if found.band else ""
    return (
        f"Score {round(found.value, 2):g} of {scale.minimum:g} to {scale.maximum:g}{band} ({_BETTER[scale.direction]})"
    )
