"""The sources a checkpoint's page rests on: a number beside each value, the citations once at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openpbm.facts.references import Reference, references

__all__ = ["OWN_RULE", "cited_sources", "source_mark"]

#: What stands in place of a number where nobody else is to be cited.
OWN_RULE = "our own rule"

_OWN = "openpbm_assumption"


def cited_sources(content: Mapping[str, Any]) -> dict[str, tuple[int, Reference]]:
    """Id of every source of a checkpoint's content -> its number and citation, numbered as the page comes to them.

    Our own rules are none. Raises BadInput for an id that no references table knows.
    """
    ids = dict.fromkeys(id for id in _ids(content) if id != _OWN)
    return {id: (number, references[id]) for number, id in enumerate(ids, start=1)}


def source_mark(id: str, sources: Mapping[str, tuple[int, Reference]]) -> str:
    """What stands beside a value.

    >>> from openpbm.facts.references import references
    >>> sources = {"silva2017": (3, references["silva2017"])}
    >>> source_mark("silva2017", sources), source_mark("openpbm_assumption", sources)
    ('[3]', 'our own rule')
    """
    return OWN_RULE if id == _OWN else f"[{sources[id][0]}]"


def _ids(content: Mapping[str, Any]) -> Iterator[str]:
    """Every source id in the order of the page."""
    probabilities = content["probabilities"]
    for row in probabilities["thresholds"]:
        yield row["source"]
    for row in content["measures"]:
        if row["reliable_change"]:
            yield row["reliable_change"]["source"]
    if isinstance(probabilities["sham_course"], Mapping):
        yield probabilities["sham_course"]["source"]
    if content["cramps"]:
        yield content["cramps"]["source"]
    for row in content["care_plan"]:
        yield row["source"]
    for row in content["reasons"]:
        if row["about"] == "decision":
            yield row["source"]
