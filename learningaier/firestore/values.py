"""Fields as the earlier service has written them: of any type, as nothing there checked them."""

import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a map",
    bytes: "bytes",
}
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


class WrongValue(Exception):
    """A value without which, or with which, a row can't be taken over; the text says which."""


class Fields:
    """The fields of one row. What can be done without is left out, with a remark."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.remarks: list[str] = []

    def text(self, name: str, *, most: int | None = None) -> str:
        """A text, "" for none; cut to `most` characters. Raises: WrongValue for another type."""
        value = self._values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise WrongValue(f"{name}: this is {_describe(value)}, not a text.")
        value = value.replace("\x00", "")
        if most is not None and len(value) > most:
            self.remarks.append(f"{name}: cut to {most} characters.")
            value = value[:most]
        return value

    def optional_text(self, name: str, *, most: int | None = None) -> str:
        """A text; "" with a remark for another type."""
        try:
            return self.text(name, most=most)
        except WrongValue as wrong:
            self.remarks.append(str(wrong))
            return ""

    def first_text(self, *names: str) -> str:
        """The first of these fields that holds a text."""
        return next((text for name in names if (text := self.optional_text(name))), "")

    def number(self, name: str) -> float:
        """A finite number; 0 for none, and with a remark for what is no number."""
        value = self._values.get(name)
        if value is None:
            return 0.0
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and math.isfinite(value):
            return float(value)
        self.remarks.append(f"{name}: this is {_describe(value)}, not a finite number.")
        return 0.0

    def time(self, *names: str) -> datetime:
        """A moment: ISO text or timestamp, of UTC where no zone is named.

        Raises: WrongValue for what is none, lies before 1980 or in the future.
        """
        name = next((name for name in names if self._values.get(name) is not None), names[0])
        value = self._values.get(name)
        moment = _read_time(value)
        if moment is None:
            what = "missing" if value is None else f"{_describe(value)}, not a time"
            raise WrongValue(f"{name}: this is {what}.")
        if not EARLIEST <= moment <= timezone.now() + timedelta(minutes=1):
            raise WrongValue(f"{name}: this lies in the future or before 1980.")
        return moment

    def optional_time(self, name: str) -> datetime | None:
        """A moment; None for none, and with a remark for what can't be one."""
        if self._values.get(name) is None:
            return None
        try:
            return self.time(name)
        except WrongValue as wrong:
            self.remarks.append(str(wrong))
            return None

    def choice(self, name: str, of: Collection[str]) -> str:
        """One of some words, "" for none; with a remark for any other."""
        word = self.optional_text(name).strip().lower()
        if word and word not in of:
            self.remarks.append(f"{name}: this is none of {', '.join(of)}.")
            return ""
        return word

    def get(self, name: str) -> Any:
        """The value as it is."""
        return self._values.get(name)


def _read_time(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(moment, datetime):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return datetime.fromtimestamp(moment.timestamp(), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _describe(value: Any) -> str:
    return KINDS.get(type(value), "of another type")
