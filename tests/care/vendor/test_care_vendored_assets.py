"""Every vendored file is the one its package-origin.toml names, and stands beside its licence."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = sorted(
    path.parent
    for top in ("src/openpbm/care/static/vendor", "tests/care/vendor")
    for path in (ROOT / top).glob("*/package-origin.toml")
)


def digests(folder: Path) -> dict[str, str]:
    """What lies in the folder, the origin file apart."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "package-origin.toml"
    }


def test_what_is_served_and_tested_with_is_here() -> None:
    assert [folder.name for folder in FOLDERS] == ["echarts", "htmx", "axe"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_files_are_those_of_the_named_tarball(folder: Path) -> None:
    origin = tomllib.loads((folder / "package-origin.toml").read_text(encoding="utf-8"))
    assert digests(folder) == origin["sha256"]
    assert "LICENSE" in origin["sha256"]
    assert origin["integrity"].startswith("sha512-")
    script = (ROOT / "scripts/vendor-assets").read_text(encoding="utf-8")
    assert f"vendor {origin['name']} {origin['version']} \\\n    {origin['integrity']}" in script


def test_a_changed_byte_is_seen(tmp_path: Path) -> None:
    name = "htmx.min.js"
    source = ROOT / "src/openpbm/care/static/vendor/htmx" / name
    (tmp_path / name).write_bytes(source.read_bytes() + b" ")
    assert digests(tmp_path)[name] != digests(source.parent)[name]
