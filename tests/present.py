"""What may be None elsewhere and is there in a test."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["present"]

T = TypeVar("T")


def present(value: T | None) -> T:
    """The value itself; a test that expects one fails where there is none."""
    assert value is not None
    return value
