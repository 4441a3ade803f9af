"""Photometric files: IES LM-63 and EULUMDAT, strictly; the shape of the light is taken and nothing else of them.

Both formats as other readers of them describe them; the text of LM-63 is for sale and was not read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from openpbm.device.beam_lobes import Photometry
from openpbm.errors import BadInput, Problem
from openpbm.files import decoded, number_of, read_bytes

__all__ = ["read_ies", "read_ldt"]

Floats = NDArray[np.float64]
Numbered = list[tuple[int, str]]
_IES_HEADS = ("IESNA:LM-63-1995", "IESNA:LM-63-2002", "IESNA91", "IES:LM-63-2019")
_IES_BEFORE_ANGLES = 13
_MOST_ANGLES = 1000
# In EULUMDAT: lines before the lamps' own, lines of a set of lamps, and ratios between these and the angles.
_LDT_BEFORE_LAMPS, _LDT_OF_SET, _LDT_RATIOS = 26, 6, 10
_HALF_ROUND_DEG, _ROUND_DEG = 180.0, 360.0
_ASK_MAKER = "ask the maker for the file as the standard has it"


def read_ies(path: Path) -> Photometry:
    """Light of an IES LM-63 file of 1991, 1995, 2002 or 2019, of type C and without a tilt.

    Raises BadInput with the line that is not as the standard has it.   Source: ANSI/IES LM-63.
    """
    lines = _lines(path)
    head = lines[0].strip() if lines else ""
    if head not in _IES_HEADS:
        remedy = f"the first line says {', '.join(_IES_HEADS[:2])} or the like; {_ASK_MAKER}"
        raise BadInput(_problem(path, 1, "not an IES LM-63 file that is known", remedy))
    tilts = [number for number, line in enumerate(lines, 1) if line.strip().upper().startswith("TILT=")]
    if not tilts or lines[tilts[0] - 1].strip().upper() != "TILT=NONE":
        line = tilts[0] if tilts else None
        raise BadInput(_problem(path, line, "its TILT is not NONE", "give a file of the lamp without a tilt"))
    words = [(number, word) for number, line in enumerate(lines, 1) if number > tilts[0] for word in line.split()]
    numbers = _Numbers(path, words)
    of_lamp = numbers.take(_IES_BEFORE_ANGLES, "the numbers of the lamp")
    angles, planes = (numbers.count(of_lamp[place], name) for place, name in ((3, "vertical"), (4, "horizontal")))
    if of_lamp[5] != 1.0:
        message = f"its photometric type is {of_lamp[5]:g}, and only type C (1) is read"
        raise BadInput(_problem(path, words[5][0], message, _ASK_MAKER))
    vertical = numbers.take(angles, "the vertical angles")
    horizontal = numbers.take(planes, "the horizontal angles")
    candela = numbers.take(angles * planes, "the intensities")
    numbers.nothing_left()
    return _photometry(path, vertical, horizontal, candela.reshape(planes, angles))


def read_ldt(path: Path) -> Photometry:
    """Light of an EULUMDAT file.

    Raises BadInput with the line that is not as the format has it.   Source: EULUMDAT (Stockmar 1990).
    """
    lines = [(number, line.strip()) for number, line in enumerate(_lines(path), 1)]
    while lines and not lines[-1][1]:
        lines.pop()
    if len(lines) < _LDT_BEFORE_LAMPS:
        raise BadInput(_problem(path, None, f"{len(lines)} lines, too few for EULUMDAT", _ASK_MAKER))
    numbers = _Numbers(path, [lines[place] for place in (2, 3, 5, 25)])
    symmetry = numbers.integer(0, 4, "the kind of symmetry")
    planes, angles = numbers.integer(1, _MOST_ANGLES, "C-planes"), numbers.integer(2, _MOST_ANGLES, "angles")
    sets = numbers.integer(1, 20, "sets of lamps")
    skipped = _LDT_BEFORE_LAMPS + _LDT_OF_SET * sets + _LDT_RATIOS
    numbers = _Numbers(path, lines[skipped:])
    around, angle = numbers.take(planes, "the C-planes"), numbers.take(angles, "the angles")
    written = _written(symmetry, planes)
    candela = numbers.take(written.size * angles, "the intensities")
    numbers.nothing_left()
    standing = around[written % planes] + _ROUND_DEG * (written // planes)
    return _photometry(path, angle, standing, candela.reshape(written.size, angles))


def _written(symmetry: int, planes: int) -> NDArray[np.intp]:
    """The C-planes whose intensities stand in the file, by its kind of symmetry; of kind 3 from 270 round to 90."""
    count = {0: planes, 1: 1, 4: planes // 4 + 1}.get(symmetry, planes // 2 + 1)
    first = 3 * planes // 4 if symmetry == 3 else 0
    return np.arange(first, first + count)


@dataclass(slots=True)
class _Numbers:
    """The numbers of a file one after the other, each with its line; what is none, or is missing, is said by name."""

    path: Path
    words: Numbered
    used: int = 0

    def take(self, count: int, of: str) -> Floats:
        """The next so many."""
        part = self.words[self.used : self.used + count]
        if len(part) < count:
            line = self.words[-1][0] if self.words else None
            raise BadInput(_problem(self.path, line, f"{of}: {len(part)} numbers, {count} are said", _ASK_MAKER))
        self.used += count
        return np.array([self._number(line, word, of) for line, word in part])

    def count(self, value: float, of: str) -> int:
        """A number of angles that was read."""
        if value != int(value) or not 1 <= value <= _MOST_ANGLES:
            raise BadInput(_problem(self.path, None, f"{value:g} {of} angles, 1 to {_MOST_ANGLES} can be", _ASK_MAKER))
        return int(value)

    def integer(self, least: int, most: int, of: str) -> int:
        """The next one, which counts something."""
        line = self.words[self.used][0]
        (value,) = self.take(1, of)
        if value != int(value) or not least <= value <= most:
            message = f"{of}: {value:g}, and {least} to {most} can be"
            raise BadInput(_problem(self.path, line, message, _ASK_MAKER))
        return int(value)

    def nothing_left(self) -> None:
        """Numbers beyond those that are said would belong to nobody knows what."""
        if self.used < len(self.words):
            left = len(self.words) - self.used
            line = self.words[self.used][0]
            raise BadInput(_problem(self.path, line, f"{left} numbers more than are said", _ASK_MAKER))

    def _number(self, line: int, word: str, of: str) -> float:
        # A comma is the decimal sign of half of Europe's files, and parts nothing here.
        read = number_of(word.replace(",", "."), decimal=".")
        if isinstance(read, Problem) or not math.isfinite(read):
            raise BadInput(
                Problem(word, None, f"not a number among {of}", _ASK_MAKER, line=line, document=self.path.name)
            )
        return read


def _photometry(path: Path, angles: Floats, planes: Floats, intensity: Floats) -> Photometry:
    """The light, its angles as they must be: ascending, from the axis on, to the rim at least."""
    for name, found in (("angles from the axis", angles), ("planes", planes)):
        if (np.diff(found) <= 0.0).any():
            raise BadInput(_problem(path, None, f"its {name} do not ascend", _ASK_MAKER))
    if angles[0] != 0.0 or angles[-1] < 90.0:
        message = f"its angles go from {angles[0]:g} to {angles[-1]:g} degrees, and 0 (the axis) to 90 are needed"
        raise BadInput(_problem(path, None, message, "take a file of the lamp that shines down"))
    if (intensity < 0.0).any():
        raise BadInput(_problem(path, None, "an intensity is below 0", _ASK_MAKER))
    if planes[-1] - planes[0] > _ROUND_DEG:
        raise BadInput(_problem(path, None, "its planes go round more than once", _ASK_MAKER))
    return Photometry(angles_deg=angles, weights=_weights(planes), intensity=intensity)


def _weights(planes: Floats) -> Floats:
    """Share of each plane in a mean over the turn: half the way to either neighbour is its own."""
    if planes.size == 1:
        return np.ones(1)
    if _HALF_ROUND_DEG < planes[-1] - planes[0] < _ROUND_DEG:
        round_again = np.concatenate([[planes[-1] - _ROUND_DEG], planes, [planes[0] + _ROUND_DEG]])
        return np.asarray(0.5 * (round_again[2:] - round_again[:-2]))
    ends = np.concatenate([planes[:1], 0.5 * (planes[1:] + planes[:-1]), planes[-1:]])
    return np.diff(ends)


def _lines(path: Path) -> Sequence[str]:
    text, _ = decoded(read_bytes(path, "give the path of the file, from the folder of the case file"), path.name)
    return re.split(r"\r\n|\r|\n", text)


def _problem(path: Path, line: int | None, message: str, remedy: str) -> Problem:
    return Problem(message=message, remedy=remedy, line=line, document=path.name)
