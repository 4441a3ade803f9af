"""What may have been meant by a word that is not known: its meaning first, then its unit, then a slip of the pen.

Words alike in letters alone mean other things: cancer is no pacemaker. So nothing is offered rather than that.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib import resources

__all__ = ["nearest", "suggest"]

_MOST_LISTED = 20
_MOST_OFFERED = 4
# Units beside those of the grammar of light and length: ours, as names end in it, then theirs with its factor.
_OTHER_UNITS: Mapping[str, Mapping[str, float]] = {
    "kg": {"lb": 0.45359237, "lbs": 0.45359237, "pounds": 0.45359237, "st": 6.35029318, "g": 0.001},
    "ug_l": {"ng_ml": 1.0, "mcg_l": 1.0, "ug_dl": 10.0, "mg_l": 1000.0},
    "percent": {"fraction": 100.0},
    "years": {"months": 1 / 12},
    "weeks": {"days": 1 / 7},
}


def suggest(word: str, known: Iterable[str]) -> str:
    """What was meant, as a question or with the factor of its unit; else all known words, where they are few.

    >>> suggest("cancer", ("malignancy_known", "pacemaker")), suggest("lft", ("left", "right"))
    ('did you mean malignancy_known?', 'did you mean left?')
    >>> suggest("irradiance_w_m2", ("irradiance_mw_cm2", "distance_mm"))
    'write irradiance_mw_cm2: 1 w_m2 is 0.1 mw_cm2'
    """
    words = sorted(known)
    in_our_unit = _in_our_unit(_plain(word), words)
    if in_our_unit:
        return in_our_unit
    offered = _offered(word, words)
    if offered:
        # A key in another unit is never offered without its factor: the number would be copied.
        return f"did you mean {_either([known + _factor_beside(_plain(word), known) for known in offered])}?"
    if len(words) <= _MOST_LISTED:
        return f"known: {', '.join(words)}"
    return f"nothing like it among {len(words)} known"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one known word that was meant; None where none or more than one may be."""
    offered = [one for one in _offered(word, sorted(known)) if "." not in one]
    return offered[0] if len(offered) == 1 else None


def _offered(word: str, words: Sequence[str]) -> Sequence[str]:
    plain = _plain(word)
    return _meant(plain, words) or _misspelt(plain, words) or _part_of(plain, words)


def _meant(plain: str, words: Collection[str]) -> Sequence[str]:
    """The known words with that meaning, else the key that is asked for elsewhere."""
    for wanted in (plain, *reversed(plain.split("_"))):
        means = _meanings().get(wanted) or _meanings().get(wanted.removesuffix("s"), ())
        here = [one for one in means if one in words]
        elsewhere = [one for one in means if "." in one]
        if here or elsewhere:
            return here or elsewhere
    return ()


def _misspelt(plain: str, words: Sequence[str]) -> Sequence[str]:
    """The known words a slip or two away, the nearest alone; a short word bears one slip only."""
    bearable = 1 if len(plain) < 7 else 2
    far = {known: _slips(plain, _plain(known)) for known in words if abs(len(known) - len(plain)) <= bearable}
    least = min(far.values(), default=bearable + 1)
    # Of two letters one slip makes anything.
    return [known for known, slips in far.items() if slips == least <= bearable] if len(plain) >= 3 else ()


def _part_of(plain: str, words: Sequence[str]) -> Sequence[str]:
    """The known words that hold every word of this one: `ulcer` of foot_ulcer; none where they are many."""
    own = set(plain.split("_"))
    holding = [known for known in words if own <= set(_plain(known).split("_"))] if len(plain) >= 4 else []
    return holding if len(holding) <= _MOST_OFFERED else ()


def _in_our_unit(plain: str, words: Iterable[str]) -> str:
    """The key of the same quantity in the unit we keep it in, and what their unit is in ours."""
    for known in words:
        for stem, ours in _cuts(known):
            theirs = plain.removeprefix(f"{stem}_")
            if theirs != plain and (factor := _factor(theirs, ours)) is not None:
                return f"write {known}: 1 {theirs} is {factor:.6g} {ours}"
    return ""


def _factor_beside(plain: str, known: str) -> str:
    """What the unit at the end of a word is in that of a known key; "" where they are one or cannot be compared."""
    for (_, theirs), (_, ours) in itertools.product(_cuts(plain), _cuts(known)):
        if (factor := _factor(theirs, ours)) is not None:
            return f" (1 {theirs} is {factor:.6g} {ours})"
    return ""


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    """A word as its stem and the unit behind it; what stands behind `per` alone is no unit."""
    parts = word.split("_")
    for cut in range(1, len(parts)):
        if parts[cut - 1] != "per":
            yield "_".join(parts[:cut]), "_".join(parts[cut:])


def _factor(theirs: str, ours: str) -> float | None:
    """What a number in their unit is multiplied by to be in another unit of ours."""
    # Units are read only where a key is not known, which is rare.
    from openpbm.files.units import unit_factor

    if theirs == ours:
        return None
    if theirs.startswith("per_") and ours.startswith("per_"):
        inverse = unit_factor(theirs.removeprefix("per_"), ours.removeprefix("per_"))
        return None if inverse is None else 1.0 / inverse
    return _OTHER_UNITS.get(ours, {}).get(theirs) or unit_factor(theirs, ours.replace("_", "/"))


def _plain(word: str) -> str:
    return "_".join(re.findall(r"[^\W_]+", word.casefold()))


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


@functools.cache
def _meanings() -> dict[str, tuple[str, ...]]:
    # A table of facts read from below them: every reader of files suggests, and the facts are read by these readers.
    text = (resources.files("openpbm") / "facts" / "data" / "meanings.toml").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in tomllib.loads(text)["meanings"]:
        for word in row["words"].split(","):
            found[_plain(word)] = (*found.get(_plain(word), ()), *row["means"])
    return found


def _slips(one: str, other: str) -> int:
    """How many letters were left out, put in, exchanged or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    line = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        beyond, before, line = before, line, [row]
        for column, wanted in enumerate(other, start=1):
            best = min(before[column] + 1, line[column - 1] + 1, before[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                best = min(best, beyond[column - 2] + 1)
            line.append(best)
    return line[-1]
