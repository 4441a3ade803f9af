"""The errors a caller may meet.

OpenPBMError
├── BadInput          what was given cannot be used; one fault a line, each names thing, value, limit and way out
└── FactsError        a shipped table breaks its own rules (a bug of ours, found at load)

A clinical refusal is never an error: it is a verdict, a value with its reasons.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["BadInput", "FactsError", "OpenPBMError"]


class OpenPBMError(Exception):
    """Root of every error raised on purpose by openpbm."""


class BadInput(OpenPBMError):
    """What was given cannot be used; `faults` holds one plain line per fault."""

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults: tuple[str, ...] = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class FactsError(OpenPBMError):
    """A shipped table breaks its own rules."""
