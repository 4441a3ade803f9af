"""Writes both models for other programs: Antimony and SBML, how to run them in SED-ML, all in one COMBINE archive."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

from openpbm.errors import OpenPBMError
from openpbm.mechanism.exchange.median_models import ModelRun, median_course, median_session
from openpbm.mechanism.exchange.simulation import sedml_of
from openpbm.mechanism.optional_packages import optional_package

__all__ = ["ARCHIVE", "export_models"]

ARCHIVE = "mechanism.omex"
_FORMATS = {
    ".ant": "http://purl.org/NET/mediatypes/text/plain",
    ".sedml": "http://identifiers.org/combine.specifications/sed-ml",
    ".xml": "http://identifiers.org/combine.specifications/sbml",
}
_OMEX = "http://identifiers.org/combine.specifications/omex"
# As every archive is made alike, so are its bytes: the earliest date that a zip can hold.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def export_models(folder: Path) -> list[Path]:
    """Write session and weeks as .ant, .xml (SBML) and .sedml, and `mechanism.omex` with all of them.

    Raises BadInput where the extra `research` is not installed. Nothing is written before everything is there.
    """
    contents: dict[str, str] = {}
    for run in (median_session(), median_course()):
        contents[f"{run.name}.ant"] = run.antimony
        contents[f"{run.name}.xml"] = sbml_of(run)
        contents[f"{run.name}.sedml"] = sedml_of(run, f"{run.name}.xml")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    _write_archive(folder / ARCHIVE, contents)
    return [folder / name for name in (*contents, ARCHIVE)]


def sbml_of(run: ModelRun) -> str:
    """The model in SBML, level 3."""
    antimony = optional_package("antimony")
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(run.antimony) == -1:
        raise OpenPBMError(f"{run.name}: {antimony.getLastError()}")
    return str(antimony.getSBMLString(run.name))


def _write_archive(path: Path, contents: dict[str, str]) -> None:
    """A zip with its manifest, by the specification of OMEX 1 (Bergmann and others 2014, BMC Bioinformatics 15:369)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"manifest.xml": _manifest(list(contents)), **contents}.items():
            archive.writestr(zipfile.ZipInfo(name, _NO_DATE), text, zipfile.ZIP_DEFLATED)


def _manifest(names: list[str]) -> str:
    entries = [(".", _OMEX, False), ("./manifest.xml", f"{_OMEX}-manifest", False)]
    entries += [(f"./{name}", _FORMATS[Path(name).suffix], name.endswith(".sedml")) for name in names]
    lines = [
        f'  <content location={quoteattr(place)} format={quoteattr(kind)} master="{str(master).lower()}"/>'
        for place, kind, master in entries
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<omexManifest xmlns="{_OMEX}-manifest">'
    return "\n".join([head, *lines, "</omexManifest>", ""])
