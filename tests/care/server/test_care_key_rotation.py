"""Another key in the key file: all of it opens before, after and in the middle, and the old key opens nothing more."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from care.conftest import House

from openpbm.care.accounts.mail_address import account_address, keep_account_address
from openpbm.care.accounts.models import User
from openpbm.care.audit.ledger import record_event
from openpbm.care.audit.models import AuditEntry
from openpbm.care.audit.verify import verify
from openpbm.care.backup.make import key_fingerprint, make_backup
from openpbm.care.encryption.keys import KeyRing, key_ring, replace_ring
from openpbm.care.encryption.sealing import current_key_name, signing_key_of
from openpbm.care.people.models import Person
from openpbm.care.server import rotate_key as rotation
from openpbm.care.server.prepare import check_key
from openpbm.care.server.rotate_key import rotate_key
from openpbm.errors import BadInput

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def key_file(house: House, settings: Any, tmp_path: Path) -> Path:
    """A key file of its own, that so far is the one the house was sealed and signed with."""
    path = tmp_path / "keys" / "people.key"
    path.parent.mkdir()
    path.write_bytes(Path(settings.KEY_FILE).read_bytes())
    settings.KEY_FILE = path
    settings.AUDIT_HEADS_FILE = tmp_path / "heads.jsonl"
    adapter = get_adapter()
    Authenticator.objects.create(user=house.clinician, type="totp", data={"secret": adapter.encrypt(SECRET)})
    keep_account_address(house.helper, "helen@example.org")
    codes = {"seed": adapter.encrypt("seed"), "used_mask": 5, "migrated_codes": [adapter.encrypt("code")]}
    Authenticator.objects.create(user=house.clinician, type="recovery_codes", data=codes)
    return path


def assert_everything_opens(house: House) -> None:
    assert Person.objects.get(pk=house.alice.pk).identity.name == "Alice MarkerAlice"
    assert Person.objects.get(pk=house.carol.pk).identity.name == "Carol MarkerCarol"
    assert account_address(User.objects.get(username="helen")) == "helen@example.org"
    decrypt = get_adapter().decrypt
    totp, codes = (Authenticator.objects.get(type=type).data for type in ("totp", "recovery_codes"))
    assert decrypt(totp["secret"]) == SECRET
    assert (decrypt(codes["seed"]), codes["used_mask"], decrypt(codes["migrated_codes"][0])) == ("seed", 5, "code")
    assert verify().faults == ()


def test_everything_is_sealed_anew_and_what_was_signed_before_still_holds(house: House, key_file: Path) -> None:
    before, name, fingerprint = key_ring(key_file), current_key_name(), key_fingerprint()
    for _ in range(2):
        done = rotate_key()
        assert (done.people, done.second_factors, done.went_on) == (3, 2, False)
        assert done.key_name == current_key_name()
        record_event("plan_released", by=house.clinician)
        assert_everything_opens(house)
    names = set(AuditEntry.objects.values_list("key_name", flat=True))
    assert len(names) == 3
    assert name in names
    assert key_fingerprint() != fingerprint
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]
    assert before.current.hex() not in key_file.read_text()
    # With the old key nothing opens any more, and a link that it signed now counts for nothing beside ours.
    replace_ring(key_file, before)
    with pytest.raises(BadInput, match="cannot be opened"):
        _ = Person.objects.get(pk=house.alice.pk).identity
    with pytest.raises(BadInput, match="is not the one"):
        check_key(key_file)


class Killed(Exception):
    """Whatever ends a process."""


def _before_anything_is_sealed() -> int:
    raise Killed


_seal = rotation._seal_second_factors


def _after_half_of_it() -> int:
    _seal()
    raise Killed


@pytest.mark.parametrize("stop", [_before_anything_is_sealed, _after_half_of_it])
def test_killed_while_sealing_it_all_opens_and_the_next_one_goes_on(
    house: House, key_file: Path, monkeypatch: pytest.MonkeyPatch, stop: Any
) -> None:
    monkeypatch.setattr(rotation, "_seal_second_factors", stop)
    with pytest.raises(Killed):
        rotate_key()
    monkeypatch.setattr(rotation, "_seal_second_factors", _seal)
    check_key(key_file)
    assert_everything_opens(house)
    kept = key_ring(key_file)
    assert len(kept.leaving) == 1
    with pytest.raises(BadInput, match="finish it with `openpbm key rotate`"):
        make_backup(key_file.parent / "backup.tar.gz")
    assert rotate_key().went_on
    assert key_ring(key_file) == KeyRing(kept.current, (), (signing_key_of(kept.leaving[0]),))
    assert_everything_opens(house)


def test_killed_before_the_old_key_has_left_the_next_one_only_lets_it_leave(
    house: House, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_the_first(path: Path, ring: KeyRing) -> None:
        if not ring.leaving:
            raise Killed
        replace_ring(path, ring)

    monkeypatch.setattr(rotation, "replace_ring", only_the_first)
    with pytest.raises(Killed):
        rotate_key()
    monkeypatch.setattr(rotation, "replace_ring", replace_ring)
    assert_everything_opens(house)
    written = AuditEntry.objects.filter(action="row_written").count()
    assert rotate_key().went_on
    assert AuditEntry.objects.filter(action="row_written").count() == written
    assert_everything_opens(house)


def test_a_full_disk_is_one_line_and_the_key_file_stays(
    house: House, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = key_file.read_bytes()
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInput, match="No space left on device"):
        rotate_key()
    monkeypatch.setattr(os, "fsync", fsync)
    assert key_file.read_bytes() == before
    assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]
    assert_everything_opens(house)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "leaving " + "5a" * 32, "5a" * 32 + "\n" + "5a" * 32, "5a" * 32 + "\nother " + "5a" * 32, "5a" * 31],
)
def test_what_is_no_key_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.key"
    path.write_text(text)
    with pytest.raises(BadInput, match="put the right file back"):
        key_ring(path)
