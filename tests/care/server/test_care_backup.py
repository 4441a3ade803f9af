"""Backup, wipe, restore: everything is back, on either database; a file with a fault leaves things as they are."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sqlite3
import stat
import subprocess
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from care.kill_loop import MAKE_PEOPLE, PASSWORD, Browser, Writer, in_site
from care.services import Site, install, new_database, openpbm, served
from present import present

from openpbm.care.server.data_folder import hold_data_folder

_FILL = """
from openpbm.care.people.models import Consent, Goal, Identity, Person
from openpbm.care.audit.ledger import append, record_event, seal_reads
from openpbm.care.accounts.models import Clinic, Membership, User
from openpbm.care.audit.models import ReadEntry
clinic = Clinic.objects.create(name="Zürich \\u2603")
user = User.objects.get(username="writer0")
Membership.objects.create(user=user, clinic=clinic, role="clinician", ended_at=clinic and user.date_joined)
for person in Person.objects.all():
    person.set_identity(Identity(name="Åsa Markeråsa"))
    person.save()
    goal = Goal(person=person, number=1)
    goal.sealed_text = person.seal("Sit through a film", f"goal {goal.pk}")
    append(goal, by=person.user, action="goal", person_id=person.pk)
    answers = {"a": [1.5, None, "x"]}
    agreed = Consent(person=person, purpose="record", version="1", text_digest="0" * 64, given=True, answers=answers)
    append(agreed, by=person.user, action="consent", person_id=person.pk)
    ReadEntry.objects.create(actor=user, person_id=person.pk, route="people:record")
seal_reads()
ReadEntry.objects.create(actor=user, person_id=person.pk, route="people:record")
record_event("lamp_renamed", by=user, row=clinic, detail={"before": "a"})
"""

_COUNTS = """
import json, django
django.setup()
from django.apps import apps
from openpbm.care.people.models import Goal, Person
from openpbm.care.accounts.models import User
from openpbm.care.audit.models import AuditEntry, ReadEntry
counts = {m._meta.db_table: m._default_manager.count() for m in apps.get_models(include_auto_created=True)}
counts.pop("django_session")
# Beside what came back the audit says that it did.
counts["audit_auditentry"] -= AuditEntry.objects.filter(action="database_restored").count()
names = sorted(person.identity.name for person in Person.objects.all())
print(json.dumps([counts, names, [goal.text() for goal in Goal.objects.all()]], sort_keys=True))
"""

_NEXT_NUMBERS = """
import django
django.setup()
from openpbm.care.accounts.models import User
from openpbm.care.audit.models import ReadEntry
user = User.objects.create(username="new")
ReadEntry.objects.create(actor=user, person_id="00000000-0000-0000-0000-000000000001", route="x")
print("fine")
"""


def site_at(data: Any, database_url: str | None = None) -> Site:
    return Site("http://127.0.0.1:0/", data, database_url, None, None)


def audit(data: Any, database_url: str | None = None) -> Any:
    said = openpbm("audit", "verify", "--json", "--data-dir", data, data_dir=data, database_url=database_url)
    return said.returncode, json.loads(said.stdout)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An installation on SQLite with something in every kind of column, and its backups without and with the key."""
    room = tmp_path_factory.mktemp("made")
    data = room / "data"
    install(data)
    in_site(site_at(data), MAKE_PEOPLE + _FILL, "3", PASSWORD)
    counts = in_site(site_at(data), _COUNTS)
    for name, more in (("plain.tar.gz", ()), ("keyed.tar.gz", ("--with-keys",))):
        said = openpbm("backup", room / name, "--data-dir", data, *more, data_dir=data)
        assert said.returncode == 0, said.stderr
    return room, data, counts


def restore(file: Any, data: Any, *more: Any, database_url: str | None = None) -> subprocess.CompletedProcess[str]:
    return openpbm("restore", file, "--data-dir", data, *more, data_dir=data, database_url=database_url)


def refused(said: Any) -> Any:
    assert said.returncode == 2, said.stdout + said.stderr
    assert "Traceback" not in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1, said.stderr
    return said.stderr


def test_backup_wipe_restore_gives_everything_back_on_either_database(
    made: Any, tmp_path: Path, database_url: str | None
) -> None:
    room, data, counts = made
    back = tmp_path / "back"
    said = restore(room / "keyed.tar.gz", back, database_url=database_url)
    assert said.returncode == 0, said.stderr
    assert "The key file came with it" in said.stdout
    assert "courses are held" in said.stdout
    assert in_site(site_at(back, database_url), _COUNTS) == counts
    assert audit(back, database_url)[1]["ok"] is True
    assert in_site(site_at(back, database_url), _NEXT_NUMBERS) == "fine\n"
    with served(back, database_url, settings={"OPENPBM_WEB_PROCESSES": "1"}, program=None) as site:
        browser = Browser(site)
        browser.sign_in("writer1")
        assert browser.ask("GET", "/jobs/reminders/")[0] == 200
        browser.close()
    # And the way back again, from the other database.
    again = openpbm("backup", tmp_path / "again.tar.gz", "--data-dir", back, data_dir=back, database_url=database_url)
    assert again.returncode == 0, again.stderr
    third = tmp_path / "third"
    (third / "keys").mkdir(parents=True)
    shutil.copy(data / "keys" / "people.key", third / "keys" / "people.key")
    assert restore(tmp_path / "again.tar.gz", third).returncode == 0
    assert audit(third)[1]["ok"] is True


def test_a_backup_is_its_owners_alone_holds_no_key_and_no_name_and_is_never_written_over(made: Any) -> None:
    room, data, _ = made
    file = room / "plain.tar.gz"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as archive:
        names = archive.getnames()
        whole = b"".join(present(archive.extractfile(name)).read() for name in names)
    assert names[0] == "manifest.json"
    assert not [name for name in names if name.startswith("keys/") or "django_session" in name]
    assert b"Marker" not in whole
    assert not [
        word for word in (data / "keys" / "people.key").read_bytes().split() if len(word) == 64 and word in whole
    ]
    assert "is there already" in refused(openpbm("backup", file, "--data-dir", data, data_dir=data))
    assert not list(room.glob(".*"))


def rewritten(source: Any, target: Any, change: Any) -> None:
    """A copy of a backup with its members changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = change(member.name, present(old.extractfile(member)).read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))


def with_manifest(**values: Any) -> Callable[..., Any]:
    def change(name: str, content: Any) -> Any:
        return json.dumps(json.loads(content) | values).encode() if name == "manifest.json" else content

    return change


def _cut(source: Any, target: Any) -> None:
    target.write_bytes(source.read_bytes()[:-2000])


def _cut_gzip_open(source: Any, target: Any) -> None:
    # In the middle of a table: cut between two, it would be a whole archive without the second.
    with tarfile.open(source) as archive:
        longest = max(archive.getmembers(), key=lambda member: member.size)
    middle = longest.offset_data + longest.size // 2
    target.write_bytes(gzip.compress(gzip.decompress(source.read_bytes())[:middle]))


def _one_byte(source: Any, target: Any) -> None:
    content = bytearray(source.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(bytes(content))


def _one_byte_of_the_first(source: Any, target: Any) -> None:
    content = bytearray(source.read_bytes())
    content[40] ^= 1
    target.write_bytes(bytes(content))


def _a_name_changed(source: Any, target: Any) -> None:
    rewritten(source, target, lambda name, c: c.replace(b"writer1", b"writerX") if "accounts_user.jsonl" in name else c)


def _a_table_gone(source: Any, target: Any) -> None:
    rewritten(source, target, lambda name, c: None if "people_goal" in name else c)


def _another_format(source: Any, target: Any) -> None:
    rewritten(source, target, with_manifest(format="openpbm backup 9"))


def _newer(source: Any, target: Any) -> None:
    newer = [["accounts", "9999_tomorrow"]]
    with tarfile.open(source) as archive:
        migrations = json.load(present(archive.extractfile("manifest.json")))["migrations"]
    rewritten(source, target, with_manifest(migrations=migrations + newer))


def _more_rows_promised(source: Any, target: Any) -> None:
    with tarfile.open(source) as archive:
        rows = json.load(present(archive.extractfile("manifest.json")))["rows"]
    rewritten(source, target, with_manifest(rows=rows | {"people_goal": 99}))


def _audit_ends_elsewhere(source: Any, target: Any) -> None:
    rewritten(source, target, with_manifest(audit_head={"number": 1, "digest": "f" * 64}))


def _nothing_told(source: Any, target: Any) -> None:
    rewritten(source, target, with_manifest(rows=[], migrations=None))


def _deep_manifest(source: Any, target: Any) -> None:
    rewritten(source, target, lambda name, content: b"[" * 100_000 if name == "manifest.json" else content)


def _outside(source: Any, target: Any) -> None:
    shutil.copy(source, target)
    with tarfile.open(target, "w:gz") as archive:
        member = tarfile.TarInfo("../../outside")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))


def _no_archive(source: Any, target: Any) -> None:
    target.write_bytes(b"not a backup at all")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_cut, "not a whole backup"),
        (_cut_gzip_open, "not a whole backup"),
        (_one_byte, "not a whole backup"),
        (_one_byte_of_the_first, "not a whole backup"),
        (_a_name_changed, "was changed after it was written"),
        (_a_table_gone, "is missing in it"),
        (_another_format, "its format is 'openpbm backup 9'"),
        (_newer, "newer than this one"),
        (_more_rows_promised, "not as many rows as the backup says"),
        (_audit_ends_elsewhere, "does not end where the backup says"),
        (_nothing_told, "does not tell migrations, rows"),
        (_deep_manifest, "not a whole backup"),
        (_outside, "which no backup of openpbm does"),
        (_no_archive, "not a whole backup"),
    ],
)
def test_a_spoilt_backup_is_one_line_and_the_installation_stays_as_it_was(
    made: Any, tmp_path: Path, spoil: Any, said: str
) -> None:
    room, data, _ = made
    spoil(room / "keyed.tar.gz", tmp_path / "spoilt.tar.gz")
    before = (data / "openpbm.sqlite3").read_bytes()
    assert said in refused(restore(tmp_path / "spoilt.tar.gz", data, "--replace"))
    assert (data / "openpbm.sqlite3").read_bytes() == before
    assert not list(data.glob(".openpbm-at-work*"))
    assert "--data-dir" not in refused(restore(tmp_path / "spoilt.tar.gz", tmp_path / "empty"))
    assert not (tmp_path / "empty").exists()
    assert not (tmp_path.parent / "outside").exists()


def test_postgresql_too_stays_as_it_was(made: Any, tmp_path: Path, postgres: str) -> None:
    room, _, counts = made
    url, back = new_database(postgres), tmp_path / "back"
    assert restore(room / "keyed.tar.gz", back, database_url=url).returncode == 0
    _audit_ends_elsewhere(room / "keyed.tar.gz", tmp_path / "spoilt.tar.gz")
    assert "does not end where" in refused(restore(tmp_path / "spoilt.tar.gz", back, "--replace", database_url=url))
    assert in_site(site_at(back, url), _COUNTS) == counts
    assert "add --replace" in refused(restore(room / "keyed.tar.gz", back, database_url=url))
    assert restore(room / "keyed.tar.gz", back, "--replace", database_url=url).returncode == 0
    assert in_site(site_at(back, url), _COUNTS) == counts


def test_an_installation_is_replaced_only_when_told_so_and_never_while_it_runs(made: Any, tmp_path: Path) -> None:
    room, _, counts = made
    other = tmp_path / "other"
    install(other)
    in_site(site_at(other), MAKE_PEOPLE, "1")
    with hold_data_folder(other, "serve"):  # as the site does while it runs
        assert "is in use by process" in refused(restore(room / "keyed.tar.gz", other, "--replace"))
    assert "add --replace" in refused(restore(room / "keyed.tar.gz", other))
    assert "is not the one this backup was sealed with" in refused(restore(room / "plain.tar.gz", other, "--replace"))
    # What was noted of the audit that was there is taken back with it, and stays noted.
    assert openpbm("backup", tmp_path / "before.tar.gz", "--data-dir", other, data_dir=other).returncode == 0
    assert restore(room / "keyed.tar.gz", other, "--replace").returncode == 0
    found = audit(other)[1]
    assert (found["ok"], found["noted_heads"]) == (True, 3)
    # By the entry behind which the courses are held: the database of before in its place is found at the next start.
    noted = json.loads((other / "audit-heads.jsonl").read_text().splitlines()[-1])
    with sqlite3.connect(other / "openpbm.sqlite3") as connection:
        entry = "SELECT action FROM audit_auditentry WHERE number = ? AND digest = ?"
        found = connection.execute(entry, (noted["number"], noted["digest"])).fetchone()
    assert found == ("database_restored",)
    assert in_site(site_at(other), _COUNTS) == counts


_ERASE = """
import django
django.setup()
from openpbm.care.people.actions import erase_oneself
from openpbm.care.people.models import Person
for person in Person.objects.order_by("code")[:2]:
    erase_oneself(person=person, by=person.user)
"""


def test_a_restore_brings_nobody_back_who_was_erased_says_what_it_did_and_leaves_nothing(
    made: Any, tmp_path: Path
) -> None:
    room, data, counts = made
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    in_site(site_at(copy), _ERASE)
    said = restore(room / "keyed.tar.gz", copy, "--replace")
    assert said.returncode == 0, said.stderr
    assert "2 people who were erased since are erased again" in said.stdout
    before, after = (
        json.loads(counts),
        json.loads(in_site(site_at(copy), _COUNTS.replace("goal.text()", "goal.number"))),
    )
    assert len([name for name in before[1] if name]) == 3
    assert len([name for name in after[1] if name]) == 1
    assert audit(copy)[1]["faults"] == []
    left = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    assert left == {
        "openpbm.sqlite3", "keys/people.key", "keys/cookies.key", "serve.lock", "audit-heads.jsonl", "erasures.jsonl",
    }  # fmt: skip


def test_without_the_key_file_it_says_where_it_belongs(made: Any, tmp_path: Path) -> None:
    room, data, counts = made
    back = tmp_path / "back"
    assert "was made without its key file" in refused(restore(room / "plain.tar.gz", back))
    assert not back.exists()
    (back / "keys").mkdir(parents=True)
    shutil.copy(data / "keys" / "people.key", back / "keys" / "people.key")
    assert restore(room / "plain.tar.gz", back).returncode == 0
    assert in_site(site_at(back), _COUNTS) == counts


def test_a_folder_without_an_installation_is_one_line(tmp_path: Path) -> None:
    for words in (["backup", tmp_path / "x.tar.gz"], ["audit", "verify"]):
        said = openpbm(*words, "--data-dir", tmp_path / "nothing", data_dir=tmp_path / "nothing")
        assert "no installation is there" in refused(said)
    assert "there is no such file" in refused(restore(tmp_path / "x.tar.gz", tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()


def test_a_changed_row_is_told_with_exit_status_3(made: Any, tmp_path: Path) -> None:
    _, data, _ = made
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    with sqlite3.connect(copy / "openpbm.sqlite3") as connection:
        connection.execute("DROP TRIGGER people_goal_no_update")
        connection.execute("UPDATE people_goal SET number = 2")
    status, found = audit(copy)
    assert status == 3
    assert set(found) == {
        "ok",
        "entries",
        "rows",
        "reads",
        "unsealed_reads",
        "head",
        "noted_heads",
        "last_noted",
        "faults",
    }
    assert any("was changed after it was written" in fault for fault in found["faults"])
    said = openpbm("audit", "verify", "--data-dir", copy, data_dir=copy)
    assert said.returncode == 3
    assert "The audit does not hold" in said.stdout


def test_the_snapshot_taken_under_writers_is_one_moment(site: Site, tmp_path: Path) -> None:
    """Rows and audit in the file must agree, though both go on while it is written."""
    (line,) = in_site(site, MAKE_PEOPLE, "1").splitlines()
    stop = threading.Event()
    _, person_id, session = line.split()
    writer = Writer(site, person_id, session, stop)
    thread = threading.Thread(target=writer.write, daemon=True)
    thread.start()
    while len(writer.sent) < 5 and thread.is_alive() and not writer.refused:
        stop.wait(0.05)
    words = ("backup", tmp_path / "b.tar.gz", "--with-keys", "--data-dir", site.data_dir)
    done = openpbm(*words, data_dir=site.data_dir, database_url=site.database_url)
    stop.set()
    thread.join(30)
    writer.browser.close()
    assert done.returncode == 0, done.stderr
    assert writer.refused == []
    assert restore(tmp_path / "b.tar.gz", tmp_path / "back").returncode == 0
