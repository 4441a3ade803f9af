"""`import openpbm` offers the dozen names of the job, loads none of it before use, and says what it is."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import openpbm
from openpbm.facts.table import Table

SOURCE = Path(openpbm.__file__).read_text(encoding="utf-8")


def test_every_name_is_there_sorted_and_typed() -> None:
    assert openpbm.__all__ == sorted(openpbm.__all__)
    assert dir(openpbm) == openpbm.__all__
    for name in openpbm.__all__:
        assert getattr(openpbm, name) is not None
    typed = {
        alias.asname or alias.name: node.module
        for block in ast.parse(SOURCE).body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == openpbm._HOMES
    assert {*typed, "__version__"} == set(openpbm.__all__)


@pytest.mark.parametrize("name", [name for name in openpbm.__all__ if name != "__version__"])
def test_every_name_is_documented_with_an_executed_example(name: str) -> None:
    noun = getattr(openpbm, name)
    if isinstance(noun, Table):  # a table is a value: its example stands in the text of the package
        assert f">>> openpbm.{name}[" in SOURCE or f"in openpbm.{name}" in SOURCE
        return
    assert ">>>" in (inspect.getdoc(noun) or ""), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'openpbm' has no attribute 'cure'"):
        getattr(openpbm, "cure")  # noqa: B009  a plain attribute is refused by the type checker


def test_the_import_is_light() -> None:
    """Nothing heavy is loaded, and no more than 50 ms of the processor are spent."""
    code = (
        "import sys, time; begun = time.process_time(); import openpbm; spent = time.process_time() - begun;"
        "heavy = {'numpy', 'scipy', 'numba', 'matplotlib', 'pydantic', 'typer', 'django'} & sys.modules.keys();"
        "print(heavy or '', sorted(n for n in sys.modules if n.startswith('openpbm')), spent < 0.05)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "['openpbm', 'openpbm.version'] True"


def test_help_says_what_it_is_and_names_the_job() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import openpbm; help(openpbm)"], capture_output=True, text=True, check=True
    ).stdout
    head = " ".join(told[: told.index("The tables answer")].split())
    assert "light therapy with red and near-infrared light, for one person" in head
    assert "Nothing here is medical advice" in head
    for name in ("read_case", "screen", "make_plan", "read_course", "checkpoint", "simulate", "sites", "devices"):
        assert f"`{name}`" in head, name


def test_the_version_is_the_distributions() -> None:
    assert importlib.metadata.version("openpbm") == openpbm.__version__


def test_no_module_of_ours_imports_the_face() -> None:
    """The face lies above every layer: a layer that imported it would import what lies above itself."""
    package = Path(openpbm.__file__).parent
    users = []
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "openpbm":
                users += [path.name for alias in node.names if alias.name in openpbm.__all__]
    assert users == []
