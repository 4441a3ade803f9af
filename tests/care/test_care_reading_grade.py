"""What patients read is read by an eighth grader (Flesch-Kincaid, Kincaid and others 1975); staff pages are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reading_level import grade

import openpbm.care
from openpbm.facts.care_stages import care_stages
from openpbm.facts.event_kinds import event_kinds

CARE = Path(openpbm.care.__file__).parent
LIMIT = 8.0
#: Never told to the person themselves.
FOR_STAFF = ("death",)
PAGES = (
    "home/templates/home/today.html", "scales/templates/scales/diary.html", "scales/templates/scales/spasms.html",
    "sessions/templates/sessions/run.html", "events/templates/events/advice.html", "plans/templates/plans/card.html",
    "checkpoints/templates/checkpoints/plain.html", "checkpoints/templates/checkpoints/sentence.html",
    "checkpoints/templates/checkpoints/after.html", "checkpoints/templates/checkpoints/my_course.html",
    *(str(path.relative_to(CARE)) for path in sorted(CARE.glob("people/templates/people/consent_texts/*.html"))),
)  # fmt: skip
_BLOCK_END = re.compile(r"</(?:p|li|h\d|summary|dt|dd|button|a|label|legend)>")


def words_of(template: str) -> str:
    """The plain text of a template: one sentence for each block, `x` where a value stands."""
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", template, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}", "x", _BLOCK_END.sub(". ", text))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", re.sub(r"{%.*?%}", " ", text)))
    return re.sub(r"([.:?!])\s*\.", r"\1", text)


def test_words_of_a_template_are_what_is_read_and_hard_ones_are_found() -> None:
    """A check of grades that reads tags, or counts labels into one long sentence, would say anything."""
    assert words_of('<h1>To {{ name }}</h1>{% if a %}<p class="b">Go on.</p>{% endif %}').split() == [
        "To", "x.", "Go", "on.",
    ]  # fmt: skip
    assert grade(words_of("<p>Photobiomodulation necessitates individualised dosimetric considerations.</p>")) > LIMIT


@pytest.mark.parametrize("page", PAGES)
def test_a_page_for_patients_reads_easily(page: str) -> None:
    assert grade(words_of((CARE / page).read_text(encoding="utf-8"))) <= LIMIT


def test_advice_on_an_effect_and_the_steps_of_care_read_easily() -> None:
    told = [row.message for row in event_kinds if row.id not in FOR_STAFF]
    told += [row.plain_text for row in care_stages]
    assert [text for text in told if grade(text) > LIMIT] == []
