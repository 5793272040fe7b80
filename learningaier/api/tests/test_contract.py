"""Whatever the description allows is answered as it says: no 500, no status and no shape but those.

Schemathesis makes the requests from the description, always the same ones.
"""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from conftest import ApiClient
from learningaier.api.tests.test_strangers import api_routes
from learningaier.wsgi import application

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


EXAMPLES = 4  # an operation


@pytest.fixture(autouse=True)
def one_connection(db: None) -> Iterator[None]:
    """A request does not close the connection in whose transaction the test is."""
    for event in (request_started, request_finished):
        event.disconnect(close_old_connections)
    yield
    for event in (request_started, request_finished):
        event.connect(close_old_connections)


def operations() -> list[Any]:
    """What the service's own description describes, played against this process."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema = schemathesis.openapi.from_dict(generator.get_schema(request=None, public=True))
    schema.app = application
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.label)
def test_answers_are_as_described(operation: Any, api: ApiClient, settings: Any) -> None:
    settings.RATELIMIT_ENABLE = False

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def play(case: Any) -> None:
        headers = {"Authorization": api.defaults["HTTP_AUTHORIZATION"], "Host": "localhost"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    play()


@pytest.mark.parametrize("route", api_routes())
def test_options_are_answered_everywhere(api: ApiClient, route: str) -> None:
    path = "/" + route.replace("<uuid:pk>", "00000000-0000-4000-8000-000000000000").replace(
        "<id:pk>", "00000000-0000-4000-8000-000000000000"
    )

    assert api.options(path).status_code < 500
