"""`openpbm clinic` and `openpbm account`: what no account can do, for the operator of the machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from openpbm.cli.serve import DataDir

__all__ = ["account", "clinic"]

clinic = typer.Typer(no_args_is_help=True, help="The clinics of an installation.")
account = typer.Typer(no_args_is_help=True, help="Accounts whose owners cannot get in any more.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]


@clinic.callback()
def _clinic() -> None:
    """Group of the commands about a clinic."""


@account.callback()
def _account() -> None:
    """Keeps `new-password` a command of its own."""


@clinic.command("open")
def open_clinic(
    name: Annotated[str, typer.Argument(help="Name of the clinic, as its people see it.")],
    administrator: Annotated[str, typer.Option("--administrator", help="Login name of its first administrator.")],
    administrator_name: Annotated[str, typer.Option("--administrator-name", help="How they are shown.")] = "",
    clinician: Annotated[
        str, typer.Option("--clinician", help="Login name of its first clinician, another account than the first.")
    ] = "",
    clinician_name: Annotated[str, typer.Option("--clinician-name", help="How they are shown.")] = "",
    time_zone: Annotated[str, typer.Option("--time-zone", help="Such as Europe/Berlin.")] = "UTC",
    data_dir: DataDir = Path("openpbm-data"),
    as_json: AsJson = False,
) -> None:
    """Open a clinic with the accounts of its first administrator and first clinician.

    The administrator invites the others on the page Staff; a clinician confirms every clinician invited there.
    """
    from openpbm.care.server.installation import database_faults, open_installation

    open_installation(data_dir, to_write=True)
    from openpbm.care.people.account import operator

    with database_faults("clinic"):
        made, passwords = operator.open_clinic(
            name=name,
            time_zone=time_zone,
            administrator=administrator,
            administrator_name=administrator_name,
            clinician=clinician,
            clinician_name=clinician_name,
        )
    _tell(as_json, f"{made.name} is open.", passwords, clinic=made.name)
    if not clinician.strip() and not as_json:
        typer.echo(
            "It has no clinician yet. The first one whom the administrator invites is confirmed here:"
            " openpbm clinic confirm LOGIN"
        )


@clinic.command("confirm")
def confirm_clinician(
    login_name: Annotated[str, typer.Argument(help="Login name of the clinician who waits.")],
    data_dir: DataDir = Path("openpbm-data"),
) -> None:
    """Confirm a clinician where no clinician of the clinic can. Make sure beforehand who it is."""
    from openpbm.care.server.installation import database_faults, open_installation

    open_installation(data_dir, to_write=True)
    from openpbm.care.people.account import operator

    with database_faults("clinic"):
        rows = operator.confirm_any_clinician(username=login_name)
    for row in rows:
        typer.echo(f"{row.user.shown_name()} is confirmed as clinician of {row.clinic.name}.")


@account.command("new-password")
def new_password(
    login_name: Annotated[str, typer.Argument(help="Login name of the account.")],
    forget_second_factor: Annotated[
        bool, typer.Option("--forget-second-factor", help="Also take away devices and codes that were lost.")
    ] = False,
    data_dir: DataDir = Path("openpbm-data"),
    as_json: AsJson = False,
) -> None:
    """Give an account a first password again. Make sure beforehand who asks for it: it opens that person's record.

    A clinician opens no record until a clinician of the clinic confirms them, or `openpbm clinic confirm`.
    """
    from openpbm.care.server.installation import database_faults, open_installation

    open_installation(data_dir, to_write=True)
    from openpbm.care.people.account import operator

    with database_faults("account"):
        password = operator.renew_any_password(username=login_name, forget_second_factor=forget_second_factor)
    _tell(as_json, "Whoever was signed in with the old password is signed out.", {login_name.strip(): password})


def _tell(as_json: bool, sentence: str, passwords: dict[str, str], **more: str) -> None:
    """The first passwords; in JSON that of the first account by itself, then all of them."""
    if as_json:
        username, password = next(iter(passwords.items()))
        typer.echo(json.dumps({"username": username, "password": password, "passwords": passwords} | more, indent=2))
        return
    typer.echo(sentence)
    for username, password in passwords.items():
        typer.echo(f"First password of {username}: {password}")
    typer.echo("It is kept nowhere, and opens one page: the one on which its owner chooses another.")
