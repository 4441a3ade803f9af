"""The pages of plans."""

from django.http import HttpResponse


def _soon(request, **_):
    return HttpResponse("")


order = compare = released_sheet = released_report = lift = workbench = linear = release = release_rule = sheet = (
    report
) = _soon
