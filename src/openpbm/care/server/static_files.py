"""Scripts, styles and pictures as they are served: packed by brotli and gzip, each under a name with its digest."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import platformdirs

__all__ = ["collected_static"]

_FILES = Path(__file__).parents[1] / "static"
# Whose own files are served beside ours, and who packs them.
_PACKAGES = ("brotli", "django", "django-allauth", "whitenoise")


def collected_static() -> str:
    """The folder with these files, made where it is missing; "" where none can be written.

    It lies in the user's cache and not with the data: every site of one machine serves the same. The settings can be
    read already, and no database is asked.
    """
    folder = platformdirs.user_cache_path("openpbm") / "static" / _digest()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not folder.exists():
            _make(folder)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return str(folder)


def _make(folder: Path) -> None:
    # Filled beside it and moved: a folder of that name is whole, whoever made it.
    with tempfile.TemporaryDirectory(dir=folder.parent) as passing:
        whole = Path(passing) / folder.name
        command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, env=os.environ | {"OPENPBM_STATIC": str(whole)}, check=True, stdin=subprocess.DEVNULL)
        try:
            whole.rename(folder)
        except OSError:
            # Another site was quicker.
            if not folder.exists():
                raise


def _digest() -> str:
    digest = hashlib.sha256("\0".join(version(name) for name in _PACKAGES).encode())
    for path in sorted(path for path in _FILES.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(_FILES)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]
