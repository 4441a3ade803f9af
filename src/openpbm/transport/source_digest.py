"""The digest of this package's sources: kept light is only as good as the code that computed it."""

from __future__ import annotations

from pathlib import Path

from openpbm.compile_cache import folder_digest

__all__ = ["source_digest"]


def source_digest() -> str:
    """SHA-256 of the transport sources, in hexadecimal; needs no compiler."""
    return folder_digest(Path(__file__).parent)
