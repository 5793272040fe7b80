"""gunicorn's lines are JSON, and it gathers nothing for an access log that nobody keeps."""

import json
from typing import Any

import pytest
from gunicorn.config import Config

from learningaier import gunicorn
from learningaier.observability.server_logs import JsonLogger


@pytest.fixture
def config() -> Config:
    config = Config()
    for name, value in vars(gunicorn).items():
        if name in config.settings:
            config.set(name, value)
    return config


def test_its_errors_are_json(config: Any, capsys: pytest.CaptureFixture[str]) -> None:
    logger = config.logger_class(config)
    try:
        int("ü")
    except ValueError:
        logger.exception("Worker %s failed", 7)

    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "Worker 7 failed"
    assert line["logger"] == "gunicorn.error"
    assert "ValueError" in str(line["exc_info"])


def test_no_access_log_is_made(config: Any) -> None:
    logger = config.logger_class(config)

    assert isinstance(logger, JsonLogger)
    assert not logger.access_log_enabled
