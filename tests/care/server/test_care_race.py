"""Two workers at one table: each job is done once, each reminder sent once; in processes of their own."""

from __future__ import annotations

from pathlib import Path

from care.command_forks import run_python
from care.services import install

ROWS = 60

_BEGIN = """
import sys, django
django.setup()
from django.utils import timezone
from openpbm.care.jobs import registry
from openpbm.care.jobs.models import Job, Reminder
from openpbm.care.accounts.models import User
registry.handler("touch")(lambda job, progress: {})
"""

_FILL = f"""
user = User.objects.create(username="alice")
for number in range({ROWS}):
    Reminder.objects.create(user=user, kind="checkpoint", key=str(number), text="x", due_at=timezone.now())
    Job.objects.create(kind="touch", payload={{}}, asked_by=user)
"""

# E-mails are counted through the console backend: one "Message-ID" each. Each worker holds its first job and its first
# reminder until the other holds one too: from there on both are in the middle of the table, however slow the machine.
_WORK = """
import os, pathlib, time, traceback
import openpbm.care.jobs.send
from openpbm.care.jobs.claim import claim_job
from openpbm.care.jobs.run_job import run_job
from openpbm.care.jobs.send import send_due
here = pathlib.Path(sys.argv[1])
def work(worker):
    jobs, sent = 0, 0
    def address_once_both_hold_one(user):
        (here / worker).touch()
        deadline = time.monotonic() + 60
        while len(list(here.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        return "somebody@example.org"
    openpbm.care.jobs.send.address_of = address_once_both_hold_one
    while True:
        job = claim_job(worker)
        now_sent = send_due(timezone.now(), worker)
        if job is None and not now_sent:
            break
        sent += now_sent
        if job is not None:
            run_job(job)
            jobs += 1
    print("COUNTED", jobs, sent)
def branch(worker):
    process = os.fork()
    if process:
        return process
    sys.stdout = open(here.parent / f"{worker}.said", "w")
    status = 0
    try:
        work(worker)
        sys.stdout.close()
    except BaseException:
        status = traceback.print_exc() or 1
    os._exit(status)
branches = [branch(worker) for worker in ("one", "two")]  # before either has a connection
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in branches))
"""


def test_two_workers_do_each_job_and_send_each_reminder_once(tmp_path: Path, database_url: str | None) -> None:
    environment = install(tmp_path / "data", database_url)
    filled = run_python(_BEGIN + _FILL, (), environment=environment, folder=tmp_path)
    assert filled.returncode == 0, filled.stderr
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    both = run_python(_BEGIN + _WORK, (str(meeting),), environment=environment, folder=tmp_path)
    assert both.returncode == 0, both.stderr
    said = [(tmp_path / f"{worker}.said").read_text() for worker in ("one", "two")]
    counted = [tuple(map(int, text.rpartition("COUNTED")[2].split())) for text in said]
    assert [sum(column) for column in zip(*counted, strict=True)] == [ROWS, ROWS], counted
    assert sum(text.count("Message-ID:") for text in said) == ROWS
    assert all(jobs > 0 and sent > 0 for jobs, sent in counted), "one of the two had nothing to do: no race was run"
