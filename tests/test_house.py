"""The house keeps its promises: light imports, package layers, one lock, one test command, a README that is true."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from prose_search import looks_into_prose

ROOT = Path(__file__).parents[1]
HEAVY = ("numpy", "numba", "matplotlib", "scipy.optimize", "statsmodels")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands_of(script: str) -> list[str]:
    """The lines of a shell script that do something."""
    return [line for line in read(script).splitlines() if line.strip() and not line.lstrip().startswith("#")]


def loaded_after(code: str) -> set[str]:
    """Names of the heavy modules that a new interpreter holds after running `code`."""
    report = f"import sys; print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True)
    return set(done.stdout.rsplit("loaded:", 1)[1].split())


SAY_HELP = """
import sys
from openpbm.cli import main
sys.argv = ["openpbm", "--help"]
try:
    main()
except SystemExit as leaving:
    assert not leaving.code, leaving.code
"""


@pytest.mark.parametrize("code", ["import openpbm", SAY_HELP], ids=["import", "help"])
def test_import_and_help_load_nothing_heavy(code: str) -> None:
    assert loaded_after(code) == set()


def test_the_check_on_imports_sees_a_heavy_one() -> None:
    assert "scipy.optimize" in loaded_after("import scipy.optimize")


def test_readme_names_the_two_commands_alone() -> None:
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", read("README.md"), flags=re.DOTALL | re.MULTILINE)
    assert [block.strip() for block in blocks[:2]] == ["./plan-example", "./run-tests"]


@pytest.mark.parametrize(
    "name",
    [
        "plan-example",
        "run-tests",
        "scripts/make-environment",
        "scripts/refresh-lock",
        "scripts/test-services",
        "scripts/vendor-assets",
        "scripts/with-postgres",
        ".ci/run",
    ],
)
def test_scripts_can_be_run_and_parse(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    shell = shutil.which("bash" if "bash" in read(name).splitlines()[0] else "sh")
    assert shell is not None
    subprocess.run([shell, "-n", name], cwd=ROOT, check=True)


def test_continuous_integration_runs_the_readme_command_and_nothing_else() -> None:
    assert commands_of(".ci/run") == [
        "set -euo pipefail",
        'cd "$(dirname "${BASH_SOURCE[0]}")/.."',
        "./run-tests",
    ]


def test_run_tests_runs_every_check() -> None:
    lines = [line.strip() for line in commands_of("run-tests")]
    checks = [line for line in lines if line.startswith(("check ", "begin ")) and "pytest" not in line]
    for command in ("ruff check", "ruff format --check", "mypy", "lint-imports", "python scripts/measure-house"):
        assert any(line.endswith(f"$bin/{command}") for line in checks), command
    apart = ('"$@"', "--collect-only")
    runs = [words_of_pytest(line) for line in lines if "-m pytest" in line and not any(word in line for word in apart)]
    left_out = {word.removeprefix("--ignore=") for run in runs for word in run if word.startswith("--ignore=")}
    assert {"tests/care", "tests/care/server"} <= left_out
    assert [folder for folder in left_out if not any(holds(run, folder) for run in runs)] == []
    assert 'check pytest-postgresql scripts/with-postgres $bin/python -m pytest "$@"' in lines


def words_of_pytest(line: str) -> list[str]:
    """What a run of the tests is given, its folders and those it leaves out."""
    care = re.search(r'^care="(.*)"$', read("run-tests"), re.M)
    assert care is not None
    return line.partition("-m pytest")[2].replace("$care", care[1]).split()


def holds(run: list[str], folder: str) -> bool:
    """Whether a run takes that folder, named by itself or in one above it that is named."""
    named = any(Path(folder).is_relative_to(word) for word in run if not word.startswith("-"))
    left_out = any(Path(folder).is_relative_to(word.removeprefix("--ignore=")) for word in run if "--ignore" in word)
    return named and not left_out


def test_plan_example_plans_a_case_that_is_there() -> None:
    case = re.search(r"openpbm plan (\S+)", read("plan-example").split("exec ")[1])
    assert case is not None
    assert (ROOT / case[1]).is_file()


def locked() -> dict[str, Version]:
    """Package names and versions of the lock."""
    return {name: Version(version) for name, version in re.findall(r"^(\S+)==(\S+)", read("requirements.lock"), re.M)}


def members_of(group: str, groups: dict[str, list[str | dict[str, str]]]) -> list[str]:
    """The requirements of a dependency group, those of the groups it includes among them."""
    found: list[str] = []
    for entry in groups[group]:
        found += [entry] if isinstance(entry, str) else members_of(entry["include-group"], groups)
    return found


def test_lock_holds_every_dependency_at_a_version_we_ask_for() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["care"],
        *members_of("environment", project["dependency-groups"]),
    ]
    versions = locked()
    for requirement in map(Requirement, wanted):
        assert versions[requirement.name] in requirement.specifier, requirement


def test_lock_has_a_hash_for_every_package_and_no_address() -> None:
    lock = read("requirements.lock")
    entries = re.split(r"^(?=\S+==)", lock, flags=re.M)[1:]
    assert len(entries) == len(locked()) > 20
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock
    assert not re.search(r"^\s*-(i|f|-index|-extra|-find|-trusted)", lock, flags=re.M)


def test_the_citation_names_the_version_that_is_here() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert f"version: {version}" in read("CITATION.cff").splitlines()


#: Words of an earlier vocabulary, each beside the one to use; `docs/glossary.md` has the nouns of the application.
FORBIDDEN_WORDS = {
    "anew": "again",
    "became of": "how it ended, its state",
    "call_off": "cancel",
    "carried_by": "joined_by",
    "close_enough": "LOW_DOSE_TOLERANCE",
    "course_of": "build_course",
    "deep_tail": "diffusion_tail",
    "expander": "ReminderSource",
    "firstpasswordischanged": "PasswordChangeRequired",
    "gentle": "conservative_start",
    "light_house": "session_factories",
    "look_at": "present_judgement, log_read_access",
    "nonul": "RejectNulBytes",
    "not for a moment": "no safe viewing time",
    "not_reckoned": "not_computed",
    "not_yours": "ACCESS_DENIED",
    "nothingiscached": "NoStore",
    "one_writer": "lock_person",
    "put_together": "build_case_report",
    "raise_alarm": "notify_clinic",
    "reckon": "compute",
    "reckoned": "computed",
    "reckoning": "computing",
    "reckons": "computes",
    "recounted": "rescaled_plan",
    "strangersstayoutside": "LoginRequired",
    "tells of": "names, shows, is about",
    "toward_worse": "signed_change",
    "two_people": "cross_patient_fixtures",
    "unusable": "unsupported",
    "way_out": "remedy",
    "weak_stimulus_seconds": "weak_visual_stimulus_seconds",
    "with_days": "parse_dates",
    "word_table": "alias_table",
    "_worth_it": "MIN_CHANCE_GAIN",
}
WRITTEN = {".py", ".md", ".html", ".txt", ".toml", ".js", ".css"}


def test_no_word_of_the_earlier_vocabulary_comes_back() -> None:
    folders = (ROOT / "src", ROOT / "docs", ROOT / "examples", ROOT / "tests")
    paths = [path for folder in folders for path in folder.rglob("*") if path.suffix in WRITTEN]
    assert len(paths) > 500
    pattern = re.compile(rf"\b({'|'.join(FORBIDDEN_WORDS)})\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]} is {FORBIDDEN_WORDS[match[0].lower()]}"
        for path in paths
        if "vendor" not in path.parts and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in pattern.finditer(line)
    ]
    assert found == []


#: Files that may look into prose, each with its reason.
MAY_READ_PROSE = {
    "src/openpbm/care/audit/insert_only.py": "what a database says of its triggers is their SQL",
    "src/openpbm/files/text_file.py": "before Python 3.14 tomllib says the line of an error in its words alone",
}
LOOKS_INTO_PROSE = (
    're.sub(r" \\(line [0-9]+\\)", "", text_of["message"])',
    're.search(r"medications\\[(\\d+)\\]", str(error))',
    'str(problem).startswith("lamp:")',
    '"no trial" in basis.lower()',
    '"because of the light" in judgement.statement',
    'mark["text"].replace("events.csv", "effects")',
    'render_report(plan).replace("<table>", "<table class=wide>")',
    'key, _, rest = problem.message.partition(": ")',
    'finding.message == "not known"',
    "reason.text == window.text",
    "def first(error):\n    said = str(error)\n    return said.splitlines()[0]",
)
READS_VALUES = (
    're.fullmatch(r"[0-9]+", cell)',
    '" ".join(str(error).split())',
    'problem.key.startswith("lamp.")',
    'text.replace(",", ".")',
    'finding.message != ""',
    'hold.message.rstrip(".")',
    "dataclasses.replace(row, message=message)",
    "def first(error):\n    said = str(error)\n\n\ndef second(said):\n    return said.splitlines()",
)


@pytest.mark.parametrize("code", LOOKS_INTO_PROSE)
def test_the_search_finds_code_that_looks_into_prose(code: str) -> None:
    assert list(looks_into_prose(ast.parse(code)))


@pytest.mark.parametrize("code", READS_VALUES)
def test_the_search_lets_values_be_read(code: str) -> None:
    assert list(looks_into_prose(ast.parse(code))) == []


def test_no_code_looks_into_its_own_prose() -> None:
    """What a program must know is a value beside the sentence; a sentence may be reworded on any day."""
    found = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "src").rglob("*.py")
        if (lines := list(looks_into_prose(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found.keys() == MAY_READ_PROSE.keys(), found


def test_no_page_cuts_what_it_shows() -> None:
    templates = [path for path in (ROOT / "src").rglob("templates/**/*") if path.suffix in {".html", ".txt"}]
    assert len(templates) > 100
    cut = re.compile(r"\{[{%][^}]*\|\s*(replace|cut)\b")
    assert [path.name for path in templates if cut.search(path.read_text(encoding="utf-8"))] == []


def test_documents_link_to_files_that_are_there() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_readme_lists_every_package_and_every_command() -> None:
    readme = read("README.md")
    modules = {path.stem for path in (ROOT / "src/openpbm").iterdir() if path.suffix == ".py" or path.is_dir()}
    for name in sorted(modules - {"__init__", "__pycache__"}):
        assert f"`{name}`" in readme, name
    done = subprocess.run(
        [sys.executable, "-c", SAY_HELP],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"COLUMNS": "100"},
    )
    commands = re.findall(r"^[│ ]+([a-z][a-z-]+) {2,}[A-Z]", done.stdout, flags=re.M)
    assert "plan" in commands
    for command in commands:
        assert f"`openpbm {command}" in readme, command
