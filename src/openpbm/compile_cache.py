"""Where compiled code is kept between runs: one folder per state of the sources, the versions and the processor."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpbm.version import sources_digest

__all__ = ["compiled_code_kept"]


def build_digest(package: Path) -> str:
    """Digest of the package's sources, of the compiler's versions and of the processor.

    Numba alone watches only the file of the outermost function and would miss an edit in the physics it calls.
    """
    import llvmlite.binding  # type: ignore[import-untyped]
    import numba
    import numpy as np

    cpu = llvmlite.binding.get_host_cpu_name() + llvmlite.binding.get_host_cpu_features().flatten()
    parts = (sources_digest(package), numba.__version__, np.__version__, llvmlite.__version__, cpu)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


def writable_folder(package: Path) -> Path | None:
    """The cache folder, made if need be; None where nothing can be written (read-only home, full disk)."""
    import platformdirs

    try:
        folder = platformdirs.user_cache_path("openpbm") / "numba" / build_digest(package)
        folder.mkdir(parents=True, exist_ok=True)
        # A folder that is there already says nothing of a full disk or of lost rights, so one byte is tried.
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0")
    except OSError:
        return None
    return folder


@contextlib.contextmanager
def compiled_code_kept(package: Path) -> Iterator[bool]:
    """While functions of `package` (its folder) are decorated, point Numba at our cache; yields whether to ask for it.

    Numba reads the folder when a function is decorated, so the setting is put back at once and other users of Numba
    in this process keep theirs. Without a writable folder the code is compiled again in memory, and nothing is said.
    """
    from numba import config

    # Numba makes its settings at import, where no type checker sees them.
    settings: Any = config
    folder = writable_folder(package)
    if folder is None:
        yield False
        return
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)
    try:
        yield True
    finally:
        settings.CACHE_DIR = before
