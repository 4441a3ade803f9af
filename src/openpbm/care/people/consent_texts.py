"""The texts people agree to. A changed text is a new version: what was agreed to must stay what it was."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.template.loader import render_to_string

from openpbm.care.people.capability import CAPABILITIES
from openpbm.care.people.models import Consent

__all__ = ["ConsentText", "consent_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """One version of the text of one purpose."""

    purpose: Consent.Purpose
    version: str

    @property
    def html(self) -> str:
        """The text as it is shown."""
        name = f"people/consent_texts/{self.purpose.value}_{self.version}.html"
        return render_to_string(name, {"capabilities": CAPABILITIES})

    @property
    def digest(self) -> str:
        """SHA-256 of what was shown."""
        # Of the text with its questions filled in: another question is another thing that was agreed to.
        return hashlib.sha256(self.html.encode()).hexdigest()


_VERSIONS = {Consent.Purpose.LIGHT: "2"}
_CURRENT = {purpose: ConsentText(purpose=purpose, version=_VERSIONS.get(purpose, "1")) for purpose in Consent.Purpose}


def consent_text(purpose: str) -> ConsentText:
    """The text that is shown today for a purpose."""
    return _CURRENT[Consent.Purpose(purpose)]
