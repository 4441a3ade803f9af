"""Every route of the site, out of the URL table itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

__all__ = ["fill", "route_names"]

#: Values of parameters that belong to nobody.
COMMON = {
    "id": "is_it_proven",
    "name": "design",
    "arrow": "light_opens_no_stores",
    "step": "person",
    "stage": "assess",
    "role": "sleep",
    "scale": "irls",
    "state": "done",
    "token": "not-a-token",
    "uidb64": "MQ",
    "sign_in_id": 1,
    "push_device_id": 1,
}


def route_names() -> list[str]:
    """The name of every route; one that has none is named `?`."""
    return sorted(set(_names(get_resolver(), ())))


def _names(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "?"))


def fill(route: str, parameters: dict[str, Any]) -> list[str]:
    """The paths of a route with those parameters: one for each of its shapes."""
    known = COMMON | parameters
    *spaces, name = route.split(":")
    resolver: Any = get_resolver()
    for space in spaces:
        _, resolver = resolver.namespace_dict[space]
    shapes = {
        tuple(sorted(names)) for possibility in resolver.reverse_dict.getlist(name) for _, names in possibility[0]
    }
    try:
        return [reverse(route, kwargs={key: known[key] for key in shape}) for shape in sorted(shapes)]
    except KeyError as missing:
        raise AssertionError(
            f"{route}: no value for parameter {missing}; add one in cross_patient_fixtures or COMMON"
        ) from None
    except NoReverseMatch as error:
        raise AssertionError(f"{route}: {error}") from None
