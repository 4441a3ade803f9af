"""The version of OpenPBM, where every layer may read it, and the digest of a part of its sources."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__ = ["SOURCES", "__version__", "sources_digest"]

__version__ = "0.1.0"
# Each package is a folder in it.
SOURCES = Path(__file__).parent


def sources_digest(folder: Path) -> str:
    """SHA-256 of the Python sources of one package folder, in hexadecimal; imports none of them."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
