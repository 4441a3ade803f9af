"""What to do before the light goes on: a short list for this plan, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.planning import AllowedPlan
from openpbm.wording import gap_in_words, quantity, touches

__all__ = ["Step", "preparation"]

# Shorter than this, a glance is over before eyes close or turn away.
_A_GLANCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the preparation."""

    title: str
    text: str


def preparation(plan: AllowedPlan, lamp_name: str) -> list[Step]:
    """The list for one plan and lamp."""
    return [
        _eyes(plan),
        Step(
            title="Look at the skin",
            text="Clean and dry, no cream or oil. No wound, no rash, no new spot, no redness left from last time."
            " If anything is new: no light today. Report it first.",
        ),
        _distance(plan, lamp_name),
        *_moving(plan),
        Step(
            title="Feel the skin",
            text="Warm is fine. If it gets hot or hurts, stop at once. If you cannot feel heat there, stay with the"
            " timer and look at the skin when you pause.",
        ),
        Step(
            title="Stay awake",
            text="Put the phone where you can see the timer, not in your hand. Do not sleep while the lamp is on.",
        ),
        Step(
            title="Rest while it is on",
            text="Read, listen to music or breathe quietly. Rest helps by itself, with a dark lamp too, so do the same"
            " in every session. Not right after a hot bath: the skin is warm already. Before bed keep the room dim.",
        ),
        Step(
            title="Make the room safe",
            text="No children or pets near the lamp. The cable lies where nobody trips, and away from water.",
        ),
    ]  # fmt: skip


def _eyes(plan: AllowedPlan) -> Step:
    eye = plan.eye
    title = "Protect your eyes"
    if eye is None:
        text = "Never look into the lamp. Wear the eyewear that came with it. The beam can be bright even if unseen."
        return Step(title=title, text=text)
    seconds = eye.seconds_without_eyewear
    if not eye.eyewear_needed:
        text = "Your plan needs no eyewear for this lamp and time. Still, never look into the lamp."
        return Step(title=title, text=text)
    bare = ""
    if seconds < 3600:
        least = "not even a glance" if seconds < _A_GLANCE_SECONDS else f"at most {_span(seconds)} in all"
        bare = f" With bare eyes: {least}."
    text = f"Put on the eyewear for this lamp now, you and anyone in the room. Never look into the lamp.{bare}"
    return Step(title="Put on the eyewear", text=text)


def _span(seconds: float) -> str:
    # Rounded down: a minute more would not be allowed.
    return f"{seconds // 1:.0f} seconds" if seconds < 120 else f"{seconds // 60:.0f} minutes"


def _distance(plan: AllowedPlan, lamp_name: str) -> Step:
    claimed = ""
    if plan.lamp.output_status == "claimed":
        claimed = " Your plan rests on what the lamp's maker says it gives; it may give less."
    if plan.placement.lamps:
        where = " ".join(lamp.in_words for lamp in plan.placement.lamps)
        several = len(plan.placement.lamps) > 1
        title = "Place each lamp" if several else "Place the lamp"
        text = f"{where} Measure it along the middle of the light. Nearer gives much more light.{claimed}"
        return Step(title=title, text=text)
    if plan.placement.distance_mm is None:
        text = f"Place {lamp_name} just as the plan says.{claimed}"
        return Step(title="Place the lamp", text=text)
    if touches(plan.placement.distance_mm):
        text = f"Lay {lamp_name} flat on the skin, without pressing.{claimed}"
        return Step(title="Lay the lamp on", text=text)
    gap = gap_in_words(plan.placement.distance_mm)
    text = f"From the front of {lamp_name} to the skin: {gap}. Measure it. Nearer gives much more light.{claimed}"
    return Step(title=f"Set the distance: {gap}", text=text)


def _moving(plan: AllowedPlan) -> list[Step]:
    scanned = None if plan.skin is None else plan.skin.scanned
    if scanned is None:
        return []
    text = f"Over all {quantity(scanned.area_cm2)} cm², alike everywhere. Where it stops, that spot gets far too much."
    return [Step(title="Keep the lamp moving", text=text)]
