"""Signing with the key file: who can write to the database, or to a file beside it, cannot make what is signed here.

A signing key is derived from the key file's key and named after itself. Of a key that was left in a rotation the
signing key alone stays: it checks what it signed, and opens nothing.
"""

from __future__ import annotations

import functools
import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openpbm.care.encryption.keys import KeyRing
from openpbm.care.encryption.sealing import ring_in_use

__all__ = ["current_key_name", "key_is_known", "sign", "signing_key_of"]


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
