"""Packages of the extras `research` and `cluster`: what is said where one is missing."""

from __future__ import annotations

import importlib
from typing import Any

from openpbm.errors import BadInput, Problem

__all__ = ["optional_package"]


def optional_package(name: str, extra: str = "research") -> Any:
    """The module of that name; BadInput with the extra that brings it where it is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        remedy = f"pip install 'openpbm[{extra}]'"
        raise BadInput(Problem(name.partition(".")[0], message="is not installed", remedy=remedy)) from error
