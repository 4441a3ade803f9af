"""References of the studies for a library: RIS and BibTeX, from the one table of references."""

from __future__ import annotations

import re

from openpbm.evidence.table.rows import EvidenceTable
from openpbm.facts.references import Reference, references
from openpbm.facts.study_rows import Study

__all__ = ["as_bibtex", "as_ris", "references_of"]

_YEAR = re.compile(r"\b(19|20)\d\d\b")
_BIBTEX = str.maketrans({"{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "_": r"\_", "#": r"\#", "$": r"\$"})


def references_of(table: EvidenceTable) -> tuple[Reference, ...]:
    """The references of its studies, each once, in the order of the table.

    A study that somebody added has its citation itself as its source.
    """
    found = {study.source: _reference(study) for study in table.studies}
    return tuple(found.values())


def _reference(study: Study) -> Reference:
    known = references.get(study.source)
    return known or Reference(id=study.id, citation=study.source, verified=study.verified)


def as_ris(table: EvidenceTable) -> str:
    """One RIS record a reference: what the citation says, DOI, PMID, and what was seen of a retraction."""
    return "".join(_ris(reference, _retraction(reference.id, table)) for reference in references_of(table))


def _ris(reference: Reference, retraction: str) -> str:
    year = _YEAR.search(reference.citation)
    lines = [("TY", "JOUR"), ("ID", reference.id), ("TI", reference.citation)]
    lines += [("PY", year[0])] if year else []
    lines += [("DO", reference.doi)] if reference.doi else []
    lines += [("AN", f"PMID {reference.pmid}")] if reference.pmid else []
    lines += [("N1", retraction)] if retraction else []
    return "".join(f"{tag}  - {value}\r\n" for tag, value in [*lines, ("ER", "")]) + "\r\n"


def as_bibtex(table: EvidenceTable) -> str:
    """One BibTeX entry a reference, the citation as its title: names and journal are not kept apart."""
    return "\n".join(_entry(reference, _retraction(reference.id, table)) for reference in references_of(table))


def _entry(reference: Reference, retraction: str) -> str:
    year = _YEAR.search(reference.citation)
    fields = {
        "title": "{" + reference.citation.translate(_BIBTEX) + "}",
        "year": year[0] if year else "",
        "doi": reference.doi or "",
        "pmid": reference.pmid or "",
        "note": retraction.translate(_BIBTEX),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@article{{{reference.id},\n{body}\n}}\n"


def _retraction(source: str, table: EvidenceTable) -> str:
    said = [
        _seen(study.retraction, study.retraction_read) for study in table.studies if source in (study.source, study.id)
    ]
    return "; ".join(dict.fromkeys(filter(None, said)))


def _seen(retraction: str, day: object) -> str:
    return f"Retraction: {retraction}, {day}" if retraction else ""
