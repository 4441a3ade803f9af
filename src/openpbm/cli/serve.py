"""`openpbm serve`: the web application, started by one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openpbm.errors import BadInput, Problem

__all__ = ["DataDir", "serve"]

DataDir = Annotated[Path, typer.Option("--data-dir", help="Folder of the database, the keys and the light fields.")]


def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Fill it with a clinic of invented people.")] = False,
    # This machine alone by default: plain http does not leave it unless somebody says so.
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes any free one.")] = 8000,
    data_dir: DataDir = Path("openpbm-data"),
    credentials: Annotated[
        Path | None, typer.Option("--credentials", help="With --demo: file for names, passwords and second factors.")
    ] = None,
    behind_https: Annotated[
        bool, typer.Option("--behind-https", help="A server in front speaks https with the browsers.")
    ] = False,
    insecure_http: Annotated[
        bool, typer.Option("--insecure-http", help="Plain http to other machines, all the same.")
    ] = False,
    allowed_host: Annotated[
        list[str] | None, typer.Option("--allowed-host", help="Name the site is reached under; may be repeated.")
    ] = None,
) -> None:
    """Open the web application: database made ready, web server and worker running.

    SQLite in the data folder, or PostgreSQL where DATABASE_URL names one. Stop it with Ctrl-C.
    """
    from openpbm.care.server.serve import Wishes, check_installed
    from openpbm.care.server.serve import serve as open_site

    check_installed()
    if credentials is not None and not demo:
        raise BadInput(
            Problem(
                key="serve",
                message="--credentials writes down the demo's passwords",
                remedy="add --demo, or leave it out",
            )
        )
    status = open_site(
        Wishes(
            data_dir=data_dir,
            host=host,
            port=port,
            demo=demo,
            credentials=credentials,
            behind_https=behind_https,
            insecure_http=insecure_http,
            allowed_hosts=tuple(allowed_host or ()),
        )
    )
    if status:
        raise typer.Exit(status)
