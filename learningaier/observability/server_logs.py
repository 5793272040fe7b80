"""gunicorn's own lines, in the form that all other lines of the log have."""

from typing import Any

from gunicorn.glogging import Logger

from learningaier.observability.logs import JsonFormatter


class JsonLogger(Logger):  # type: ignore[misc]  # gunicorn's
    """gunicorn's logger, one JSON object a line.

    Not by `logconfig_dict`: with it gunicorn gathers every request's facts for an access log, even
    where no handler wants them. They took a tenth of a cached answer's time.
    """

    def setup(self, cfg: Any) -> None:
        """Set the handlers up as gunicorn does, then have them write JSON."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())
