"""Long work: claimed once, tried three times at most, its end written down by whoever holds it."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from care.conftest import House, signed_in
from django.urls import reverse
from django.utils import timezone
from present import present

from openpbm.care.accounts.models import Membership
from openpbm.care.jobs import registry
from openpbm.care.jobs.actions import enqueue
from openpbm.care.jobs.claim import ABANDONED_AFTER, claim_job, finish, give_back, keep
from openpbm.care.jobs.models import Job
from openpbm.care.jobs.run_job import run_job
from openpbm.care.people.access import require_unless_system
from openpbm.care.people.models import Person
from openpbm.errors import BadInput, Problem


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of work that exist in these tests alone."""
    monkeypatch.setattr(registry, "_handlers", {})

    @registry.handler("count")
    def count(job: Any, progress: Any) -> dict[str, Any]:
        for step in range(job.payload["to"]):
            progress(step + 1, job.payload["to"])
        return {"href": "/result/"}

    @registry.handler("refuse")
    def refuse(job: Any, progress: Any) -> dict[str, Any]:
        raise BadInput([Problem(key=key, message="is not there") for key in ("lamp", "site")])

    @registry.handler("not_theirs")
    def not_theirs(job: Any, progress: Any) -> dict[str, Any]:
        require_unless_system(job.asked_by, Person.objects.get(pk=job.person_id))
        return {}

    @registry.handler("crash")
    def crash(job: Any, progress: Any) -> dict[str, Any]:
        raise RuntimeError("a secret name")


def asked(house: House, kind: str = "count", **payload: Any) -> Job:
    # Of one thing there is one open job; each of these is about a thing of its own.
    about = str(uuid.uuid4())
    payload = payload or {"to": 3}
    return enqueue(kind=kind, payload=payload, by=house.clinician, person_id=house.alice.pk, about=about)


def abandoned(job: Any) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - ABANDONED_AFTER - dt.timedelta(seconds=1))


def test_a_job_is_done_and_says_where_its_result_is(house: House) -> None:
    asked(house)
    job = present(claim_job("one"))
    run_job(job)
    job.refresh_from_db()
    assert (job.state, job.result, job.done_steps, job.all_steps) == (
        "done",
        {"href": "/result/"},
        3,
        3,
    )
    assert claim_job("one") is None


def test_a_job_of_somebody_whose_access_ended_meanwhile_does_nothing_and_says_why(house: House) -> None:
    asked(house, "not_theirs")
    Membership.objects.filter(user=house.clinician).update(ended_at=timezone.now())
    job = present(claim_job("one"))
    run_job(job)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "may not open this record any more" in job.fault


def test_the_oldest_job_comes_first_and_is_claimed_once(house: House) -> None:
    first, second = asked(house), asked(house)
    assert [present(claim_job("one")).pk, present(claim_job("two")).pk] == [first.pk, second.pk]
    assert claim_job("three") is None


def test_a_job_whose_worker_died_is_claimed_again_and_after_three_times_given_up(house: House) -> None:
    asked(house)
    for attempt in (1, 2, 3):
        job = present(claim_job("one"))
        assert job.attempts == attempt
        assert claim_job("two") is None
        abandoned(job)
    assert claim_job("one") is None
    job.refresh_from_db()
    assert job.state == "failed"
    assert "three times" in job.fault


def test_whoever_lost_a_job_writes_nothing_more_into_it(house: House) -> None:
    asked(house)
    slow = present(claim_job("slow"))
    abandoned(slow)
    quick = present(claim_job("quick"))
    assert finish(quick, result={"href": "/quick/"})
    assert not keep(slow, done_steps=9)
    assert not finish(slow, result={"href": "/slow/"})
    assert Job.objects.get().result == {"href": "/quick/"}


def test_a_lost_job_is_not_ended_by_the_thread_that_lost_it(house: House) -> None:
    asked(house)
    slow = present(claim_job("slow"))
    abandoned(slow)
    claim_job("quick")
    run_job(slow)
    assert Job.objects.get().state == "running"


def test_a_refusal_is_the_jobs_fault_in_plain_lines(house: House) -> None:
    asked(house, "refuse", x=1)
    run_job(present(claim_job("one")))
    assert (Job.objects.get().state, Job.objects.get().fault) == ("failed", "lamp: is not there\nsite: is not there")


def test_a_crash_is_told_without_its_text(house: House, caplog: pytest.LogCaptureFixture) -> None:
    asked(house, "crash", x=1)
    run_job(present(claim_job("one")))
    assert Job.objects.get().state == "failed"
    assert "secret" not in Job.objects.get().fault
    assert "a secret name" in caplog.text


def test_a_job_given_back_has_lost_no_attempt(house: House) -> None:
    asked(house)
    assert give_back(present(claim_job("one")))
    assert Job.objects.get().attempts == 0
    assert present(claim_job("two")).attempts == 1


def test_progress_is_written_at_most_twice_a_second(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[dict[str, Any]] = []

    def keep(job: Job, **values: Any) -> bool:
        writes.append(values)
        return True

    monkeypatch.setattr("openpbm.care.jobs.run_job.keep", keep)
    asked(house, to=5000)
    run_job(present(claim_job("one")))
    assert writes[0] == {"done_steps": 1, "all_steps": 5000}
    assert writes[-1] == {"done_steps": 5000, "all_steps": 5000}
    assert len(writes) < 50


def test_an_unknown_kind_of_job_is_refused_when_it_is_asked_for(house: House) -> None:
    with pytest.raises(BadInput, match="does not know it; it knows"):
        asked(house, "unknown", x=1)
    assert not Job.objects.exists()


def test_the_page_shows_progress_then_the_way_to_the_result(house: House) -> None:
    job = asked(house)
    client = signed_in(house.clinician)
    page = client.get(reverse("jobs:job", args=[job.pk]))
    assert b"Waiting" in page.content
    assert b"hx-trigger" in page.content
    claimed = present(claim_job("one"))
    keep(claimed, done_steps=2, all_steps=3)
    assert b"Step 2 of 3" in client.get(reverse("jobs:progress", args=[job.pk])).content
    run_job(claimed)
    page = client.get(reverse("jobs:progress", args=[job.pk]))
    assert b'href="/result/"' in page.content
    assert b"hx-trigger" not in page.content  # the page stops asking


def test_a_job_is_seen_by_who_asked_and_by_the_persons_clinicians_alone(house: House) -> None:
    job = enqueue(kind="count", payload={"to": 1}, by=house.alice.user, person_id=house.alice.pk)
    seen = {
        present(user).username: signed_in(user).get(reverse("jobs:job", args=[job.pk])).status_code
        for user in (
            house.alice.user,
            house.clinician,
            house.bob.user,
            house.other_clinician,
            house.auditor,
            house.admin,
        )
    }
    assert seen == {"alice": 200, "clara": 200, "bob": 403, "oscar": 403, "audrey": 403, "adam": 403}


def test_whoever_has_left_the_clinic_sees_no_job_of_its_people(house: House) -> None:
    job, own = asked(house), enqueue(kind="count", payload={"to": 1}, by=house.clinician)
    client = signed_in(house.clinician)
    assert client.get(reverse("jobs:job", args=[job.pk])).status_code == 200
    Membership.objects.filter(user=house.clinician).update(ended_at=timezone.now())
    for route in ("jobs:job", "jobs:progress"):
        assert client.get(reverse(route, args=[job.pk])).status_code == 403
        assert client.get(reverse(route, args=[own.pk])).status_code == 200, "about nobody"


def test_the_worker_keeps_its_pulse_while_it_works(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpbm.care.jobs.models import Heartbeat
    from openpbm.care.jobs.worker import Worker

    begun, go_on = threading.Event(), threading.Event()

    def wait(job: Any) -> None:
        begun.set()
        assert go_on.wait(20)

    monkeypatch.setattr("openpbm.care.jobs.worker._BEAT_EVERY_S", 0.0)
    monkeypatch.setattr("openpbm.care.jobs.run_job._SIGN_OF_LIFE_EVERY_S", 0.0)
    monkeypatch.setattr("openpbm.care.jobs.run_job.run_job", wait)
    asked(house), asked(house)
    worker = Worker("one")
    worker.turn()
    assert begun.wait(20)
    beat_before, sign_before = Heartbeat.objects.get().at, present(Job.objects.get(state="running").heartbeat_at)
    worker.turn()
    assert Heartbeat.objects.get().at > beat_before
    assert present(Job.objects.get(state="running").heartbeat_at) > sign_before  # and it took up no second job
    worker.leave()
    go_on.set()
    assert Job.objects.filter(state="queued", attempts=0).count() == 2
