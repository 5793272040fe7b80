"""Structured logs: one JSON object a line, whose request and for whom, never a learner's text."""

from contextvars import ContextVar
from logging import LogRecord
from typing import Any

from pythonjsonlogger.orjson import OrjsonFormatter

from learningaier.observability import tracing

VENDORS = ("wordllama", "httpx", "httpx2", "openai", "google_genai", "pinecone")

# The request that a line belongs to; empty outside of any.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# The learner who is served; empty as long as nobody has said who it is.
user_id: ContextVar[str] = ContextVar("user_id", default="")


class JsonFormatter(OrjsonFormatter):
    """What happened (`event`), when, how grave, where, for which request and user; the figures.

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
        """Add the ids that are known."""
        super().add_fields(log_data, record, message_dict)
        known = {"request_id": request_id.get(), "user_id": user_id.get()}
        if tracing.is_on():
            known["trace_id"] = tracing.trace_id()
        log_data.update({name: value for name, value in known.items() if value})


def logging_config(level: str) -> dict[str, Any]:
    """The dictionary that Django gives to `logging.config.dictConfig`."""
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
            # A client's mistakes (a wrong Host, a thousand parameters): their requests' lines say
            # 400, without a traceback.
            "django.security": {"level": "CRITICAL"},
            "django": {"handlers": [], "level": "INFO"},
            "rq.worker": {"level": "WARNING"},
            # Vendors' clients tell every request, some with its address.
            **{name: {"level": "WARNING"} for name in VENDORS},
        },
    }
