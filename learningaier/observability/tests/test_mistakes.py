"""What a client does wrong is one line of the log, a warning at most, without a traceback."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from learningaier.observability.logs import JsonFormatter


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/api/notes/", "evil.example"),
        ("/api/notes/", "a b"),
        ("/api/notes/?" + "a=b&" * 2_000, "localhost"),
        ("/api/notes/%00", "localhost"),
        ("/admin/login/", "evil.example"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(db: None, path: str, host: str, caplog: Any) -> None:
    with caplog.at_level(logging.INFO, logger="learningaier.request"):
        response = Client(raise_request_exception=False).get(path, headers={"Host": host})

    assert 400 <= response.status_code < 500
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert [line["event"] for line in lines] == ["request"]
    assert not any("exc_info" in line for line in lines)
