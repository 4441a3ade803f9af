"""Addresses of pages, put together and taken apart once: the thirty links of a page stood on the last one too."""

from __future__ import annotations

import functools
from typing import Any

from django.urls import URLPattern, URLResolver, get_script_prefix, reverse
from django.urls.resolvers import RoutePattern

__all__ = ["RememberedRoutes", "address"]


def address(route: str, *args: Any, **values: Any) -> str:
    """What `reverse` gives for that route with those parameters; NoReverseMatch."""
    return _put_together(get_script_prefix(), route, tuple(values), *args, *values.values())


# By type as well: 1, 1.0 and True are equal, and stand differently in an address.
@functools.lru_cache(maxsize=4096, typed=True)
def _put_together(prefix: str, route: str, names: tuple[str, ...], *values: Any) -> str:
    in_order = values[: len(values) - len(names)]
    return reverse(route, args=in_order, kwargs=dict(zip(names, values[len(in_order) :], strict=True)))


class RememberedRoutes(URLResolver):
    """These routes; where an address leads is found once.

    A request asks three times (who may have the page, which view makes it, how it is called in the log), and each time
    Django tries one route after the other. What leads nowhere is not kept: there are any number of such addresses.
    """

    def __init__(self, routes: list[URLPattern | URLResolver]) -> None:
        super().__init__(RoutePattern(""), routes)
        # As an attribute, so that no step of ours stands between a request and what was found.
        vars(self)["resolve"] = functools.lru_cache(maxsize=1024)(super().resolve)
