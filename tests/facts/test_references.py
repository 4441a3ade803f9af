"""Every row names a source that we list, and every source we list is named by a row."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from importlib import resources
from typing import Any

import pytest

from openpbm.facts.references import references
from openpbm.facts.rules import computed_rules

DATA = resources.files("openpbm.facts") / "data"


def files(folder: Any = DATA) -> list[Any]:
    found: list[Any] = []
    for entry in folder.iterdir():
        found.extend(files(entry) if entry.is_dir() else [entry] if entry.name.endswith((".toml", ".csv")) else [])
    return sorted(found, key=str)


def sources(content: Any) -> list[str]:
    if isinstance(content, dict):
        own = [word for key in ("source", "further_sources") for word in words(content.get(key, ""))]
        # A row that stands for a study, or is a part of one, rests on what that study's own row names.
        own += [STUDY_SOURCES[content[key]] for key in ("trial", "study") if content.get(key) in STUDY_SOURCES]
        return own + [s for value in content.values() for s in sources(value)]
    if isinstance(content, list):
        return [s for item in content for s in sources(item)]
    return []


def words(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else re.findall(r"[A-Za-z0-9_]+", value) if value else []


def content_of(file: Any) -> Any:
    text = file.read_text(encoding="utf-8")
    return tomllib.loads(text) if file.name.endswith(".toml") else list(csv.DictReader(io.StringIO(text)))


KNOWN = set(references.ids)
STUDY_SOURCES = {row["id"]: row["source"] for row in content_of(DATA / "evidence" / "studies.csv")}
# What `benchmarks/calibrate_mechanism.py` computes from the data sets, whose rows name the sources.
COMPUTED = {"calibration.toml", "course_posterior.csv"}
# Signatures of texts rest on no paper.
SIGNATURES = {"reviews.toml", "signatures.toml"}
# Names and ranges of outcomes, each used by rows that name their study.
NAMES = {"outcome_names.csv"}
TABLES = [
    file
    for file in files()
    if not file.name.startswith("references") and file.name not in COMPUTED | SIGNATURES | NAMES
]


@pytest.mark.parametrize("file", TABLES, ids=lambda file: file.name)
def test_every_source_is_listed(file: Any) -> None:
    named = [word for word in sources(content_of(file)) if word != "source"]
    assert named, f"{file.name} names no source"
    assert set(named) <= KNOWN


def test_no_listed_source_is_idle() -> None:
    used = {word for file in TABLES for word in sources(content_of(file))}
    # Formulas of pooling name theirs in the code: `tests/evidence/test_pool_sources.py` holds those both ways.
    of_formulas = {row["id"] for row in content_of(DATA / "references_pooling.toml")["references"]}
    assert used | of_formulas >= KNOWN


def test_computed_rules_fill_their_messages() -> None:
    for rule in computed_rules:
        for words in (rule.message, rule.remedy):
            assert words.count("{") == words.count("}")
        assert (rule.level in ("red_flag", "refer_before")) == (rule.route is not None and rule.urgency is not None)
