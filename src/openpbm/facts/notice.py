"""The notice under everything a patient may read."""

from __future__ import annotations

__all__ = ["NOTICE"]

NOTICE = (
    "Light therapy for this condition is investigational. Go on with your standard care and your medicines."
    " This is not medical advice; talk it over with your doctor."
)
