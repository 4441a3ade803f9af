"""The part of the diary's form that asks what a symptom felt like, area by area, and for warning signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms

from openpbm.care.scales.models import DiaryEntry
from openpbm.facts.felt import Felt, read_felt, write_felt
from openpbm.facts.sensations import NONE, BodyArea, body_areas, sensations

__all__ = ["AREA_FIELDS", "NEW_SIGNS", "NOTHING_FELT", "areas_with", "felt_answer", "felt_fields", "felt_initial"]

NOTHING_FELT, NEW_SIGNS = "felt_nothing", "felt_new"


def _name(area: BodyArea) -> str:
    return f"felt_{area.id.replace(' ', '_')}"


#: Field of each area of the body.
AREA_FIELDS: dict[str, str] = {_name(area): area.id for area in body_areas}


def felt_fields(programme: str | None) -> dict[str, forms.Field]:
    """One list to tap on for each area, one for warning signs, and a box for a day on which nothing was felt."""
    asked = [row for row in sensations if row.finding is None and _is_asked(row.programmes, programme)]
    feelings = [(row.id, row.plain_name) for row in asked]
    signs = [(row.id, row.plain_name) for row in sensations if row.finding is not None]
    found: dict[str, forms.Field] = {NOTHING_FELT: forms.BooleanField(label="I felt nothing of it", required=False)}
    for name, area in AREA_FIELDS.items():
        found[name] = _list(body_areas[area].plain_name, feelings)
    found[NEW_SIGNS] = _list("New, since yesterday or within the last days", signs)
    found[NEW_SIGNS].help_text = "A yes stops your sessions until somebody has looked, and says at once what to do."
    return found


def _is_asked(of: Iterable[str], programme: str | None) -> bool:
    named = tuple(of)
    return not named or programme is None or programme in named


def _list(label: str, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple)


def felt_answer(cleaned: Mapping[str, object]) -> str:
    """What was tapped on, as the diary keeps it; "" where nothing was."""
    felt = [Felt(area="", sensation=str(code)) for code in _chosen(cleaned, NEW_SIGNS)]
    for name, area in AREA_FIELDS.items():
        felt += [Felt(area=area, sensation=str(code)) for code in _chosen(cleaned, name)]
    if cleaned.get(NOTHING_FELT):
        felt.append(Felt(area="", sensation=NONE))
    return write_felt(felt)


def _chosen(cleaned: Mapping[str, object], name: str) -> list[object]:
    chosen = cleaned.get(name)
    return list(chosen) if isinstance(chosen, list) else []


def areas_with(text: str) -> list[str]:
    """The areas in which something was felt, in the order of the table."""
    there = {row.area for row in read_felt(text)}
    return [area for area in body_areas.ids if area in there]


def felt_initial(entry: DiaryEntry) -> dict[str, object]:
    """What was tapped on when the day was written down, as the form shows it."""
    felt = read_felt(str(entry.answers.get("sensations", "")))
    shown: dict[str, object] = {NOTHING_FELT: any(row.sensation == NONE for row in felt)}
    for name, area in AREA_FIELDS.items():
        shown[name] = [row.sensation for row in felt if row.area == area]
    shown[NEW_SIGNS] = [row.sensation for row in felt if not row.area and row.sensation != NONE]
    return shown
