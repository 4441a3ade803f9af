"""Windows in which something else may have done it: iron 12 weeks, medicines 4, the rest 2; none is ended by us."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from openpbm.course.records import TimelineChange
from openpbm.outcomes.cause.confounding import confounded_windows
from openpbm.outcomes.harm.medicines import stop_reasons

DAY = dt.date(2026, 12, 1)
FAR = dt.date(2027, 12, 1)


def change(kind: str, name: str = "", action: str = "start", *, days: int = 0, dose: str = "") -> TimelineChange:
    return TimelineChange(line=2, date=DAY + dt.timedelta(days=days), kind=kind, name=name, action=action, dose=dose)


@pytest.mark.parametrize(
    ("kind", "name", "found", "days"),
    [
        ("iron", "", "iron", 84),
        ("medicine", "ferrous sulfate 200 mg", "iron", 84),
        ("supplement", "iron", "iron", 84),
        ("medicine", "Pramipexole", "medicine", 28),
        ("pill", "gabapentin", "medicine", 28),
        ("medicine", "oxycodone 10 mg", "opioid", 28),
        ("medicine", "hydrocodone", "opioid", 28),
        ("Coffee", "", "caffeine", 14),
        ("physio", "", "physical_therapy", 14),
        ("crystals", "", "other", 14),
    ],
)
def test_each_change_has_its_window(kind: str, name: str, found: str, days: int) -> None:
    (window,) = confounded_windows([change(kind, name)], DAY, FAR)
    assert window.kind == found
    assert (window.last - window.first).days + 1 == days
    assert window.lowers_grade


def test_a_window_counts_while_it_reaches_into_the_days_asked_for() -> None:
    """Closed form: iron begun on day 0 reaches to day 83 and no further."""
    iron = [change("iron")]
    last_day = DAY + dt.timedelta(days=83)
    assert confounded_windows(iron, last_day, FAR) != ()
    assert confounded_windows(iron, last_day + dt.timedelta(days=1), FAR) == ()
    assert confounded_windows(iron, DAY - dt.timedelta(days=9), DAY) != ()
    assert confounded_windows(iron, DAY - dt.timedelta(days=9), DAY - dt.timedelta(days=1)) == ()


@pytest.mark.parametrize("action", ["stop", "increase", "decrease", "change", "began"])
def test_every_start_stop_and_change_opens_one(action: str) -> None:
    assert len(confounded_windows([change("massage", action=action)], DAY, FAR)) == 1


def test_what_goes_on_opens_none_and_an_unknown_action_is_read_as_a_change() -> None:
    assert confounded_windows([change("massage", action="unchanged")], DAY, FAR) == ()
    assert confounded_windows([change("light", action="decrease")], DAY, FAR) == ()
    (window,) = confounded_windows([change("massage", action="fiddled")], DAY, FAR)
    assert window.action == "change"
    assert window.mark is not None
    assert "fiddled" in window.mark.message
    (window,) = confounded_windows([change("crystals", "quartz")], DAY, FAR)
    assert window.mark is not None
    assert "not listed" in window.mark.message
    assert "quartz" in window.text


def test_opioids_and_dopamine_medicines_are_named_as_such() -> None:
    opioid, dopamine = confounded_windows(
        [change("medicine", "tramadol"), change("drug", "ropinirole", days=1)], DAY, FAR
    )
    assert "an opioid" in opioid.text
    assert "a dopamine medicine" in dopamine.text


def test_no_text_tells_anybody_to_end_a_medicine() -> None:
    """Every medicine's window leaves it to the prescriber, and no sentence says to stop, reduce or skip one.

    "Go on with it as prescribed" once stood behind "was stopped".
    """
    rows = [
        change("medicine", name, action) for name in ("tramadol", "iron", "sertraline") for action in ("start", "stop")
    ]
    rows.append(change("medicine", "verteporfin"))
    texts = [w.text for w in confounded_windows(rows, DAY, FAR)]
    assert all("Any change of it is for the prescriber" in text and "Go on" not in text for text in texts)
    for text in (*texts, *stop_reasons(rows, FAR)):
        assert not re.search(r"(?i)\b(stop|reduce|skip|quit|end) (taking|the|your|this|it)\b", text)


def test_a_medicine_that_takes_up_red_light_stops_the_light() -> None:
    (reason,) = stop_reasons([change("medicine", "Verteporfin"), change("medicine", "doxycycline")], DAY)
    assert "verteporfin" in reason
    assert stop_reasons([change("medicine", "verteporfin", days=1)], DAY) == ()


def test_it_still_stops_the_light_for_ninety_days_after_its_last_dose() -> None:
    taken = [change("medicine", "porfimer", days=-10), change("medicine", "porfimer", "stop")]
    assert stop_reasons(taken, DAY + dt.timedelta(days=90))
    assert stop_reasons(taken, DAY + dt.timedelta(days=91)) == ()
    assert stop_reasons([*taken, change("medicine", "porfimer", days=60)], DAY + dt.timedelta(days=200))


def test_order_of_lines_does_not_matter() -> None:
    rows = [change("iron"), change("caffeine", action="stop", days=3), change("medicine", "tramadol", days=3)]
    assert confounded_windows(rows, DAY, FAR) == confounded_windows(rows[::-1], DAY, FAR)


def test_written_out_it_is_plain_content() -> None:
    (window,) = confounded_windows([change("iron")], DAY, FAR)
    assert window.to_dict()["last"] == "2027-02-22"
