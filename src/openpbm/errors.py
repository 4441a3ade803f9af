"""The errors a caller may meet.

OpenPBMError
├── BadInput          what was given cannot be used; it holds a Problem for each thing that is wrong
└── FactsError        a shipped table breaks its own rules (a bug of ours, found at load)

A clinical refusal is never an error: it is a verdict, a value with its reasons.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

__all__ = ["UNPRINTABLE", "BadInput", "FactsError", "OpenPBMError", "Problem", "quote"]

_LONGEST_QUOTED = 60
# Terminal controls, halves of a character, and marks that turn the reading direction around.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def quote(value: object) -> str:
    """A value as a person would recognise it in a line of text: quoted, printable, cut when long.

    >>> quote("left"), quote(2.5), quote(["a"])
    ('"left"', '2.5', '["a"]')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    text = json.dumps(value, ensure_ascii=False, default=str)
    # Told to keep letters of every alphabet, json.dumps keeps marks of direction and halves of characters too.
    text = UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text if len(text) <= _LONGEST_QUOTED else f"{text[: _LONGEST_QUOTED - 1]}…"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what was given.

    key      : what it is about, as its writer knows it: a key, a column, an option; "" where nothing has a name
    value    : what stands there; None where the value says nothing
    message  : what is wrong, with the limit it breaks
    remedy   : what to do about it
    line     : where it stands in a file, the first line being 1
    document : the file it stands in; "" where it came from no file
    confirm  : the name under which the value can be confirmed as it stands; "" where it cannot be
    on_page  : what a page says in place of message and remedy, where these speak of a case file; "" where they do not

    >>> print(Problem(key="sessions.minutes", value=-3, message="must be at least 0", remedy="correct the value"))
    sessions.minutes = -3: must be at least 0; correct the value
    """

    key: str = ""
    value: object = None
    message: str = ""
    remedy: str = ""
    line: int | None = None
    document: str = ""
    confirm: str = ""
    on_page: str = ""

    def __str__(self) -> str:
        """The problem as one line of text, for a terminal or a log."""
        where = self.document
        if self.line is not None:
            where = f"{where} line {self.line}".lstrip()
        return ": ".join(part for part in (where, self.thing, self.text) if part)

    @property
    def text(self) -> str:
        """What is wrong and what to do, for a place that shows on its own what it is about."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    @property
    def thing(self) -> str:
        """What it is about, with its value where that says something."""
        if self.value is None:
            return self.key
        return f"{self.key} = {quote(self.value)}"

    @property
    def thing_and_message(self) -> str:
        """What is wrong with what, without the remedy: for a place that says on its own where it stands."""
        return f"{self.thing}: {self.message}" if self.thing else self.message

    def to_dict(self) -> dict[str, str | float | int | bool | None]:
        """The problem as JSON; a value that is no text, number or truth value is quoted."""
        plain = self.value is None or isinstance(self.value, str | int | bool)
        value = self.value if plain else quote(self.value)
        return {
            "document": self.document,
            "line": self.line,
            "key": self.key,
            "value": cast("str | int | bool | None", value),
            "message": self.message,
            "remedy": self.remedy,
        }

    def for_page(self) -> Problem:
        """The same problem in the words of a page, whose reader has no case file."""
        return dataclasses.replace(self, message=self.on_page, remedy="") if self.on_page else self

    def within(self, document: str, line: int | None = None) -> Problem:
        """The same problem, said of a line of a document."""
        return dataclasses.replace(self, document=document, line=self.line if line is None else line)

    def under(self, section: str) -> Problem:
        """The same problem, its key inside a section."""
        return dataclasses.replace(self, key=f"{section}.{self.key}".rstrip("."))


class OpenPBMError(Exception):
    """Root of every error raised on purpose by openpbm."""


class BadInput(OpenPBMError):
    """What was given cannot be used; `problems` holds everything that is wrong with it.

    >>> from openpbm.facts.sites import sites
    >>> try:
    ...     sites["foot_soles"]
    ... except BadInput as error:
    ...     print(error)
    ...     print(error.problems[0].remedy)
    site = "foot_soles": unknown; did you mean foot_sole?
    did you mean foot_sole?
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        # A line of text is an iterable too, of letters; it would hide its key, value and remedy from every reader.
        if not all(isinstance(problem, Problem) for problem in self.problems):
            raise TypeError(f"BadInput takes problems, not text: {problems!r}")
        super().__init__("\n".join(map(str, self.problems)))


class FactsError(OpenPBMError):
    """A shipped table breaks its own rules."""
