"""`openpbm backup FILE` and `openpbm restore FILE`: the whole record in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openpbm.cli.serve import DataDir

__all__ = ["backup", "restore"]


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, for example openpbm-2026-03-02.tar.gz.")],
    data_dir: DataDir = Path("openpbm-data"),
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Put the key file in as well: the file then opens every name in it.")
    ] = False,
) -> None:
    """Write the whole record to one file, while the site runs. The key file stays out unless asked for."""
    from openpbm.care.server.installation import database_faults, open_installation

    open_installation(data_dir)
    from django.conf import settings

    from openpbm.care.backup.make import make_backup

    with database_faults("backup"):
        made = make_backup(file, with_keys=with_keys)
    typer.echo(f"{file}: {made.rows} rows of {made.tables} tables; the audit ends with {made.head[:16] or 'nothing'}")
    if made.with_keys:
        typer.echo("Careful: the key file is in it. Whoever has this file can read every name and note.")
    else:
        typer.echo(f"The key file is not in it. Keep a copy of {settings.KEY_FILE} in another place: without it nobody")
        typer.echo("can read the names and notes of this backup.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `openpbm backup` wrote.")],
    data_dir: DataDir = Path("openpbm-data"),
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the installation that is there.")
    ] = False,
) -> None:
    """Put a backup back: checked first, filled in beside, checked again, and only then put in its place."""
    from openpbm.care.server.serve import check_installed

    check_installed()
    # The installation is not opened here, since a restore may well come before there is one.
    from openpbm.care.backup.restore import restore_backup

    done = restore_backup(file, data_dir, replace=replace)
    typer.echo(f"{data_dir}: {done.rows} rows of {done.tables} tables are back, as they were at {done.made_at}")
    if done.brought_key:
        typer.echo(f"The key file came with it and is now {done.key_file}.")
    if done.has_erasures:
        typer.echo(f"{done.erased_again} people who were erased since are erased again.")
    else:
        typer.echo(f"No list of erasures is in {data_dir}: if somebody was erased since, put erasures.jsonl there and")
        typer.echo("restore again, before anybody signs in.")
    typer.echo(f"{done.held} courses are held until somebody has looked through each record. Everybody signs in again.")
