"""`openpbm clinic open` and `openpbm account new-password`, as whoever runs the machine types them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from care.services import install, openpbm


def test_a_clinic_and_a_new_password_on_an_installation(tmp_path: Path, database_url: str | None) -> None:
    data = tmp_path / "data"
    install(data, database_url)

    def run(*words: Any) -> subprocess.CompletedProcess[str]:
        return openpbm(*words, "--data-dir", data, data_dir=data, database_url=database_url)

    opened = run("clinic", "open", "Zürich Feet", "--administrator", "ann", "--time-zone", "Europe/Zurich", "--json")
    assert opened.returncode == 0, opened.stderr
    told = json.loads(opened.stdout)
    assert (told["clinic"], told["username"]) == ("Zürich Feet", "ann")
    again = run("clinic", "open", "zürich feet", "--administrator", "bob")
    assert again.returncode == 2
    assert again.stderr.count("\n") == 1, again.stderr
    renewed = run("account", "new-password", "ann")
    assert renewed.returncode == 0, renewed.stderr
    assert "First password of ann: " in renewed.stdout
    assert told["password"] not in renewed.stdout


def test_without_an_installation_it_is_one_line(tmp_path: Path) -> None:
    for words in (["clinic", "open", "X", "--administrator", "ann"], ["account", "new-password", "ann"]):
        said = openpbm(*words, "--data-dir", tmp_path / "none", data_dir=tmp_path / "none")
        assert said.returncode == 2, said.stderr
        assert "no installation is there" in said.stderr
        assert said.stderr.count("\n") == 1, said.stderr
