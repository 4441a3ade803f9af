"""A number in a cell, and which of point and comma is the decimal sign of the file it stands in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal

from openpbm.errors import Problem

__all__ = ["DecimalSign", "decimal_shown", "number_of", "two_signs"]

DecimalSign = Literal[".", ","]

# Only plain decimals: float() would also take "nan", "1_000" and digits of other scripts.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_MARKED = re.compile(r"([+-]?)([0-9.,'\u202f ]*[0-9.,])([eE][+-]?[0-9]{1,3})?")
# No person types these between two numbers: a program sets them between thousands.
_HARD_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009", "\u202f") | {"\u2212": "-", "\u2019": "'"})
_UNIT_BEHIND = re.compile(r"\s*(%|[A-Za-z]+\.?)$")


def number_of(cell: str, *, decimal: DecimalSign | None) -> float | Problem:
    """The number in a cell, or what is wrong with it.

    decimal : the decimal sign of the file; None where nothing in it decides
    One sign before exactly three digits may part thousands: without a file that decides it is refused.

    >>> number_of("3.5", decimal=None), number_of("1.205", decimal=","), number_of("1.205", decimal=".")
    (3.5, 1205.0, 1.205)
    >>> print(number_of("1,050", decimal=None))
    may be 1050 or 1.050; write it without a thousands sign, or leave it blank
    """
    text = cell.translate(_HARD_BLANKS).strip()
    found = _MARKED.fullmatch(text)
    if found is None:
        return _not_a_number()
    sign, digits, exponent = found[1], found[2], found[3] or ""
    shown = decimal_shown(cell)
    if shown is None and _one_sign_before_three(digits):
        if decimal is None:
            return _thousands_or_decimals(digits)
        shown = decimal
    plain = _plain(digits, shown or decimal or ".")
    if isinstance(plain, Problem):
        return plain
    written = f"{sign}{plain}{exponent}"
    if not _NUMBER.fullmatch(written):
        return _not_a_number()
    number = float(written)
    if not math.isfinite(number):
        return Problem(message="too large to be meant", remedy="correct it or leave it blank")
    return number


def decimal_shown(cell: str) -> DecimalSign | None:
    """The decimal sign a cell shows beyond doubt; None where it holds none, or one that may part thousands.

    >>> decimal_shown("985,5"), decimal_shown("0.333"), decimal_shown("1.234,5"), decimal_shown("1.205")
    (',', '.', ',', None)
    """
    text = _UNIT_BEHIND.sub("", cell.translate(_HARD_BLANKS).strip())
    found = _MARKED.fullmatch(text)
    if found is None:
        return None
    digits, signs = found[2], [sign for sign in found[2] if sign in ".,"]
    if not signs:
        return None
    if len(set(signs)) == 2:
        return _as_sign(signs[-1])
    if len(signs) > 1:
        # Only true groups of three are thousands: a day as 1.9.2026 shows no decimal sign.
        grouped = re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{re.escape(signs[0])}[0-9]{{3}})+", digits)
        return _other(signs[0]) if grouped else None
    before, _, after = digits.partition(signs[0])
    # A group of thousands is three digits, behind one to three that begin with no zero; 1.205e3 is never grouped.
    may_part = len(after) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", before) is not None and not found[3]
    return None if may_part else _as_sign(signs[0])


def two_signs(cells: Iterable[tuple[int, str]]) -> tuple[dict[DecimalSign, tuple[int, str]], bool]:
    """The first cell that shows each decimal sign, as (line, cell), and whether the file shows both."""
    first: dict[DecimalSign, tuple[int, str]] = {}
    for line, cell in cells:
        shown = decimal_shown(cell)
        if shown is not None:
            first.setdefault(shown, (line, cell))
    return first, len(first) == 2


def _plain(digits: str, decimal: DecimalSign) -> str | Problem:
    """Digits with a point for the decimal sign and no thousands signs, which must stand before true threes."""
    whole, found, fraction = digits.partition(decimal)
    parts = set(whole) - set("0123456789")
    if not parts:
        return f"{whole}.{fraction}" if found else whole
    (sign,) = parts if len(parts) == 1 else ("",)
    if not sign or not re.fullmatch(rf"[1-9][0-9]{{0,2}}({re.escape(sign)}[0-9]{{3}})+", whole):
        return _not_a_number()
    if sign == " " and whole.count(" ") == 1 and not found:
        # Two readings in one cell look the same.
        return Problem(message="a blank inside it: one number or two?", remedy="write it without the blank")
    joined = whole.replace(sign, "")
    return f"{joined}.{fraction}" if found else joined


def _one_sign_before_three(digits: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", digits) is not None


def _thousands_or_decimals(digits: str) -> Problem:
    thousands, decimals = re.sub(r"[.,]", "", digits), digits.replace(",", ".")
    return Problem(
        message=f"may be {thousands} or {decimals}",
        remedy="write it without a thousands sign, or leave it blank",
    )


def _not_a_number() -> Problem:
    return Problem(message="not a number", remedy="write one such as 4.5, or leave it blank")


def _as_sign(sign: str) -> DecimalSign:
    return "," if sign == "," else "."


def _other(sign: str) -> DecimalSign:
    return "." if sign == "," else ","
