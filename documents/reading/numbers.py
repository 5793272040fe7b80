"""Numbers in the attributes of files: what damaged files hold there is never an error.

`str.isdigit` is no guard before `int`: it accepts `²`, and 5,000 digits, which `int` refuses.
"""

import math


def as_number(value: str | None, default: int) -> int:
    """A whole number of an attribute; `default` where there is none or something else."""
    return found if (found := find_number(value)) is not None else default


def find_number(value: str | None) -> int | None:
    """A whole number of an attribute, if that is what it holds."""
    try:
        return int(value or "")
    except ValueError:
        return None


def as_decimal(value: str | None) -> float:
    """A number that may have decimals; 0 for anything else, infinity too."""
    try:
        found = float(value or "0")
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0
