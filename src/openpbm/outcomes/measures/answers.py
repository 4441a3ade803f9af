"""What was ticked on a form, read from a small JSON file; and the wording of a licensed site, read from TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpbm.errors import BadInput, quote
from openpbm.facts.scales import Scale
from openpbm.files import suggest, unsupported_values
from openpbm.outcomes.measures.scoring import chosen_version

__all__ = ["Answers", "Wording", "read_answers", "read_wording"]

# A form has some thirty answers; what is a thousand times larger is another file.
_MOST_BYTES = 1_000_000
_DOCUMENT = "docs/scales.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One filled-in form. `version` "" is the current edition; `answers` is not yet checked against any scale."""

    version: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Licensed words of one edition of one scale, loaded by the site that holds the licence; item id to text."""

    licensee: str
    items: Mapping[str, str]


def read_answers(path: Path) -> Answers:
    """The answers of a JSON file: `{"1": 3}` or `{"version": "2.0", "answers": {"1": 3}}`.

    Raises BadInput for a file that is unreadable, too big, not JSON, not an object, or names an item twice.
    """
    content = _parsed_json(path)
    if not isinstance(content, dict):
        raise BadInput(f"{path.name}: answers are a JSON object of item and answer; see {_DOCUMENT}")
    faults = [f"{path.name}: {fault}" for fault in unsupported_values(content)]
    if faults:
        raise BadInput(faults)
    if "answers" not in content and "version" not in content:
        return Answers(version="", answers=content)
    unknown = sorted(set(content) - {"answers", "version"})
    if unknown:
        raise BadInput(f"{path.name}: {quote(unknown[0])} stands beside version and answers; move it into answers")
    answers, version = content.get("answers"), content.get("version", "")
    if not isinstance(answers, dict):
        raise BadInput(f"{path.name}: answers = {quote(answers)}: must be an object of item and answer")
    if version is not None and not isinstance(version, str):
        raise BadInput(f'{path.name}: version = {quote(version)}: must be text in quotes, or "" for the current one')
    return Answers(version=version or "", answers=answers)


def read_wording(path: Path, scale: Scale, version: str = "") -> Wording:
    """The wording of a site's TOML file, refused unless it names this scale, this edition and a licensee.

    Raises BadInput with one line per fault.
    """
    content = _parsed_toml(path)
    faults = [*unsupported_values(content), *_faults_of_wording(content, scale, chosen_version(scale, version))]
    if faults:
        raise BadInput(f"{path.name}: {fault}" for fault in faults)
    return Wording(licensee=content["licensee"].strip(), items=content["items"])


def _faults_of_wording(content: dict[str, Any], scale: Scale, version: str) -> list[str]:
    faults = [f"{key}: not a known key; {suggest(key, _WORDING_KEYS)}" for key in content if key not in _WORDING_KEYS]
    for key, wanted in (("scale", scale.id), ("version", version)):
        if content.get(key) != wanted:
            faults.append(f"{key} = {quote(content.get(key))}: the form is {scale.id} {version}; load its own wording")
    licensee = content.get("licensee")
    if not isinstance(licensee, str) or not licensee.strip():
        faults.append("licensee: not given; name who holds the licence to show these words")
    items = content.get("items")
    if not isinstance(items, dict) or not items:
        return [*faults, 'items: not given; add [items] with lines like 1 = "text"']
    known = {item.id for item in scale.items}
    for id, text in items.items():
        if id not in known:
            faults.append(f"items.{id}: not an item of {scale.id}; {suggest(id, known)}")
        elif not isinstance(text, str) or not text.strip():
            faults.append(f"items.{id} = {quote(text)}: must be text in quotes")
    return faults


_WORDING_KEYS = ("scale", "version", "licensee", "items")


def _parsed_json(path: Path) -> Any:
    text = _text(path, "answers in JSON")
    try:
        return json.loads(text, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        raise BadInput(f"{path.name} line {error.lineno}: not valid JSON ({error.msg}); see {_DOCUMENT}") from error
    except RecursionError as error:
        raise BadInput(f"{path.name}: nested too deeply for a form; see {_DOCUMENT}") from error
    except ValueError as error:
        raise BadInput(f"{path.name}: not valid JSON ({str(error).split(';')[0]}); see {_DOCUMENT}") from error


def _parsed_toml(path: Path) -> dict[str, Any]:
    text = _text(path, "a wording in TOML")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error).split(";")[0]
        raise BadInput(f"{path.name}: not valid TOML ({why}); see {_DOCUMENT}") from error


def _text(path: Path, what: str) -> str:
    try:
        with path.open("rb") as handle:
            raw = handle.read(_MOST_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "not UTF-8 text"
        raise BadInput(f"{path}: cannot be read ({why}); give the path of {what}") from error
    if len(raw) > _MOST_BYTES:
        raise BadInput(f"{path}: larger than {_MOST_BYTES:,} bytes; give the path of {what}")
    return text


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{quote(key)} is given twice")
        found[key] = value
    return found
