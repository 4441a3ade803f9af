"""Where OPENPBM_NO_SKIP=1, a test that did not run has failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BODIES = {
    "test": "import pytest\n@pytest.mark.skip\ndef test_one():\n    pass\n",
    "body": "import pytest\ndef test_one():\n    pytest.skip('no server')\n",
    "module": "import pytest\npytest.skip('no server', allow_module_level=True)\n",
    "no_values": "import pytest\n@pytest.mark.parametrize('one', [])\ndef test_one(one):\n    pass\n",
    "fixture": (
        "import pytest\n@pytest.fixture\ndef one():\n    pytest.skip('no server')\ndef test_one(one):\n    pass\n"
    ),
}


def run(folder: Path, no_skip: str) -> subprocess.CompletedProcess[str]:
    for name, body in BODIES.items():
        (folder / f"test_{name}.py").write_text(body, encoding="ascii")
    (folder / "test_sound.py").write_text("def test_two():\n    pass\n", encoding="ascii")
    (folder / "conftest.py").write_bytes((Path(__file__).parent / "conftest.py").read_bytes())
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="ascii")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--continue-on-collection-errors",
        folder,
    ]
    environment = os.environ | {"OPENPBM_NO_SKIP": no_skip, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_skip_of_any_kind_is_a_failure(tmp_path: Path) -> None:
    done = run(tmp_path, "1")
    assert done.returncode == 1, done.stdout
    assert done.stdout.count("a skip is a failure here") >= len(BODIES), done.stdout
    assert "1 passed" in done.stdout
    for name in BODIES:
        assert f"test_{name}" in done.stdout.rpartition("short test summary")[2]


def test_it_is_only_when_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, "")
    assert done.returncode == 0, done.stdout
    assert f"{len(BODIES)} skipped" in done.stdout
