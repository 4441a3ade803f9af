"""How far a job is, and what one is reminded of."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.models import log_read_access
from openpbm.care.jobs.actions import mark
from openpbm.care.jobs.models import Job, Reminder
from openpbm.care.jobs.selectors import open_reminders, reminders_of
from openpbm.care.people.access import clinicians_of, people_of
from openpbm.care.people.models import Person

__all__ = ["job", "mark_reminder", "progress", "reminders"]

# The same words for what is somebody else's and for what is not there.
#: Where the page of a plan in the making stands on the path to a first course.
_STEP_OF_WAITING = 13
_ACCESS_DENIED = "This is not yours to see, or it does not exist."


@require_GET
def job(request: SignedInRequest, job_id: uuid.UUID) -> HttpResponse:
    """The page of one job."""
    found = _job_for(request, job_id)
    log_read_access(request.user, [found.person_id], route="jobs:job")
    alone = _waits_alone(found, request.user)
    if alone and _result_of(found):
        return redirect(_result_of(found))
    template = "jobs/waiting.html" if alone else "jobs/job.html"
    return render(request, template, {"job": found, "alone": alone, "number": _STEP_OF_WAITING, "back": ""})


@require_GET
def progress(request: SignedInRequest, job_id: uuid.UUID) -> HttpResponse:
    """The part of that page that changes; asked for each second while the job runs, which is one look."""
    found = _job_for(request, job_id)
    alone = _waits_alone(found, request.user)
    answer = render(request, "jobs/progress.html", {"job": found, "alone": alone})
    if alone and _result_of(found):
        # What somebody on their own waits for shows by itself; staff have other work meanwhile.
        answer["HX-Redirect"] = _result_of(found)
    return answer


def _waits_alone(job: Job, user: User) -> bool:
    own = Person.objects.filter(user=user, clinic=None).values_list("pk", flat=True)
    return job.person_id is not None and job.person_id in own


def _result_of(job: Job) -> str:
    """The page of what came out, "" before that."""
    return str((job.result or {}).get("href", "")) if job.state == Job.State.DONE else ""


def _job_for(request: SignedInRequest, job_id: uuid.UUID) -> Job:
    user = request.user
    open_to_them = Q(person_id=None) | Q(person_id__in=people_of(user).values("pk"))
    found = Job.objects.filter(open_to_them, pk=job_id).first()
    if found is None or not (_ordered_for(found, user) or user in clinicians_of(found.person_id)):
        raise PermissionDenied(_ACCESS_DENIED)
    return found


def _ordered_for(job: Job, user: User) -> bool:
    """Whether they ordered it; or the system did, about them: ordered by them as well it is the same piece of work."""
    if job.asked_by_id is not None:
        return job.asked_by_id == user.pk
    return job.person_id is not None and Person.objects.filter(pk=job.person_id, user=user).exists()


@require_http_methods(["GET"])
def reminders(request: SignedInRequest) -> HttpResponse:
    """What is open for whoever is signed in; having been on this page, it counts as shown."""
    rows = list(open_reminders(request.user, clock.now())[:200])
    log_read_access(request.user, [row.person_id for row in rows], route="jobs:reminders")
    unseen = [row.pk for row in rows if row.state != Reminder.State.SHOWN]
    if unseen:
        # The state is asked for again: one that was done in another window meanwhile must not go back to shown.
        Reminder.objects.filter(pk__in=unseen, state__in=(Reminder.State.DUE, Reminder.State.SENT)).update(
            state=Reminder.State.SHOWN, shown_at=clock.now()
        )
    return render(request, "jobs/reminders.html", {"reminders": rows})


@require_POST
def mark_reminder(request: SignedInRequest, reminder_id: uuid.UUID) -> HttpResponse:
    """Done with it; back to the page where that was said."""
    row = reminders_of(request.user).filter(pk=reminder_id).first()
    if row is None:
        raise PermissionDenied(_ACCESS_DENIED)
    mark(reminder=row, state=Reminder.State.DONE, by=request.user)
    back = request.POST.get("next", "")
    # A path and nothing else: `redirect` would take any other word for the name of a page.
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("jobs:reminders")
