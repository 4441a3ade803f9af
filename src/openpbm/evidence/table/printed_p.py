"""What a printed p, interval or standardised difference says of z, with the span that rounding leaves it."""

from __future__ import annotations

import math
import re
from decimal import Decimal

__all__ = ["Span", "half_unit", "is_significant", "z_of_interval", "z_of_p", "z_of_t"]

Span = tuple[float, float]
_P = re.compile(r"(<=|>=|<|>|)\s*(\d*\.\d+|\d+(?:\.\d+)?)")
#: Half the width of a 95 percent interval in standard errors.
_Z95 = 1.959963984540054
_FURTHEST = 40.0


def _number(p: str) -> tuple[str, float, float] | None:
    match = _P.fullmatch(p.strip())
    if match is None or float(match[2]) > 1.0:
        return None
    decimals = len(match[2].partition(".")[2])
    return match[1], float(match[2]), 0.5 * 10.0**-decimals


def z_of_p(p: str) -> Span | None:
    """The least and the most that z can be beside a printed two-sided p; None where p is no such number.

    >>> low, high = z_of_p("0.07")
    >>> round(low, 2), round(high, 2), z_of_p("1.34")
    (1.78, 1.85, None)
    """
    parts = _number(p)
    if parts is None:
        return None
    sign, value, half = parts
    if sign in ("<", "<="):
        return _z(value), _FURTHEST
    if sign in (">", ">="):
        return 0.0, _z(value)
    return _z(min(value + half, 1.0)), _z(max(value - half, 0.0))


def is_significant(p: str) -> bool | None:
    """Whether a printed p is below 0.05; None where it does not tell."""
    parts = _number(p)
    if parts is None:
        return None
    sign, value, _ = parts
    if sign in ("<", "<="):
        return True if value <= 0.05 else None
    if sign in (">", ">="):
        return False if value >= 0.05 else None
    return value < 0.05


def _z(p: float) -> float:
    # SciPy takes a tenth of a second to load, which a list of studies need not pay.
    from scipy.special import ndtri

    return _FURTHEST if p <= 0.0 else abs(float(ndtri(p / 2.0)))


def half_unit(*numbers: float) -> float:
    """Half a unit of the last digit that the most precise of some printed numbers has."""
    exponents = [Decimal(repr(number)).normalize().as_tuple().exponent for number in numbers]
    digits = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    return 0.5 * 10.0 ** -max(digits, 0)


def z_of_interval(value: float, low: float, high: float, *, ratio: bool) -> Span:
    """z of an estimate from its 95 percent interval, on the log scale for a ratio."""
    half = half_unit(value, low, high)
    least, most = high - low - 2 * half, high - low + 2 * half
    size = abs(value)
    if ratio:
        size, least = abs(math.log(value)), math.log(high / low)
        most, half = least, 0.0
    error = 2 * _Z95
    return max(size - half, 0.0) * error / most, (size + half) * error / max(least, 1e-12)


def z_of_t(t: float, degrees: float) -> float:
    """The z of the same two-sided p as t has."""
    from scipy.special import stdtr

    tail = float(stdtr(degrees, -abs(t)))
    return _z(2.0 * tail)
