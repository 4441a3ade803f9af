"""Whatever is sent to the API: no fault of the server, and no answer that its own description does not have."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from care.api.test_care_api_every_post import KINDS, Desk
from care.conftest import signed_in
from django.conf import settings as site
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from present import present
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

from openpbm.care.accounts.models import User
from openpbm.care.api.urls import api
from openpbm.care.jobs.actions import remind

SEED = 20261121
EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
OPERATIONS = sorted(
    operation["operationId"]
    for operations in api.get_openapi_schema(path_prefix="/api/")["paths"].values()
    for operation in operations.values()
)
_FEW = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
load_all_checks()


class Browser:
    """The site as WSGI, each request by one signed-in user who sends the form token too."""

    def __init__(self, user: User) -> None:
        token = "x" * 32
        self.cookies = (
            f"{site.SESSION_COOKIE_NAME}={signed_in(user).session.session_key}; {site.CSRF_COOKIE_NAME}={token}"
        )
        self.token, self.site = token, get_wsgi_application()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ |= {"HTTP_COOKIE": self.cookies, "HTTP_X_CSRFTOKEN": self.token}
        return self.site(environ, start_response)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The server drops a connection left in a transaction; here the test's own is around every request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def parameters_of(desk: Desk, user: User) -> dict[str, Any]:
    """Values of every parameter of a path with which the user gets through."""
    reminder = remind(
        user=user, person_id=desk.house.alice.pk, kind="diary", key="one", text="Write", due_at=desk.plan.created_at
    )
    return {
        "person_id": str(desk.house.alice.pk),
        "lamp_id": str(desk.plan.lamp_id),
        "record_id": str(desk.record.pk),
        "reminder_id": str(reminder.pk),
        "state": "done",
        "week": 2,
    }


@functools.cache
def described() -> dict[str, Any]:
    """What the site says of its API; put together once."""
    browser = Browser(User.objects.get(username="alice"))
    return dict(schemathesis.openapi.from_wsgi("/api/openapi.json", browser).raw_schema)


@pytest.mark.parametrize("role", ["alice", "clinician"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_sent_makes_the_server_fail(house: Any, name: str, role: str) -> None:
    desk = Desk(house)
    user = house.alice.user if role == "alice" else house.clinician
    config = schemathesis.Config()
    # Who is signed in is not what is tried here: the browser sends its own cookie whatever is generated.
    config.projects.override.generation.update(with_security_parameters=False)
    schema = schemathesis.openapi.from_dict(described(), config=config)
    schema.app, schema.location = Browser(user), "/api/openapi.json"
    operation = schema.find_operation_by_id(name)
    known = parameters_of(desk, user)
    mine = {parameter.name: known[parameter.name] for parameter in operation.path_parameters}
    sound = next((desk.body(kind) for kind in KINDS.values() if operation.label == label_of(kind)), None)

    def send(case: schemathesis.Case[Any]) -> None:
        with transaction.atomic():
            # Packed, it could not be told what an answer says.
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})
            transaction.set_rollback(True)

    @seed(SEED)
    @_FEW
    @given(
        operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=mine)
        | operation.as_strategy(path_parameters=mine)
        | operation.as_strategy()
    )
    def as_it_comes(case: schemathesis.Case[Any]) -> None:
        send(case)

    @seed(SEED)
    @_FEW
    @given(operation.as_strategy(path_parameters=mine), st.data())
    def sound_but_for_some(case: schemathesis.Case[Any], data: st.DataObject) -> None:
        # A body of chance alone never gets past the first check: most of it is made sound again.
        body: Any = case.body
        strange = data.draw(st.sets(st.sampled_from(sorted(body)), max_size=2))
        case.body = present(sound) | {key: body[key] for key in strange} | {"id": str(uuid.uuid4())}
        send(case)

    as_it_comes()
    if sound is not None:
        sound_but_for_some()


def label_of(kind: Any) -> str:
    return "POST /api/" + str(kind.path).format(person="{person_id}", record="{record_id}", lamp="{lamp_id}")
