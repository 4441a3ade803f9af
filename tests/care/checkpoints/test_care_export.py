"""What is taken along is judged by the command line exactly as here, and holds everything about nobody else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.urls import reverse

from openpbm.care.checkpoints.course import course_of
from openpbm.care.checkpoints.export import archive
from openpbm.care.events.actions import report_event
from openpbm.care.scales.actions import record_diary
from openpbm.care.trust.models import AuditEntry
from openpbm.course import read_course
from openpbm.outcomes.checkpoint import checkpoint
from tests.care.conftest import PASSWORD, signed_in
from tests.care.course_rows import write_course


def unpacked(person, folder):
    with zipfile.ZipFile(io.BytesIO(archive(person))) as packed:
        packed.extractall(folder)
    return folder


def test_an_exported_course_is_judged_as_the_rows_are(house, tmp_path):
    write_course(house.alice)
    here = checkpoint(course_of(house.alice), 6)
    there = checkpoint(read_course(unpacked(house.alice, tmp_path) / "course"), 6)
    assert there["statement"] == here["statement"]
    assert there == here
    assert here["decision"] == "maintain"
