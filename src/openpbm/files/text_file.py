"""The text of a file, not too large and UTF-8, and what it holds as TOML or as JSON.

JSON is read strictly: every key once, and no number that JSON does not know.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, TypeAlias

from openpbm.errors import BadInput, Problem, quote
from openpbm.files.validate import not_finite

__all__ = [
    "JsonObject",
    "decode_utf8",
    "json_object",
    "read_bytes",
    "read_json",
    "read_text",
    "read_toml",
    "toml_section",
]

_LARGEST_FILE_BYTES = 20_000_000
#: What has come out of JSON or TOML and has no noun yet, or goes into JSON and has lost it.
JsonObject: TypeAlias = dict[str, Any]


def read_bytes(path: Path, remedy: str = "check the file") -> bytes:
    """The whole file; BadInput where it cannot be read or is too large to be the one that was meant."""
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE_BYTES:
            limit = f"{size / 1e6:.0f} MB, at most {_LARGEST_FILE_BYTES / 1e6:.0f} MB"
            raise BadInput(Problem(document=path.name, message=limit, remedy="is it the right file?"))
        return path.read_bytes()
    except OSError as error:
        why = f"cannot be read ({error.strerror or 'no reason given'})"
        raise BadInput(Problem(document=str(path), message=why, remedy=remedy)) from error


def read_text(path: Path, remedy: str = "check the file") -> str:
    """The whole file as text without its byte order mark; BadInput where it is not UTF-8."""
    return decode_utf8(read_bytes(path, remedy), path.name)


def decode_utf8(content: bytes, document: str) -> str:
    """Text out of bytes, without a byte order mark; BadInput with the line of the first byte that is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(document=document, line=line, message="not UTF-8 text", remedy="save the file again as UTF-8")
        raise BadInput(problem) from error


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
        raise BadInput(_toml_problem(error, text, document, remedy)) from error
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else "a number has thousands of digits"
        problem = Problem(document=document, message=f"cannot be read as TOML ({why})", remedy=remedy)
        raise BadInput(problem) from error


def _toml_problem(error: tomllib.TOMLDecodeError, text: str, document: str, remedy: str) -> Problem:
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


class _GivenTwice(ValueError):
    """A key that stands twice in one object: of two values nobody knows which was meant."""


def read_json(path: Path, *, remedy: str, unreadable: str = "check the file") -> JsonObject:
    """The object in a JSON file; BadInput where it holds none.

    remedy : what helps where it is not valid JSON, mostly where the format is described
    unreadable : what helps where the file cannot be read at all
    """
    return json_object(read_text(path, unreadable), path.name, remedy=remedy)


def json_object(text: str | bytes, document: str, *, remedy: str) -> JsonObject:
    """The object in JSON text, said of `document` where it is none."""
    try:
        content = json.loads(text, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        problem = Problem(document=document, line=error.lineno, message=f"not valid JSON ({error.msg})", remedy=remedy)
        raise BadInput(problem) from error
    except _GivenTwice as error:
        raise BadInput(
            Problem(document=document, message=f"{error} is given more than once", remedy="keep one")
        ) from error
    except RecursionError as error:
        raise BadInput(
            Problem(document=document, message="cannot be read as JSON (nested too deeply)", remedy=remedy)
        ) from error
    except ValueError as error:
        raise BadInput(Problem(document=document, message=f"not valid JSON ({error})", remedy=remedy)) from error
    if not isinstance(content, dict):
        message = f"holds {quote(content)}, not an object with keys"
        raise BadInput(Problem(document=document, message=message, remedy=remedy))
    if problems := not_finite(content):
        raise BadInput(problem.within(document) for problem in problems)
    return content


def _once_each(pairs: list[tuple[str, Any]]) -> JsonObject:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        raise _GivenTwice(quote(next(name for name in names if names.count(name) > 1)))
    return content
