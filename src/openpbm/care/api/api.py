"""The API: strict JSON in, one shape for every refusal out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.security import django_auth
from ninja.types import DictStrAny

from openpbm.care.accounts.limits import TooMany
from openpbm.care.audit.ledger import ClockBehind, Conflict
from openpbm.errors import BadInput, Problem
from openpbm.version import __version__

__all__ = ["api"]


_MOST_DIGITS = 16


class StrictJson(Parser):
    """Refuses what JSON does not have (NaN, Infinity), numbers too large to be kept, and text no database can hold."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as Python values; 400 for anything that is not JSON."""
        try:
            content = json.loads(request.body, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
            _count(content, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
            if any("\0" in text for text in _texts(content)):
                raise ValueError("it holds a NUL character; leave it out")
            # A lone surrogate is text that nobody can write down.
            json.dumps(content, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            message = f"not JSON that can be kept ({error})"[:300]
            raise BadInput(Problem(key="body", message=message, remedy="send plain JSON")) from error
        return cast(DictStrAny, content)


def _count(content: Any, most: int) -> None:
    """Refuse a body with more keys and values than any of ours has, before each is looked at."""
    waiting, counted = [content], 0
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict | list):
            counted += len(part)
            if counted > most:
                raise ValueError(f"it holds more than {most} keys and values; send it in parts")
            waiting.extend(part.values() if isinstance(part, dict) else part)


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        yield from content
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large a number")
    return value


def _whole(text: str) -> int:
    # Longer ones do not fit a column, and are no float either.
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"{text[:_MOST_DIGITS]}... is too large a number")
    return int(text)


class _Api(NinjaAPI):
    """One name for an operation: that of its function. One schema."""

    _schema: OpenAPISchema | None = None

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        # A fifth of a second of computing, and the same every time, so it is made once.
        if self._schema is None:
            self._schema = super().get_openapi_schema(**where)
        return self._schema


api = _Api(
    title="OpenPBM care",
    version=__version__,
    description="The same actions as the pages: sign in first; records are only added to, under ids the sender makes.",
    urls_namespace="api",
    docs_url=None,
    # Without a page of documentation the decorator is that of openapi.json alone.
    docs_decorator=login_not_required,
    auth=django_auth,
    parser=StrictJson(),
)


@api.exception_handler(BadInput)
def _bad_input(request: HttpRequest, error: Any) -> HttpResponse:
    return _with_problems(request, error.problems, 400)


def _with_problems(request: HttpRequest, problems: Iterable[Problem], status: int) -> HttpResponse:
    return api.create_response(request, {"problems": [problem.to_dict() for problem in problems]}, status=status)


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": [str(error)]}, status=409)


@api.exception_handler(ClockBehind)
def _clock_behind(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": [str(error)]}, status=503)


@api.exception_handler(TooMany)
def _later(request: HttpRequest, error: Any) -> HttpResponse:
    answer = api.create_response(request, {"detail": [str(error)]}, status=429)
    answer["Retry-After"] = str(error.retry_after_s)
    return answer


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"detail": [str(error) or "not yours"]}, status=403)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: Any) -> HttpResponse:
    problems = [
        Problem(key=_key_of(wrong["loc"]), message=wrong["msg"][:300], remedy="see /api/openapi.json")
        # Bounded: a body with ten thousand problems must not make an answer as long as itself.
        for wrong in error.errors[:50]
    ]
    return _with_problems(request, problems, 422)


def _key_of(location: tuple[str | int, ...]) -> str:
    """Where the value stands in what was sent; the name of our own parameter, which holds a whole body, is left out."""
    own_names = 2 if location[0] == "body" else 1
    return ".".join(map(str, location[own_names:] or location[:1]))[:300]


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    # What the parser raised comes wrapped in words that do not say what is wrong.
    if isinstance(error.__cause__, BadInput):
        return _with_problems(request, error.__cause__.problems, error.status_code)
    if error.status_code in (400, 422):
        problem = Problem(key="body", message=str(error), remedy="see /api/openapi.json")
        return _with_problems(request, [problem], error.status_code)
    return api.create_response(request, {"detail": [str(error)]}, status=error.status_code)


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: Any) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    problem = Problem(key="body", message=f"more than {most} bytes", remedy="send less")
    return _with_problems(request, [problem], 400)
