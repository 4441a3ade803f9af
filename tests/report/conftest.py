from __future__ import annotations

import copy
from typing import Any

import pytest
from report.report_plans import ALLOWED, REASONS


@pytest.fixture
def allowed() -> dict[str, Any]:
    """A plan that is allowed, in a condition without any trial."""
    return copy.deepcopy(ALLOWED)


@pytest.fixture
def referred() -> dict[str, Any]:
    """The same lamp and site after a red flag: dose and exposures are known, prescription and schedule are not."""
    return copy.deepcopy({**ALLOWED, "verdict": "refer", "reasons": REASONS, "prescription": None, "schedule": None})
