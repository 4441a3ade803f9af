"""Sealing what identifies a person: one data key each, wrapped by the key file. Forgetting one is erasure.

AES-SIV (RFC 5297): authenticated, and the same text under the same key and place gives the same bytes, so a record sent
twice is recognised without being opened. What is sealed in one place does not open in another.

The key file also signs: who can write to the database, or to a file beside it, cannot make what is signed here. A
signing key is derived from the key file's key and named after itself. Of a key that was left in a rotation the signing
key alone stays: it checks what it signed, and opens nothing.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from openpbm.care.encryption.keys import KeyRing, key_ring
from openpbm.errors import BadInput, Problem

__all__ = [
    "current_key_name", "file_key", "key_is_known", "new_data_key", "open_by_file_key", "open_sealed", "ring_in_use",
    "seal", "sign", "signing_key_of", "unwrap", "wrap",
]  # fmt: skip


def new_data_key() -> bytes:
    """A data key (64 bytes) for one person."""
    return AESSIV.generate_key(512)


def wrap(data_key: bytes, owner: str) -> bytes:
    """The data key sealed by the key file, for `owner` alone."""
    return seal(data_key, file_key(), f"data key of {owner}")


def unwrap(wrapped: bytes, owner: str) -> bytes:
    """The data key; BadInput when the key file is not the one it was wrapped with."""
    return open_by_file_key(wrapped, f"data key of {owner}")


def seal(text: bytes, key: bytes, place: str) -> bytes:
    """Seal `text` for one place (table, column, row)."""
    # The cipher refuses to seal nothing; the first byte is therefore always there.
    return AESSIV(key).encrypt(b"\0" + text, [place.encode()])


def open_sealed(sealed: bytes, key: bytes, place: str) -> bytes:
    """Open what was sealed for that place; BadInput when key, place or content are not those it was sealed with."""
    try:
        return AESSIV(key).decrypt(bytes(sealed), [place.encode()])[1:]
    except InvalidTag:
        raise BadInput(
            Problem(
                key=place,
                message=(
                    f"cannot be opened: the key file {settings.KEY_FILE} is not the one this was sealed "
                    "with, or the stored content was damaged"
                ),
                remedy="put the right key file back",
            )
        ) from None


@functools.cache
def _key_from(file_key: bytes) -> bytes:
    # The file holds 32 bytes, and AES-SIV takes 64.
    return HKDF(algorithm=SHA256(), length=64, salt=None, info=b"openpbm care: wrapping of data keys").derive(file_key)


def ring_in_use() -> KeyRing:
    """The keys of the key file as it lies there now."""
    path = Path(settings.KEY_FILE)
    # Read again once it was replaced: whoever went on with the key before would seal what nobody opens.
    try:
        found = path.stat()
    except OSError:
        return key_ring(path)
    return _read_ring(path, found.st_mtime_ns, found.st_ino)


@functools.lru_cache(maxsize=4)
def _read_ring(path: Path, changed_ns: int, inode: int) -> KeyRing:
    return key_ring(path)


def file_key() -> bytes:
    """The newest key of the key file, made ready for sealing."""
    return _key_from(ring_in_use().current)


def open_by_file_key(sealed: bytes, place: str) -> bytes:
    """Open what the key file sealed, now or before a rotation that is not finished; BadInput when it did not."""
    for key in ring_in_use().leaving:
        with suppress(InvalidTag):
            return AESSIV(_key_from(key)).decrypt(bytes(sealed), [place.encode()])[1:]
    return open_sealed(sealed, file_key(), place)


@functools.cache
def signing_key_of(file_key: bytes) -> bytes:
    """The key that signs for a key of the key file; nobody finds the one from the other."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"openpbm care: links of the audit").derive(file_key)


@functools.lru_cache(maxsize=8)
def _named(ring: KeyRing) -> dict[str, bytes]:
    keys = [*ring.audit, *map(signing_key_of, ring.leaving), signing_key_of(ring.current)]
    return {_name_of(key): key for key in keys}


def _name_of(signing_key: bytes) -> str:
    return hashlib.sha256(b"openpbm care: name of a key" + signing_key).hexdigest()[:16]


def current_key_name() -> str:
    """The name of the key that signs now."""
    return _name_of(signing_key_of(ring_in_use().current))


def key_is_known(name: str) -> bool:
    """Whether the key file can check what that key signed."""
    return name in _named(ring_in_use())


def sign(content: str, key_name: str) -> str:
    """The signature (HMAC-SHA256, hexadecimal) by the key of that name; "" where the key file does not hold it."""
    key = _named(ring_in_use()).get(key_name)
    return "" if key is None else hmac.new(key, content.encode(), hashlib.sha256).hexdigest()
