"""`openpbm single-case verify` and `code-sheet`: a sealed draw held against its seal, the sheets that mask a lamp."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from openpbm.cli.terminal import print_json
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.files import JsonObject
    from openpbm.single_case import Allocation

__all__ = ["code_sheet", "verify"]

_COMMITMENT_DIGITS = 64
# As in `openpbm.single_case.masking`, which is not imported for every command: NumPy would come with it.
_Method = Literal["two_settings", "filters", "phone_code"]
_Alike = Literal["yes", "no", "unknown"]


def verify(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.json", help="The design, as it was drawn.")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="KEY.json", help="Its key; by default the one beside it.")
    ] = None,
    commitment: Annotated[
        str | None,
        typer.Option("--commitment", metavar="HEX", help="The commitment as you were shown it on the day of the draw."),
    ] = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Also say what was drawn: not while the periods go on.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Check that a design and its key are those that were sealed; anybody can, without this program's word for it.

    Exit status 0: all of it matches. 3: still sealed, only the commitment could be compared. 2: it does not match.
    """
    content = _read(design, "the file that openpbm single-case design wrote")
    sealed = str(content.get("commitment", ""))
    if commitment is not None and _bare(commitment) != sealed:
        message = f"is not that of {design.name}, which is {sealed or 'missing'}"
        remedy = "ask for the design of the day of the draw; this is another one, or it was changed"
        raise BadInput(Problem(key="--commitment", value=commitment, message=message, remedy=remedy))
    key_file = key or design.with_name(f"{design.stem}.key{design.suffix}")
    if content.get("blinded") is True and key is None and not key_file.exists():
        _say_sealed(content, sealed, compared=commitment is not None, as_json=as_json)
        raise typer.Exit(3)
    from openpbm.single_case import verify as opened

    blinded = content.get("blinded") is True
    draw = opened(content, _read(key_file, "the key written with this design") if blinded else None)
    if as_json:
        found = {"verified": True, "sealed": False, "commitment": sealed, "kind": draw.kind}
        print_json(found | (_drawn_content(draw) if reveal else {}))
        return
    typer.echo(f"Design and draw are those that were sealed on {draw.made_on}; commitment {sealed}.")
    if reveal:
        _print_drawn(draw)


def code_sheet(
    design: Annotated[Path, typer.Argument(metavar="DESIGN.json", help="A blinded design of periods.")],
    keeper: Annotated[
        str, typer.Option(help="Who keeps the lamp: somebody who neither lives with the person nor treats them.")
    ],
    method: Annotated[_Method, typer.Option(help="How light and no light are kept from being told apart.")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="KEY.json", help="Its key; by default the one beside it.")
    ] = None,
    settings: Annotated[
        str, typer.Option(metavar="A,B", help="two_settings: what the lamp calls its two settings.")
    ] = "1,2",
    looks_alike: Annotated[_Alike, typer.Option(help="Light and no light look alike, in the dark too.")] = "unknown",
    feels_alike: Annotated[_Alike, typer.Option(help="They are alike in warmth, sound and smell.")] = "unknown",
    checked_on: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day of that check.")] = None,
    out: Annotated[Path, typer.Option(help="A new folder for the two sheets and masking.toml.")] = Path("code-sheet"),
) -> None:
    """Write the person's sheet, the keeper's sheet and masking.toml for a blinded design; for the keeper to run."""
    from openpbm.report.code_sheet import write_code_sheet
    from openpbm.single_case import Masking
    from openpbm.single_case import code_sheet as sheet_of

    names = tuple(part.strip() for part in settings.split(","))
    if len(names) != 2:
        raise BadInput(Problem(key="--settings", value=settings, message="must be two names", remedy="write it as 1,2"))
    if out.exists():
        raise BadInput(Problem(key=f"--out {out}", message="is already there", remedy="name a new folder"))
    masking = Masking(
        method=method,
        keeper=keeper,
        looks_alike=looks_alike,
        feels_alike=feels_alike,
        checked_on=_day(checked_on),
    )
    if not keeper.strip():
        raise BadInput(Problem(key="--keeper", message="must not be blank", remedy="say who keeps the lamp"))
    content = _read(design, "the file that openpbm single-case design wrote")
    opener = _read(key or design.with_name(f"{design.stem}.key{design.suffix}"), "the key written with this design")
    sheet = sheet_of(content, opener, method, (names[0], names[1]))
    write_code_sheet(out, sheet, masking)
    typer.echo(f"Written to {out}/: person_sheet.html, masking.toml, and keeper_sheet.html for {keeper} alone.")
    for doubt in masking.doubts(sheet.rows[0].first_day):
        typer.echo(f"- Still open, and without it nothing can be laid to the light: {doubt}.")


def _read(file: Path, what: str) -> JsonObject:
    from openpbm.files import read_json

    return read_json(file, remedy=f"give {what}")


def _bare(commitment: str) -> str:
    """As it is printed in groups, or written off in capitals."""
    bare = "".join(commitment.split()).lower()
    if len(bare) != _COMMITMENT_DIGITS or not set(bare) <= set("0123456789abcdef"):
        message = f"is not {_COMMITMENT_DIGITS} hexadecimal digits"
        raise BadInput(Problem(key="--commitment", value=commitment, message=message, remedy="write it off whole"))
    return bare


def _day(text: str | None) -> Any:
    from openpbm.files import iso_date

    if text is None:
        return None
    day = iso_date(text)
    if day is None:
        message = "not a day between 1900 and 2199 that exists"
        raise BadInput(Problem(key=f"--checked-on {text}", message=message, remedy="write it as YYYY-MM-DD"))
    return day


def _say_sealed(content: JsonObject, sealed: str, *, compared: bool, as_json: bool) -> None:
    if as_json:
        print_json({"verified": False, "sealed": True, "commitment": sealed, "commitment_compared": compared})
        return
    matches = " It is the one you were shown." if compared else ""
    typer.echo(f"Still sealed; its commitment is {sealed}.{matches}")
    typer.echo(
        f"Its key opens it once {content.get('last_day', 'its last day')} is over; until then nobody can check more."
    )


def _drawn_content(draw: Allocation) -> dict[str, object]:
    periods = [
        {
            "number": period.number,
            "pair": period.pair,
            "first_day": period.first_day.isoformat(),
            "last_day": period.last_day.isoformat(),
            "treatment": period.treatment,
        }
        for period in draw.periods
    ]
    start = draw.start_day.isoformat() if draw.start_day is not None else None
    return {"start_day": start, "periods": periods}


def _print_drawn(draw: Allocation) -> None:
    if draw.start_day is not None:
        typer.echo(f"Drawn: the first treatment on {draw.start_day}.")
    for period in draw.periods:
        typer.echo(f"  period {period.number}: {period.first_day} to {period.last_day} {period.treatment}")
