"""A new study from the template: refused with every reason, or taken into the user's folder; lists and references."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from openpbm.errors import BadInput
from openpbm.evidence.table import (
    add_study,
    as_bibtex,
    as_list,
    as_ris,
    evidence_with,
    read_folder,
    shipped_table,
    template_columns,
)
from openpbm.evidence.table.folder import as_csv, columns_of
from openpbm.evidence.table.rows import ROW_CLASSES

STUDY = {
    "studies.id": "Alice2026",
    "studies.condition": "dpn",
    "studies.kind": "randomised",
    "studies.design": "RCT, sham",
    "studies.result": "pain lower, p = 0.04",
    "studies.source": "Alice et al. 2026. A trial of light.",
    "studies.read_in": "full text",
    "studies.verified": "true",
}


def arm(name: str, role: str, people: str) -> dict[str, str]:
    return {
        "arms.study": "Alice2026",
        "arms.arm": name,
        "arms.role": role,
        "arms.n_randomised": people,
        "arms.read_in": "full text",
    }


LIGHT = {
    "doses.study": "Alice2026",
    "doses.arm": "light",
    "doses.wavelength_nm": "830",
    "doses.power_mw": "100",
    "doses.power_is": "mean",
    "doses.area_cm2": "0.5",
    "doses.seconds": "60",
    "doses.energy_j": "6",
    "doses.read_in": "full text",
}


def filled(path: Path, *lines: dict[str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, template_columns())
        writer.writeheader()
        writer.writerows(lines)
    return path


def test_a_study_is_taken_and_listed_beside_those_that_ship(tmp_path: Path) -> None:
    file = filled(tmp_path / "new.csv", STUDY | arm("light", "light", "20") | LIGHT, arm("sham", "sham", "21"))
    own = tmp_path / "own"
    new, _ = add_study(file, own)
    assert [row.id for row in new.arms] == ["Alice2026.light", "Alice2026.sham"]
    both = evidence_with(own)
    assert len(both.studies) == len(shipped_table().studies) + 1
    listed = next(entry for entry in as_list(both) if entry["id"] == "Alice2026")
    assert json.loads(json.dumps(listed))["doses"][0]["computed"] == {"irradiance_mw_cm2": 200.0, "fluence_j_cm2": 12.0}
    assert "Alice et al. 2026" in as_ris(both.about("dpn"))
    with pytest.raises(BadInput, match="is in the table already"):
        add_study(file, own)


def test_a_study_is_refused_with_every_reason_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = STUDY | arm("light", "light", "20") | LIGHT | {"doses.energy_j": "60", "studies.condition": "dnp"}
    file = filled(tmp_path / "new.csv", wrong)
    with pytest.raises(BadInput) as refused:
        add_study(file, tmp_path / "own")
    text = str(refused.value)
    assert "Alice2026.condition" in text
    assert "did you mean dpn" in text
    assert "comes to 6" in text
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"arms.n_randomised": "twenty"}, "line 2: Alice2026.light.n_randomised"),
        ({"doses.duty_percent": "150"}, "duty_percent"),
        ({"studies.kind": "randomized"}, "kind"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_its_line(
    cells: dict[str, str], expected: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=expected):
        read_folder(filled(tmp_path / "new.csv", STUDY | arm("light", "light", "20") | LIGHT | cells))


def test_an_unknown_column_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    (tmp_path / "studies.csv").write_text("id,condition,wavelenght\n", encoding="utf-8")
    with pytest.raises(BadInput, match="wavelenght: not a known column"):
        read_folder(tmp_path)
    with pytest.raises(BadInput, match="holds no file of evidence"):
        read_folder(tmp_path / "..")


def test_the_five_files_survive_being_written_and_read(tmp_path: Path) -> None:
    for name in ROW_CLASSES:
        (tmp_path / f"{name}.csv").write_text(as_csv(name, shipped_table().rows(name)), encoding="utf-8")
    assert read_folder(tmp_path) == shipped_table()
    assert set(columns_of("studies")) >= {"registration", "funding", "retraction", "language", "read_in"}


def test_references_carry_doi_and_pmid_and_balance_their_braces() -> None:
    ris, bibtex = as_ris(shipped_table()), as_bibtex(shipped_table())
    assert ris.count("TY  - ") == ris.count("ER  - ") == bibtex.count("@article{")
    assert "DO  - 10.1016/j.pain.2006.05.018\r\n" in ris
    assert "AN  - PMID 27887804" in ris
    assert "Retraction: none in the text read" in ris
    unescaped = re.sub(r"\\[{}]", "", bibtex)
    assert unescaped.count("{") == unescaped.count("}")
