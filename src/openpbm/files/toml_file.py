"""A TOML file as sections with keys."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from openpbm.errors import BadInput, Problem, quote
from openpbm.files.json_file import JsonObject
from openpbm.files.text_file import read_text

__all__ = ["read_toml", "toml_section"]


def read_toml(path: Path, *, remedy: str, unreadable: str = "check the file") -> JsonObject:
    """The content of a TOML file; BadInput with the line that is none.

    remedy : what helps where it is not TOML, mostly where the format is described
    unreadable : what helps where the file cannot be read at all
    """
    return toml_section(read_text(path, unreadable), path.name, remedy=remedy)


def toml_section(text: str, document: str, *, remedy: str) -> JsonObject:
    """The content of TOML text, said of `document` where it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(_problem(error, text, document, remedy)) from error
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else "a number has thousands of digits"
        problem = Problem(document=document, message=f"cannot be read as TOML ({why})", remedy=remedy)
        raise BadInput(problem) from error


def _problem(error: tomllib.TOMLDecodeError, text: str, document: str, remedy: str) -> Problem:
    # Before Python 3.14 the parser says the line, and that a date is at fault, in its words alone.
    said = str(error)
    place = re.search(r"line (\d+)", said)
    number = int(place[1]) if place else None
    lines = text.splitlines()
    known = number is not None and number <= len(lines)
    key = quote(lines[number - 1].strip())[1:-1] if number is not None and known else ""
    if number is None:
        key = "at the end of the file"
    if "date" in said.lower():
        message, remedy = "this date does not exist", "write a day of the calendar as YYYY-MM-DD"
    else:
        message = f"not valid TOML ({error})"
    return Problem(document=document, line=number, key=key, message=message, remedy=remedy)
