"""Every operation is described for those who write clients, with an example that is true.

The tour sends the example's request of each operation to the service, and what comes back must have
the example's shape. `REWRITE_EXAMPLES=1 make test ARGS="-k test_examples"` writes them anew.
"""

import importlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from drf_spectacular.generators import SchemaGenerator

from learningaier.accounts.tokens import issue_token
from learningaier.api.schema import EXAMPLES, read_examples
from learningaier.api.tests.steps import Step

# In this order, as later ones stand on what earlier ones have made.
TOUR = ["accounts", "notes", "documents", "knowledge", "flashcards", "chat", "analytics"]


def read_schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in read_schema()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def answers_json(operation: dict[str, Any]) -> bool:
    succeeded = [body for code, body in operation["responses"].items() if code.startswith("2")]
    return any("application/json" in body.get("content", {}) for body in succeeded)


def read_tour() -> list[Step]:
    packages = [apps.get_app_config(label).name for label in TOUR]
    modules = [importlib.import_module(f"{package}.tests.examples") for package in packages]
    return [step for module in modules for step in module.STEPS]


def fill(value: Any, kept: dict[str, str]) -> Any:
    """The value with every `{name}` in its texts replaced."""
    if isinstance(value, dict):
        return {name: fill(part, kept) for name, part in value.items()}
    if isinstance(value, list):
        return [fill(part, kept) for part in value]
    if isinstance(value, str):
        for name, text in kept.items():
            value = value.replace(f"{{{name}}}", text)
    return value


def shape(value: Any) -> Any:
    """What a client may rely on: the names, and the kinds of their values; null may be anything."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else type(value).__name__


def fits(found: Any, example: Any) -> bool:
    """Whether two shapes are one, where nothing is null or empty."""
    if isinstance(found, dict) and isinstance(example, dict):
        return found.keys() == example.keys() and all(fits(found[k], example[k]) for k in found)
    if isinstance(found, list) and isinstance(example, list):
        return not found or not example or fits(found[0], example[0])
    return found == example or "NoneType" in (found, example)


@pytest.fixture
def tour(api: Any, run_jobs: Callable[[], int], settings: Any) -> dict[str, Any]:
    """Each operation's request as it was sent, and its answer."""
    settings.RATELIMIT_ENABLE, settings.SIGN_UP = False, True
    kept: dict[str, str] = {}
    taken: dict[str, Any] = {}
    for step in read_tour():
        if step.is_after_jobs:
            run_jobs()
        path, body = fill(step.path, kept), fill(step.body, kept)
        if step.files:
            files = {
                name: SimpleUploadedFile(filename, text.encode())
                for name, (filename, text) in step.files.items()
            }
            answer = api.upload(path, **files, **(body or {}))
        else:
            answer = api.generic(
                step.method,
                path,
                "" if body is None else orjson.dumps(body),
                content_type="application/json",
            )
        assert answer.status_code < 300, f"{step.operation}: {answer.content!r}"
        if step.ends_tokens:
            api.user.refresh_from_db()
            api.defaults["HTTP_AUTHORIZATION"] = f"Bearer {issue_token(api.user)}"
        entry = {} if body is None or step.files else {"request": body}
        entry["response"] = answer.json() if answer.content else None
        first = entry["response"]
        first = first[0] if isinstance(first, list) and first else first
        for name, place in step.keep.items():
            value = first
            for part in place.split("."):
                value = value[int(part) if isinstance(value, list) else part]
            kept[name] = str(value)
        taken.setdefault(step.operation, entry)
    return taken


def shorten(value: Any) -> Any:
    """An example shows one item of a list."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shorten(value[0])]
    if isinstance(value, dict):
        return {name: shorten(part) for name, part in value.items()}
    return value


def test_every_example_is_what_the_service_answers(tour: dict[str, Any]) -> None:
    if os.environ.get("REWRITE_EXAMPLES"):
        shortened = {
            name: {part: shorten(value) for part, value in entry.items()}
            for name, entry in sorted(tour.items())
        }
        EXAMPLES.write_bytes(orjson.dumps(shortened, option=orjson.OPT_INDENT_2) + b"\n")
        read_examples.cache_clear()
    examples = read_examples()

    assert tour.keys() == examples.keys()
    for name, entry in tour.items():
        assert entry.keys() == examples[name].keys(), name
        for part, value in entry.items():
            assert fits(shape(value), shape(examples[name][part])), f"{name}: {part}: {value}"


def test_every_operation_has_a_summary_and_a_description() -> None:
    bare = [
        name
        for name, operation in operations()
        if not operation.get("summary") or not operation.get("description")
    ]

    assert bare == []


def test_every_operation_that_answers_json_has_an_example() -> None:
    without = [
        f"{name} ({operation['operationId']})"
        for name, operation in operations()
        if answers_json(operation) and operation["operationId"] not in read_examples()
    ]

    assert without == []


def test_every_operation_says_which_errors_it_answers() -> None:
    for name, operation in operations():
        codes = operation["responses"].keys()
        assert {"400", "429", "503"} <= codes, name
        assert ("404" in codes) or "{" not in name, name
        assert "Retry-After" in operation["responses"]["429"]["headers"], name
