"""A forked command is what a fresh one is: its settings and its database are those of its own environment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from care.command_forks import run_python
from care.services import install, site_environment

TELL = """
import json, os
from openpbm.care.server.installation import open_installation
from pathlib import Path
open_installation(Path(os.environ["OPENPBM_DATA_DIR"]), make=True)
from django.conf import settings
from django.core.cache import caches
from django.core.mail import get_connection
from django.db import connection, connections
print(json.dumps({
    "settings": {name: repr(getattr(settings, name)) for name in sorted(dir(settings)) if name.isupper()},
    "connections": repr(connections.settings), "connected": repr(connection.settings_dict), "vendor": connection.vendor,
    "caches": repr(caches.settings), "mail": repr(vars(get_connection()).get("host")),
}))
"""


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "DATABASE_URL": "postgresql://ann:secret@example.org:5433/light",
            "EMAIL_URL": "smtps://ann:secret@example.org?from=clinic@example.org",
            "OPENPBM_HOSTS": "light.example.org",
            "OPENPBM_HTTPS": "1",
            "OPENPBM_PLAN_QUALITY": "quick",
        },
    ],
    ids=["bare", "all of it"],
)
def test_a_forked_command_reads_the_settings_that_a_fresh_one_reads(more: dict[str, str], tmp_path: Path) -> None:
    install(tmp_path / "data")
    environment = site_environment(tmp_path / "data", None) | more
    forked = run_python(TELL, (), environment=environment, folder=tmp_path)
    fresh = subprocess.run(
        [sys.executable, "-c", TELL], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert forked.returncode == 0, forked.stderr
    told = json.loads(forked.stdout)
    assert told == json.loads(fresh.stdout)
    assert str(tmp_path) in told["settings"]["DATA_DIR"]
    assert len(told["settings"]) > 150
