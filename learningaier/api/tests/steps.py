"""One request of the tour that `test_examples.py` takes through the API.

Each app lists its own steps in its `tests/examples.py`: one for every operation that answers JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """A request. `{name}` in path and body stands for what an earlier step has kept.

    `operation`: the operationId. `keep`: names by the field of the answer that they stand for (of
    its first item, where it is a list). `files`: form fields to upload, text as a file of that
    name. `is_after_jobs`: the workers have done what waits before this request is sent.
    `ends_tokens`: the caller signs in again after it.
    """

    operation: str
    method: str
    path: str
    body: Any = None
    keep: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_after_jobs: bool = False
    ends_tokens: bool = False
