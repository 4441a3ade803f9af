"""Units as people write them, by a small grammar: symbols with powers, multiplied, or divided by `/` or `per`."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["unit_factor"]

_PREFIXES = {
    "": Fraction(1),
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "c": Fraction(1, 100),
    "d": Fraction(1, 10),
    "k": Fraction(1000),
}
# Dimensions: powers of power (W), of length (m), of time (s), of per cent.
_Dimensions = tuple[int, int, int, int]
_WATT, _METRE, _SECOND, _PERCENT = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)
_BASES: tuple[tuple[str, str, _Dimensions], ...] = (
    ("W", "numk", _WATT), ("J", "numk", (1, 0, 1, 0)), ("m", "numcdk", _METRE), ("s", "num", _SECOND),
)  # fmt: skip
_OTHERS: dict[str, tuple[Fraction, _Dimensions]] = {
    "in": (Fraction(254, 10000), _METRE),
    "ft": (Fraction(3048, 10000), _METRE),
    "min": (Fraction(60), _SECOND),
    "h": (Fraction(3600), _SECOND),
    "%": (Fraction(1), _PERCENT),
}
_WORDS = {
    r"(?:watts?)": "W", r"(?:joules?)": "J", r"(?:met(?:re|er)s?)": "m", r"(?:seconds?|secs?)": "s",
}  # fmt: skip
_PREFIX_WORDS = {"nano": "n", "micro": "u", "milli": "m", "centi": "c", "deci": "d", "kilo": "k", "": ""}
_OTHER_WORDS = {
    r"(?:minutes?|mins)": "min", r"(?:hours?|hrs?)": "h", r"(?:per ?cent|pct)": "%", r"(?:inch(?:es)?|\")": "in",
    r"(?:foot|feet)": "ft",
}  # fmt: skip
# Without the mega among the prefixes MW is no unit here: written for mW it would be wrong by a thousand million.
_SYMBOLS: dict[str, tuple[Fraction, _Dimensions]] = _OTHERS | {
    f"{prefix}{base}": (_PREFIXES[prefix], dimensions)
    for base, prefixes, dimensions in _BASES
    for prefix in ("", *prefixes)
}
_LOWER = {symbol.lower(): value for symbol, value in _SYMBOLS.items()}
_MULTIPLIED = re.compile(r"[·⋅∙•*×.]")
_FACTOR = re.compile(r"\s*(/?)\s*(\(?)\s*([a-zA-Z%]+)\s*\(?([+-]?[0-9]*)\)?\s*(\)?)")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit in watts, metres, seconds and per cent."""

    factor: Fraction
    dimensions: _Dimensions


def unit_factor(written: str, ours: str) -> float | None:
    """What a number in the unit `written` is multiplied by to be in `ours`; None where it is no such unit.

    >>> unit_factor("W/m²", "mW/cm2"), unit_factor("mW·cm⁻²", "mW/cm2"), unit_factor("cm", "mm")
    (0.1, 1.0, 10.0)
    >>> unit_factor("MW/cm2", "mW/cm2"), unit_factor("J/cm2", "mW/cm2")
    (None, None)
    """
    own = _parse(ours)
    for reading in (_parse(written), _parse(_divided(written))):
        if reading is not None and own is not None and reading.dimensions == own.dimensions:
            return float(reading.factor / own.factor)
    return None


def _divided(written: str) -> str:
    """`mw_cm2`, as names of columns write a unit, with its division."""
    return "/".join(re.split(r"[_\s]+", written.strip()))


def _parse(written: str) -> _Unit | None:
    text = _plain(written)
    factor, dimensions, at, under = Fraction(1), (0, 0, 0, 0), 0, False
    while at < len(text):
        found = _FACTOR.match(text, at)
        if found is None:
            return None
        slash, opened, name, power, closed = found.groups()
        symbols = _symbols(name)
        if symbols is None:
            return None
        # A bracket behind the slash keeps everything in it below: W/(m2 nm).
        divides = bool(slash) or under
        under = (under or (bool(slash) and bool(opened))) and not closed
        sign = -1 if divides else 1
        powers = [1] * (len(symbols) - 1) + [int(power) if power not in ("", "+", "-") else 1]
        for (size, own), exponent in zip(symbols, powers, strict=True):
            if abs(exponent) > 4:
                return None
            factor *= size ** (sign * exponent)
            dimensions = tuple(d + sign * exponent * o for d, o in zip(dimensions, own, strict=True))  # type: ignore[assignment]
        at = found.end()
    return _Unit(factor, dimensions) if text.strip() else None


def _symbols(name: str) -> list[tuple[Fraction, _Dimensions]] | None:
    """The symbols a run of letters stands for: one, or two written without a space as in mWcm-2."""
    if name in _SYMBOLS:
        return [_SYMBOLS[name]]
    if re.fullmatch(r"M[wWjJ]", name):
        return None
    if name.lower() in _LOWER:
        return [_LOWER[name.lower()]]
    cuts = [(name[:cut], name[cut:]) for cut in range(1, len(name))]
    pairs = [(first, second) for first, second in cuts if first in _SYMBOLS and second in _SYMBOLS]
    return [_SYMBOLS[pairs[0][0]], _SYMBOLS[pairs[0][1]]] if len(pairs) == 1 else None


def _plain(written: str) -> str:
    """The unit in plain letters: powers as digits, mu as u, words as symbols."""
    text = unicodedata.normalize("NFKC", written).replace("\u03bc", "u").replace("\u2044", "/").replace("\u2215", "/")
    text = re.sub(r"[\u2212\u2010-\u2014]", "-", text).replace("**", "").replace("^", "")
    text = re.sub(r"[{}]", "", text).replace("_", " ")
    text = re.sub(r"\bper\b(?!\s*cent)", "/", text, flags=re.IGNORECASE)
    for (word, prefix), (pattern, symbol) in itertools.product(_PREFIX_WORDS.items(), _WORDS.items()):
        text = re.sub(rf"\b{word}{pattern}(?![a-z])", f"{prefix}{symbol}", text, flags=re.IGNORECASE)
    for pattern, symbol in _OTHER_WORDS.items():
        text = re.sub(rf"(?<![a-zA-Z]){pattern}(?![a-zA-Z])", symbol, text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:square|sq\.?)\s*([a-zA-Z]+)", r"\g<1>2", text, flags=re.IGNORECASE)
    text = re.sub(r"\b([a-zA-Z]+)\s*(?:squared|sq\.?)(?![a-z])", r"\g<1>2", text, flags=re.IGNORECASE)
    return _MULTIPLIED.sub(" ", text).strip()
