"""Values as people read them, the same on every machine: few figures, no exponent, minutes, centimetres, dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "clock_in_words",
    "date_in_words",
    "gap_in_words",
    "gaps_in_words",
    "mean_in_words",
    "mean_rating",
    "minutes_in_words",
    "part_in_words",
    "percent_in_words",
    "quantity",
    "range_in_words",
    "setting_in_words",
    "share_in_words",
    "touches",
]

#: Nearer than this nobody measures: the lamp lies on the skin.
_TOUCHES_BELOW_MM = 1.0
#: A billionth of a dose is nobody's to picture.
_LEAST_PART = 1e-9


def quantity(value: object, digits: int = 2) -> str:
    """A number with `digits` significant figures and no exponent; unknown is a dash.

    >>> quantity(0.0837), quantity(27.46, 3), quantity(1532.0), quantity(None)
    ('0.084', '27.5', '1500', '–')
    """
    # A value nobody could compute reaches the page as None or as a missing key; both print as a dash.
    if not isinstance(value, int | float):
        return "–"
    number = float(value)
    # Six decimals would lose its figures, down to a plain 0.
    if 0.0 < number < 1e-4:
        return "under 0.0001"
    rounded = float(f"{number:.{digits - 1}e}")
    return f"{rounded:.0f}" if abs(rounded) >= 10.0 ** (digits - 1) else f"{rounded:.6f}".rstrip("0").rstrip(".")


def minutes_in_words(minutes: float) -> str:
    """A session's length as one sets a timer.

    >>> minutes_in_words(25.0), minutes_in_words(1.7), minutes_in_words(0.5)
    ('25 min', '1 min 42 s', '30 s')
    """
    # Rounded before it is split, or 1.999 minutes would read 1 min 60 s.
    whole, seconds = divmod(round(60.0 * float(minutes)), 60)
    if not whole:
        return f"{seconds} s"
    return f"{whole} min {seconds} s" if seconds else f"{whole} min"


def range_in_words(limits: Sequence[float]) -> str:
    """A range, or the one value it holds.

    >>> range_in_words([12, 90]), range_in_words([4, 4])
    ('12–90', '4')
    """
    lower, upper = (quantity(limit, 3) for limit in limits)
    return lower if lower == upper else f"{lower}–{upper}"


def percent_in_words(chance: object) -> str:
    """A chance as a percentage that never claims certainty.

    >>> percent_in_words(0.724), percent_in_words(0.0), percent_in_words(1.0)
    ('72 %', 'under 1 %', 'over 99 %')
    """
    if not isinstance(chance, int | float):
        return "–"
    if chance < 0.01:
        return "under 1 %"
    return "over 99 %" if chance > 0.99 else f"{100.0 * chance:.0f} %"


def share_in_words(share: object, standard_error: float | None) -> str:
    """A share of computed cases, only as far as it is known: whole per cent, with its standard error in per cent.

    >>> share_in_words(0.4402, 0.0213), share_in_words(0.72, None), share_in_words(0.003, 0.002)
    ('44 % (± 2)', '72 %', 'under 1 %')
    """
    words = percent_in_words(share)
    # Of what is under 1 % or over 99 % the words say all that is known.
    if standard_error is None or not words[0].isdigit():
        return words
    return f"{words} (± {max(1, round(100.0 * standard_error))})"


def part_in_words(part: float) -> str:
    """How much of a whole is left, as people picture it: per cent, and below one per cent one part in so many.

    >>> part_in_words(0.0279), part_in_words(1.21), part_in_words(0.00045), part_in_words(0.0)
    ('2.8 %', '120 %', 'one part in 2200', 'next to nothing')
    """
    if part >= 0.01:
        return f"{quantity(100.0 * part)} %"
    return f"one part in {quantity(1.0 / part)}" if part > _LEAST_PART else "next to nothing"


def mean_rating(mean: object) -> str:
    """A mean of ratings, no finer than a tenth: whoever rates in whole points cannot tell more.

    >>> mean_rating(6.93), mean_rating(26.54), mean_rating(27.0), mean_rating(0.143), mean_rating(None)
    ('6.9', '26.5', '27', '0.14', '–')
    """
    return quantity(mean, 3 if isinstance(mean, int | float) and abs(mean) >= 10 else 2)


def mean_in_words(mean: object, count: int) -> str:
    """A mean with how many values it is of, so that it is not taken for the last of them.

    >>> mean_in_words(27.0, 1), mean_in_words(1.0, 2), mean_in_words(None, 0)
    ('27', '1 (mean of 2)', '–')
    """
    words = mean_rating(mean)
    return f"{words} (mean of {count})" if count > 1 and words != "–" else words


def gap_in_words(distance_mm: float | None) -> str:
    """From lamp to skin [mm], as whoever holds the lamp measures it.

    >>> gap_in_words(25.0), gap_in_words(0.0), gap_in_words(None)
    ('2.5 cm', 'touching the skin', '–')
    """
    if distance_mm is None:
        return "–"
    return "touching the skin" if touches(distance_mm) else f"{quantity(distance_mm / 10.0, 3)} cm"


def gaps_in_words(distances_mm: Iterable[float | None]) -> str:
    """The gaps of several lamps [mm], in their order, each once.

    >>> gaps_in_words([300.0, 250.0, 300.0])
    '30 cm and 25 cm'
    """
    return " and ".join(dict.fromkeys(gap_in_words(distance_mm) for distance_mm in distances_mm))


def touches(distance_mm: float | None) -> bool:
    """Whether a lamp that near [mm] is laid on the skin, for whoever holds it.

    >>> touches(0.9), touches(2.0), touches(None)
    (True, False, False)
    """
    return distance_mm is not None and distance_mm < _TOUCHES_BELOW_MM


# Written out, not asked of the locale: a plan must read the same on every machine.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_in_words(date: dt.date | str, *, weekday: bool = False) -> str:
    """A date, or its ISO text, as people write it.

    >>> date_in_words("2026-12-01", weekday=True), date_in_words(dt.date(2026, 12, 1))
    ('Tuesday 1 December 2026', '1 December 2026')
    """
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    words = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {words}" if weekday else words


def clock_in_words(time: dt.time | None) -> str:
    """A time of day; nothing where none was set.

    >>> clock_in_words(dt.time(19, 40)), clock_in_words(None)
    ('19:40', '')
    """
    return "" if time is None else f"{time:%H:%M}"


def setting_in_words(distance_mm: float, lamp_mode: str | None, places_at_once: int) -> str:
    """How a lamp is used.

    >>> setting_in_words(200.0, "red", 1), setting_in_words(300.0, None, 2)
    ('20 cm away, red', '30 cm away, 2 places at once')
    """
    away = "on the skin" if touches(distance_mm) else f"{quantity(distance_mm / 10.0, 3)} cm away"
    at_once = f"{places_at_once} places at once" if places_at_once > 1 else ""
    return ", ".join(part for part in (away, lamp_mode, at_once) if part)
