"""Addresses that are kept are those of Django itself, and so is what templates write of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress

import pytest
from care.access.every_route import fill, route_names
from django.template import engines
from django.templatetags.static import static
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from django.urls.resolvers import RegexPattern, URLResolver

from openpbm.care.addresses import address
from openpbm.care.urls import urlpatterns

#: As Django would keep them: every route below the one that remembers.
_PLAIN = URLResolver(RegexPattern(r"^/"), urlpatterns[0].url_patterns)


def paths() -> Iterator[str]:
    """The addresses of all routes whose parameters are ids or stand in COMMON."""
    ids = ("person_id", "plan_id", "lamp_id", "hold_id", "screening_id", "event_id", "record_id", "reminder_id")
    for route in route_names():
        with suppress(AssertionError):
            yield from fill(route, dict.fromkeys(ids, uuid.uuid4()) | {"week": 6})


def test_an_address_leads_where_django_finds_it_lead_to() -> None:
    found = list(paths())
    assert len(found) > 60
    for path in found:
        for match in (resolve(path), resolve(path)):
            plain = _PLAIN.resolve(path)
            assert (match.func, match.args, match.kwargs, match.view_name, match.namespaces, match.route) == (
                plain.func, plain.args, plain.kwargs, plain.view_name, plain.namespaces, plain.route
            )  # fmt: skip
    with pytest.raises(Resolver404):
        resolve("/nowhere/at/all/")


def test_the_routes_remember_and_give_nobody_what_another_changed() -> None:
    path = reverse("home:today", kwargs={"person_id": (person := uuid.uuid4())})
    resolve(path).kwargs["person_id"] = uuid.uuid4()
    assert resolve(path).kwargs == {"person_id": person}
    assert urlpatterns[0] in get_resolver().url_patterns


def test_an_address_is_that_of_reverse_whatever_was_asked_before() -> None:
    person = uuid.uuid4()
    for _ in range(2):
        assert address("home:today", person_id=person) == reverse("home:today", kwargs={"person_id": person})
        assert address("home:today", person) == reverse("home:today", args=[person])
        assert address("learn:index") == reverse("learn:index")
    # True equals 1, and is no number of a sign-in.
    assert address("home:end_sign_in", sign_in_id=1) == reverse("home:end_sign_in", kwargs={"sign_in_id": 1})
    with pytest.raises(NoReverseMatch):
        address("home:end_sign_in", sign_in_id=True)


def test_templates_write_the_addresses_of_pages_and_files() -> None:
    person = uuid.uuid4()

    def written(text: str) -> str:
        return str(engines["django"].from_string(text).render({"person": person, "name": "che<ck"}))

    page, sheet = reverse("home:today", kwargs={"person_id": person}), static("care/icons.svg")
    assert written("{% url 'home:today' person %} {% url 'home:today' person_id=person %}") == f"{page} {page}"
    assert written("{% url 'home:today' person as x %}[{{ x }}]{% url 'no:where' as y %}[{{ y }}]") == f"[{page}][]"
    with pytest.raises(NoReverseMatch):
        written("{% url 'no:where' %}")
    assert written("{% static 'care/care.css' %}{% static 'care/care.css' as s %}[{{ s }}]") == "{0}[{0}]".format(
        static("care/care.css")
    )
    assert f'href="{sheet}#info"' in written('{% icon "info" %}')
    assert f'href="{sheet}#che&lt;ck"' in written("{% icon name %}")
