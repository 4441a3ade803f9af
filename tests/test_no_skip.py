"""Where OPENPBM_NO_SKIP=1, a test that did not run has failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BODIES = {
    "test": "import pytest\n@pytest.mark.skip\ndef test_one():\n    pass\n",
    "body": "import pytest\ndef test_one():\n    pytest.skip('no server')\n",
    "module": "import pytest\npytest.skip('no server', allow_module_level=True)\n",
    "no values": "import pytest\n@pytest.mark.parametrize('one', [])\ndef test_one(one):\n    pass\n",
    "fixture": (
        "import pytest\n@pytest.fixture\ndef one():\n    pytest.skip('no server')\ndef test_one(one):\n    pass\n"
    ),
}


def run(folder: Path, body: str, no_skip: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(body + "\ndef test_two():\n    pass\n", encoding="ascii")
    (folder / "conftest.py").write_bytes((Path(__file__).parent / "conftest.py").read_bytes())
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="ascii")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:django", str(folder)]
    environment = os.environ | {"OPENPBM_NO_SKIP": no_skip}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_skip_is_a_failure(tmp_path: Path, body: str) -> None:
    done = run(tmp_path, body, "1")
    assert done.returncode in (1, 2), done.stdout
    assert "a skip is a failure here" in done.stdout


def test_it_is_only_when_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, BODIES["body"], "")
    assert done.returncode == 0, done.stdout
    assert "1 skipped" in done.stdout
