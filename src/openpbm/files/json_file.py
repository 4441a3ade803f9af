"""A JSON object, strict: every key once, and no number that JSON does not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

from openpbm.errors import BadInput, Problem, quote
from openpbm.files.text_file import read_text
from openpbm.files.validate import not_finite

__all__ = ["JsonObject", "json_object", "read_json"]

#: What has come out of JSON or TOML and has no noun yet, or goes into JSON and has lost it.
JsonObject: TypeAlias = dict[str, Any]


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
