"""Structured logs: one JSON object a line, with the request's id, never a learner's text."""

from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Without the frames' variables: they hold learners' texts.
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
]


def logging_config(level: str) -> dict[str, Any]:
    """A `logging.config.dictConfig` for Django, and structlog set up to end in the same lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request's own line tells status and path; these would repeat it, with the query.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING"},
            "django": {"handlers": [], "level": "INFO"},
            "rq.worker": {"level": "WARNING"},
            "wordllama": {"level": "WARNING"},
        },
    }
