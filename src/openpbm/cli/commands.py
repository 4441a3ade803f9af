"""`openpbm`: the commands, and what each kind of ending means.

Exit status: 0 allowed or complete, 3 any other verdict or a draft, 2 bad input, 130 interrupted, 1 a bug.
"""

from __future__ import annotations

import copy
import errno
import functools
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from openpbm.cli import (
    audit,
    backup,
    case_report,
    catalogue,
    checkpoint,
    claims,
    cohort,
    compare,
    device,
    diary,
    evidence,
    key,
    limits,
    mechanism,
    medicines,
    operator,
    plan,
    respond,
    score,
    screen,
    serve,
    simulate,
    single_case,
    tissue,
)
from openpbm.cli.terminal import say_what_fits
from openpbm.errors import BadInput, Problem
from openpbm.version import __version__

__all__ = ["run"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="From a person, a condition, a body site and a lamp to a screened, dosed, safe course of light. "
    "Light therapy for these conditions is investigational; nothing here is medical advice.",
)
app.command("plan")(plan.plan)
app.command("screen")(screen.screen)
app.command("diary")(diary.diary)
app.command("checkpoint")(checkpoint.checkpoint)
app.command("case-report")(case_report.case_report)
app.command("devices")(catalogue.devices)
app.command("compare")(compare.compare)
app.command("sites")(catalogue.sites)
app.command("tissue")(tissue.tissue)
app.command("limits")(limits.limits)
app.command("medicines")(medicines.medicines)
app.command("simulate")(simulate.simulate)
app.command("claims")(claims.claims)
app.command("mechanism")(mechanism.mechanism)
app.command("respond")(respond.respond)
app.command("cohort")(cohort.cohort)
app.command("score")(score.score)
app.command("scales")(score.scales)
app.command("serve")(serve.serve)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(audit.app, name="audit")
app.add_typer(key.app, name="key")
app.add_typer(operator.clinic, name="clinic")
app.add_typer(operator.account, name="account")
app.add_typer(single_case.app, name="single-case")
app.add_typer(device.app, name="device")
app.add_typer(evidence.app, name="evidence")


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Show the version and leave.")) -> None:
    if version:
        typer.echo(f"openpbm {__version__}")
        raise typer.Exit


@functools.cache
def _parser(first_word: str) -> Any:
    """What reads a command line that begins so, made once a process.

    Reading every signature takes longer than most commands: where the word names a command, only that one is read.
    """
    asked = copy.copy(app)
    asked.registered_commands = [each for each in app.registered_commands if each.name == first_word]
    asked.registered_groups = [each for each in app.registered_groups if each.name == first_word]
    return typer.main.get_command(asked if asked.registered_commands or asked.registered_groups else app)


def _say_usage(error: Any) -> None:
    """A wrong option or argument in one line; the bare command shows its help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        # The help is already on standard output.
        return
    command = error.ctx.command_path if error.ctx is not None else "openpbm"
    what = " ".join(error.format_message().split()).rstrip(".")
    typer.echo(f"{what}; see {command} --help", err=True)


def _refuse_empty(words: Sequence[str]) -> None:
    """An empty word names nothing; as a path it would be the current folder, which nobody meant."""
    problems = []
    for before, word in zip(("", *words), words, strict=False):
        option, _, value = word.partition("=") if word.startswith("--") else (before, "", word)
        if not value.strip() and (not word.startswith("--") or "=" in word):
            name = option if option.startswith("-") else "argument"
            problems.append(Problem(name, value, "empty", "give a value, or leave it out"))
    if problems:
        raise BadInput(problems)


def _output_failed(error: OSError) -> None:
    """Standard output took no more, as on a full disk: one line about it, and no second failure on leaving."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    remedy = "make room, or send it somewhere else"
    typer.echo(Problem(key="standard output", message=f"cannot be written ({error.strerror})", remedy=remedy), err=True)


def run() -> None:
    """Run the command line and leave with its exit status."""
    # A closed stream is None; what goes there goes nowhere.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (open to the end)
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (open to the end)
    say_what_fits(sys.stdout, sys.stderr)
    # Nobody else's plugin has a say in how a case is checked, and looking for one takes longer than checking it.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        _refuse_empty(sys.argv[1:])
        # Not standalone, so that every ending passes through here and gets its own status.
        status = _parser(next(iter(sys.argv[1:]), ""))(standalone_mode=False)
        if status == 130:
            # The parser has turned it into a bare status.
            raise KeyboardInterrupt
        # Here, where a reader that has left can still be forgiven.
        sys.stdout.flush()
    except BadInput as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("interrupted; nothing was written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has left: not our problem, and no traceback for it.
        # Python flushes once more on its way out; into nothing that cannot fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except SystemExit as ending:
        # Tables and colours are written by rich, which meets the reader who has left itself and leaves with status 1.
        if isinstance(ending.__context__, BrokenPipeError):
            sys.exit(0)
        raise
    except OSError as error:
        # An error about a file names it; the writers of files have turned theirs into problems long before.
        if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
        _output_failed(error)
        sys.exit(2)
    except Exception as error:
        if hasattr(error, "exit_code") and hasattr(error, "show"):
            _say_usage(error)
            sys.exit(error.exit_code)
        raise
    sys.exit(status if isinstance(status, int) else 0)
