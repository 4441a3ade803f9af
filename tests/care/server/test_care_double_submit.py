"""A form sent twice at once: both get an answer, and there is one record of it. Two threads on a real database."""

from __future__ import annotations

import json
from pathlib import Path

from care.command_forks import run_script
from care.services import install

_SCRIPT = Path(__file__).with_name("twice_at_once.py")


def test_what_two_ask_for_at_once_is_there_once_and_nobody_gets_an_error(
    tmp_path: Path, database_url: str | None
) -> None:
    environment = install(tmp_path / "data", database_url)
    done = run_script(_SCRIPT, environment=environment, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    faults = {name: answers for name, (answers, _) in said.items() if any(answers)}
    assert faults == {}
    assert {name: rows for name, (_, rows) in said.items() if rows != 1} == {}
    assert len(said) > 8
