"""The file of a backup: a tar.gz with a manifest first, and the digest of every other member in it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from openpbm.care.database import cannot_write
from openpbm.errors import BadInput, Problem

__all__ = ["FORMAT", "Manifest", "digest_of", "unpack", "write_archive"]

FORMAT = "openpbm backup 1"
_MANIFEST = "manifest.json"
_TOLD = {
    "sha256": dict, "rows": dict, "migrations": list, "audit_head": dict, "made_at": str, "key_fingerprint": str,
    "openpbm": str,
}  # fmt: skip
_KNOWN_PLACES = ("tables", "keys")

Manifest = dict[str, Any]


def write_archive(file: Path, folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the files of `folder` as one archive; `file` is there whole or not at all, its owner's alone.

    It is written beside `folder`, which lies on the same disk, and then put in its place.
    """
    members = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path: path.relative_to(folder).as_posix() for path in members}
    complete = {"format": FORMAT, **manifest, "sha256": {names[path]: digest_of(path) for path in members}}
    (folder / _MANIFEST).write_text(json.dumps(complete, indent=1, sort_keys=True), encoding="utf-8")
    room = folder.with_name("archive")
    try:
        descriptor = os.open(room, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
                for path in [folder / _MANIFEST, *members]:
                    archive.add(path, path.relative_to(folder).as_posix(), filter=_anonymous)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(room, file)
    finally:
        room.unlink(missing_ok=True)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


@contextmanager
def _as_one_line(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise BadInput(
            Problem(key=str(file), message="there is no such file", remedy="name the backup to restore")
        ) from None
    except OSError as error:
        if not cannot_write(error):
            raise _no_backup(file, error) from None
        raise BadInput(
            Problem(
                key=str(file),
                message=f"cannot be unpacked ({error.strerror})",
                remedy="make room; nothing was restored",
            )
        ) from None
    except (tarfile.TarError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise _no_backup(file, error) from None


def _no_backup(file: Path, error: Exception) -> BadInput:
    message = f"is not a whole backup of openpbm, it is cut off or was changed ({error or type(error).__name__})"
    return BadInput(Problem(key=str(file), message=message, remedy="take another copy of it"))


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack a backup and check it against its manifest; BadInput when anything is missing, altered or foreign."""
    with _as_one_line(file):
        _check_stream(file)
        with tarfile.open(file, mode="r:gz") as archive:
            for member in archive:
                _unpack_one(archive, member, file, folder)
        written = folder / _MANIFEST
        manifest = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format", "no format") if isinstance(manifest, dict) else "no format"
        raise BadInput(
            Problem(
                key=str(file),
                message=f"its format is {found!r}, this version reads {FORMAT!r}",
                remedy="nothing was restored",
            )
        )
    if wrong := sorted(name for name, kind in _TOLD.items() if not isinstance(manifest.get(name), kind)):
        raise BadInput(
            Problem(
                key=str(file),
                message=f"its manifest does not tell {', '.join(wrong)}",
                remedy="take another copy of it",
            )
        )
    _check_members(file, folder, manifest)
    return manifest


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, file: Path, folder: Path) -> None:
    """A plain file at a place of ours. Written by us: an older tarfile follows links and leaves folders."""
    place = PurePosixPath(member.name)
    ours = member.name == _MANIFEST or (len(place.parts) == 2 and place.parts[0] in _KNOWN_PLACES)
    content = archive.extractfile(member) if ours and member.isreg() and place.name not in ("", ".", "..") else None
    if content is None:
        raise BadInput(
            Problem(
                key=str(file),
                message=f"holds {member.name}, which no backup of openpbm does",
                remedy="nothing was restored",
            )
        )
    target = folder / place
    target.parent.mkdir(exist_ok=True, mode=0o700)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        shutil.copyfileobj(content, written)


def _check_stream(file: Path) -> None:
    """Read to the end, where the checksum stands: one wrong byte could else pass for another name or another format."""
    with gzip.open(file) as stream:
        while stream.read(1 << 20):
            pass


def _check_members(file: Path, folder: Path, manifest: Manifest) -> None:
    promised: dict[str, str] = manifest.get("sha256", {})
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {_MANIFEST}
    for name in sorted(set(promised) | found):
        if name not in found:
            raise BadInput(Problem(key=str(file), message=f"{name} is missing in it", remedy="take another copy of it"))
        if promised.get(name) != digest_of(folder / name):
            raise BadInput(
                Problem(
                    key=str(file), message=f"{name} was changed after it was written", remedy="take another copy of it"
                )
            )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
