"""A day on a form is never guessed at: 01/10/2026 was read as 10 January, which half of its writers did not mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import override_settings

from openpbm.care.day_field import DayField
from openpbm.care.devices.forms import ReadingForm
from openpbm.care.events import forms as event_forms
from openpbm.care.home import audit_page
from openpbm.care.people import forms as people_forms
from openpbm.care.people import intake_forms
from openpbm.care.screening import forms as screening_forms
from openpbm.care.sessions import forms as session_forms

MODULES = (event_forms, audit_page, people_forms, intake_forms, screening_forms, session_forms)


class OneDay(forms.Form):
    """A form that asks for nothing but a day."""

    day = DayField("Day")


def asked(text: str) -> OneDay:
    form = OneDay({"day": text})
    form.is_valid()
    return form


@pytest.mark.parametrize("language", ["en", "en-us", "de", "en-gb"])
@pytest.mark.parametrize("text", ["2026-10-01", "1.10.2026", "01.10.2026", " 2026-10-01 "])
def test_iso_and_dotted_days_are_read_alike_in_every_language(text: str, language: str) -> None:
    with override_settings(LANGUAGE_CODE=language):
        assert asked(text).cleaned_data["day"] == dt.date(2026, 10, 1)


@pytest.mark.parametrize("text", ["01/10/2026", "10/01/2026", "1/10/26", "28/09/2026", "01-10-2026"])
def test_slashes_are_refused_as_ambiguous(text: str) -> None:
    assert "day and month" in str(asked(text).errors["day"])


@pytest.mark.parametrize("text", ["Oct 1 2026", "20261001", "2026-W40-4", "31.9.2026", "1 October, 2026"])
def test_what_is_no_day_is_refused(text: str) -> None:
    assert "not a day" in str(asked(text).errors["day"])


def fields() -> Iterator[tuple[str, Any]]:
    forms_seen = [form for module in MODULES for form in vars(module).values() if isinstance(form, type)]
    for form in (*forms_seen, ReadingForm):
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field, forms.DateField):
                yield f"{form.__name__}.{name}", field


def test_every_day_of_every_form_is_such_a_field() -> None:
    found = dict(fields())
    assert len(found) >= 8
    assert {name for name, field in found.items() if not isinstance(field, DayField)} == set()
    assert {field.widget.attrs.get("type", "hidden") for field in found.values()} <= {"date", "hidden"}
