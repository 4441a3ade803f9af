"""Compiled pages are kept between runs; what was kept wrongly, or cannot be kept, changes no page."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbm.report.page import page_environment

VIEWS: dict[str, object] = {"views": {}}


def _page() -> str:
    # Not the process's own: what it has compiled is no longer looked for.
    environment = page_environment.__wrapped__()
    return environment.get_template("body_choice.html").render(VIEWS)


def test_a_spoilt_file_is_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    first = _page()
    (kept,) = tmp_path.rglob("*.cache")
    sound = kept.read_bytes()
    for spoilt in (b"", sound[: len(sound) // 2], b"something else"):
        kept.write_bytes(spoilt)
        assert _page() == first
    assert kept.read_bytes() == sound


def test_without_a_folder_to_write_pages_are_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("a file where a folder is wanted")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "free" / name)
    first = _page()
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: blocker / name)
    assert _page() == first
