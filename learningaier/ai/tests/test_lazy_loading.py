"""Booting loads no vendor's SDK that is not chosen."""

import os
import subprocess
import sys

import pytest

SDKS = ("google.genai", "openai", "pinecone", "wordllama")
BOOT = """
import sys
import learningaier.asgi
from django.urls import get_resolver
get_resolver().url_patterns
from learningaier.ai.providers import get_language_model
from learningaier.ai.providers import get_embedder
if "use" in sys.argv:
    get_language_model()
    get_embedder()
print(*(name for name in %r if name in sys.modules))
"""


def loaded(*arguments: str, **variables: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", BOOT % (SDKS,), *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_booting_loads_no_sdk_at_all() -> None:
    assert loaded() == set()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, {"wordllama"}),
        ({"LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_API_KEY": "k"}, {"wordllama", "openai"}),
        (
            {"LLM_PROVIDER": "gemini", "LLM_MODEL": "m", "GEMINI_API_KEY": "k"},
            {"wordllama", "google.genai"},
        ),
        (
            {
                "EMBEDDINGS_PROVIDER": "openai",
                "EMBEDDINGS_MODEL": "m",
                "EMBEDDINGS_BASE_URL": "http://localhost:1/v1",
            },
            {"openai"},
        ),
    ],
)
def test_use_loads_what_is_chosen(variables: dict[str, str], expected: set[str]) -> None:
    assert loaded("use", **variables) == expected
