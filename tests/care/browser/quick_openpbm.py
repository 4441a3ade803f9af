"""`openpbm`, whose site takes its settings from `quick_settings`; those of its processes come from its environment."""

from __future__ import annotations

from pathlib import Path

from openpbm.care.server import serve
from openpbm.cli import main

_whole = serve.environment_of


def _quick(folder: Path) -> dict[str, str]:
    return _whole(folder) | {"DJANGO_SETTINGS_MODULE": "care.browser.quick_settings"}


serve.environment_of = _quick

if __name__ == "__main__":
    main()
