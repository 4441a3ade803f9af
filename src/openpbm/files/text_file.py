"""The bytes and the text of a file: not too large, and UTF-8."""

from __future__ import annotations

from pathlib import Path

from openpbm.errors import BadInput, Problem

__all__ = ["decode_utf8", "read_bytes", "read_text"]

_LARGEST_FILE_BYTES = 20_000_000


def read_bytes(path: Path, remedy: str = "check the file") -> bytes:
    """The whole file; BadInput where it cannot be read or is too large to be the one that was meant."""
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE_BYTES:
            limit = f"{size / 1e6:.0f} MB, at most {_LARGEST_FILE_BYTES / 1e6:.0f} MB"
            raise BadInput(Problem(document=path.name, message=limit, remedy="is it the right file?"))
        return path.read_bytes()
    except OSError as error:
        why = f"cannot be read ({error.strerror or 'no reason given'})"
        raise BadInput(Problem(document=str(path), message=why, remedy=remedy)) from error


def read_text(path: Path, remedy: str = "check the file") -> str:
    """The whole file as text without its byte order mark; BadInput where it is not UTF-8."""
    return decode_utf8(read_bytes(path, remedy), path.name)


def decode_utf8(content: bytes, document: str) -> str:
    """Text out of bytes, without a byte order mark; BadInput with the line of the first byte that is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(document=document, line=line, message="not UTF-8 text", remedy="save the file again as UTF-8")
        raise BadInput(problem) from error
