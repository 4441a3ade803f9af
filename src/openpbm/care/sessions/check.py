"""One thing looked at before a session may begin, and what it means that it did not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["Check", "WayOut", "blocking", "may_be_overridden"]

Severity = Literal["stop", "caution", "note"]
#: What helps: the page that settles it. Empty where nothing but another person or another day does.
WayOut = Literal["", "record", "open", "skin", "consent", "intake", "screening", "plan", "lamp", "hold", "timeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding of the verification.

    severity : `stop` keeps the session from beginning when it did not pass; `caution` and `note` are said alone
    overridable : a clinician may let the session begin against it, with a reason and a signature
    """

    rule: str
    passed: bool
    severity: Severity
    message: str
    overridable: bool = False
    way_out: WayOut = ""
    source: str = "openpbm_assumption"
    verified: bool = False

    @property
    def stops(self) -> bool:
        """Whether it keeps the session from beginning."""
        return not self.passed and self.severity == "stop"

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON."""
        return asdict(self)


def blocking(checks: Iterable[Check]) -> list[Check]:
    """Those that keep the session from beginning; what nobody can override comes first."""
    return sorted((check for check in checks if check.stops), key=lambda check: check.overridable)


def may_be_overridden(checks: Iterable[Check]) -> bool:
    """Whether something stops the session, and a clinician's signature can let it begin all the same."""
    stops = blocking(checks)
    return bool(stops) and all(check.overridable for check in stops)
