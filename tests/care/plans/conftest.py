"""Little light, kept for every test of the run."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def light_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("light")


@pytest.fixture(autouse=True)
def _quick_light(settings, light_folder):
    settings.PLAN_QUALITY = "quick"
    settings.LIGHT_DIR = light_folder
