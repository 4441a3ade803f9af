"""Where words go: results to standard output, progress to standard error."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["print_json", "progress_bar", "say_what_fits", "writing"]

_PLAIN = {
    "→": "->",
    "²": "2",
    "³": "3",
    "·": "-",
    "•": "*",
    "–": "-",
    "—": "-",
    "…": "...",
    "✓": "+",
    "✗": "x",
    "≥": ">=",
}
_PLAIN |= {"≤": "<=", "±": "+-", "µ": "u", "μ": "u", "°": " deg", "’": "'", "“": '"', "”": '"', "─": "-", "━": "-"}


def say_what_fits(*streams: Any) -> None:
    """Let a terminal that knows few characters show plain ones instead of failing."""
    codecs.register_error("openpbm_plain", _plain)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="openpbm_plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in text), error.end


def print_json(content: Any) -> None:
    """JSON alone on standard output; a number that is not finite is a bug and raises."""
    from openpbm.errors import BadInput, Problem

    # Escapes where the terminal knows no UTF-8: the same JSON, and nothing is lost to a question mark.
    narrow = not (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(content, indent=2, ensure_ascii=narrow, allow_nan=False) + "\n"
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    # An OSError as well, but a reader that has left is no fault to report; `run` forgives it.
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BadInput(
            Problem(
                key="standard output", message=f"cannot be written ({error.strerror})", remedy="send it somewhere else"
            )
        ) from error


@contextmanager
def writing(option: str, folder: object) -> Iterator[None]:
    """A folder that cannot be written is one line that names the option and the folder."""
    from openpbm.errors import BadInput, Problem

    try:
        yield
    except OSError as error:
        # One without a file is no failure to write.
        if error.filename is None:
            raise
        problem = Problem(option, str(folder), f"cannot be written ({error.strerror})", "name another place")
        raise BadInput(problem) from error


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; yields a function told (done, total)."""
    # In a file or a pipe a bar is noise between the lines that say what is wrong.
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
