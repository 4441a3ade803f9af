"""`openpbm key rotate`: another key in the key file."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from openpbm.cli.serve import DataDir

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The key file, which wraps every person's data key and signs the audit.")


@app.callback()
def _root() -> None:
    """Keeps `rotate` a command of its own."""


@app.command()
def rotate(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone.")] = False,
    data_dir: DataDir = Path("openpbm-data"),
) -> None:
    """Put another key in the key file and seal everything with it. Stop the server first; after it, start it again."""
    from openpbm.care.server.data_folder import hold_data_folder
    from openpbm.care.server.installation import database_faults, open_installation

    folder = open_installation(data_dir, to_write=True)
    from django.conf import settings

    from openpbm.care.server.rotate_key import rotate_key

    with hold_data_folder(folder, "key rotate"), database_faults("key rotate"):
        done = rotate_key()
    if as_json:
        typer.echo(json.dumps(asdict(done), indent=2))
        return
    if done.went_on:
        typer.echo("A rotation that had been interrupted is finished.")
    typer.echo(
        f"Key {done.key_name} is in use: {done.people} data keys and {done.second_factors} second factors were sealed"
        " again. The key before still checks what it signed, and opens nothing here any more."
    )
    typer.echo(f"Keep a copy of {settings.KEY_FILE} in another place now. Backups made before need the copy of before.")
