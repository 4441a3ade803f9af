"""Changes beside the light: how long each confounds, and a word points to one row."""

from __future__ import annotations

from openpbm.facts.references import references
from openpbm.facts.timeline_kinds import timeline_action, timeline_actions, timeline_kind, timeline_kinds


def test_windows_of_the_clinical_notes() -> None:
    """Iron confounds for 12 weeks; every other window is shorter."""
    windows = {kind.id: kind.window_days for kind in timeline_kinds}
    assert windows.pop("iron") == 84
    assert windows["medicine"] == windows["opioid"] == 28
    assert max(windows.values()) == 28
    wanted = "physical_therapy compression stretching massage heat hydration exercise alcohol caffeine sleep_schedule"
    assert set(wanted.split()) <= set(windows)
    asked = {kind.id for kind in timeline_kinds if kind.habit}
    assert asked == set(["food", "hydration", "sleep_schedule", "exercise", "caffeine", "alcohol", "nicotine"])


def test_only_what_goes_on_is_no_change() -> None:
    assert {action.id for action in timeline_actions if not action.changes} == {"continue"}
    for word, identifier in (
        ("Began", "start"),
        ("dose_up", "increase"),
        ("tapered", "decrease"),
        ("same", "continue"),
    ):
        action = timeline_action(word)
        assert action is not None
        assert action.id == identifier
    assert timeline_action("forgot") is None
    kind = timeline_kind("Physio")
    assert kind is not None
    assert kind.id == "physical_therapy"


def test_every_row_has_a_known_source() -> None:
    for row in (*timeline_kinds, *timeline_actions):
        assert row.source in references
