"""The API's door: strict JSON in, one shape for every refusal out."""

from __future__ import annotations

import json
from typing import Any, NoReturn, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.security import django_auth
from ninja.types import DictStrAny

from openpbm import __version__
from openpbm.care.trust.ledger import Conflict
from openpbm.errors import BadInput

__all__ = ["api"]


class StrictJson(Parser):
    """Refuses what JSON does not have (NaN, Infinity), numbers too large to be kept, and text no database can hold."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as Python values; 400 for anything that is not JSON."""
        try:
            content = json.loads(request.body, parse_constant=_refuse, parse_float=_finite)
            json.dumps(content, ensure_ascii=False).encode()  # a lone surrogate is text that nobody can write down
        except (ValueError, RecursionError) as error:
            raise HttpError(400, f"the body is not JSON that can be kept: {error}"[:300]) from error
        if "\\u0000" in request.body.decode(errors="replace"):
            raise HttpError(400, "the body holds a NUL character; leave it out")
        return cast(DictStrAny, content)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large a number")
    return value


api = NinjaAPI(
    title="OpenPBM care",
    version=__version__,
    description="The same actions as the pages: sign in first; records are only added to, under ids the sender makes.",
    urls_namespace="api",
    docs_url=None,
    auth=django_auth,
    parser=StrictJson(),
)


@api.exception_handler(BadInput)
def _bad_input(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": list(error.faults)}, status=400)


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": [str(error)]}, status=409)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": [str(error) or "not yours"]}, status=403)
