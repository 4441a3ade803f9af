"""A start brings a database of an earlier version up to date, and puts guards back that are gone."""

from __future__ import annotations

import json
from pathlib import Path

from care.command_forks import run_python
from care.services import install

_BACK_AND_UP = """
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from openpbm.care.audit.insert_only import missing_guards
from openpbm.care.server.prepare import prepare

def told():
    executor = MigrationExecutor(connection)
    waiting = [str(one) for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    return waiting, missing_guards(), len(connection.introspection.table_names())

said = [told()]
call_command("migrate", "scales", "0001", verbosity=0)
said.append(told())
prepare()
said.append(told())
connection.cursor().execute("DROP TRIGGER people_goal_no_update")
said.append(told())
prepare()
said.append(told())
print(json.dumps(said))
"""


def test_an_earlier_database_is_brought_up_and_guards_are_put_back(tmp_path: Path) -> None:
    environment = install(tmp_path / "data")
    done = run_python(_BACK_AND_UP, (), environment=environment, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    before, earlier, brought_up, unguarded, again = json.loads(done.stdout)
    assert before == brought_up == again
    assert before[:2] == [[], []]
    assert (earlier[0], earlier[2]) == (["scales.0002_spasm_records"], before[2] - 1)
    assert unguarded[1] == ["people_goal"]
