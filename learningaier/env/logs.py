"""Structured logs: one JSON object a line, with the request's id, never a learner's text."""

from contextvars import ContextVar
from logging import LogRecord
from typing import Any

from pythonjsonlogger.orjson import OrjsonFormatter

VENDORS = ("wordllama", "httpx", "httpx2", "openai", "google_genai", "pinecone")

# The request that a line belongs to; empty outside of any.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonFormatter(OrjsonFormatter):
    """What happened (`event`), when, how grave, by whom, in which request, and the `extra` figures.

    An exception is its traceback as text, without the frames' variables: they hold learners' texts.
    """

    def __init__(self) -> None:
        super().__init__(
            "%(message)s %(levelname)s %(name)s",
            rename_fields={"message": "event", "levelname": "level", "name": "logger"},
            timestamp=True,
            exc_info_as_array=True,
        )

    def add_fields(
        self, log_data: dict[str, Any], record: LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Add the request's id."""
        super().add_fields(log_data, record, message_dict)
        if current := request_id.get():
            log_data["request_id"] = current


def logging_config(level: str) -> dict[str, Any]:
    """A `logging.config.dictConfig` for Django."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request's own line tells status and path; these would repeat it, with the query.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING"},
            "django": {"handlers": [], "level": "INFO"},
            "rq.worker": {"level": "WARNING"},
            # Vendors' clients tell every request, some with its address.
            **{name: {"level": "WARNING"} for name in VENDORS},
        },
    }
