"""Language models through their real SDKs, against a server that speaks their protocols."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from learningaier.ai.gemini import GeminiModel
from learningaier.ai.guard import CALLS, GuardedModel
from learningaier.ai.language import LanguageModel, Message, ModelRefused, ModelUnavailable, Usage
from learningaier.ai.openai import OpenAIModel
from learningaier.ai.tests.servers import ModelServer, Reply

PROMPT = [Message("system", "Be brief."), Message("user", "Say hello.")]
SECONDS = 1.0

Model = Callable[..., LanguageModel]


@pytest.fixture(params=["openai", "gemini"])
def bare(request: Any, model_server: ModelServer, settings: Any) -> LanguageModel:
    settings.LLM_MODEL = "test-model"
    settings.LLM_BASE_URL = f"{model_server.url}/v1"
    settings.GEMINI_BASE_URL, settings.GEMINI_API_KEY = model_server.url, "a-key"
    kind = {"openai": OpenAIModel, "gemini": GeminiModel}[request.param]
    return kind(name=f"{request.param}:test-model", seconds=SECONDS)


@pytest.fixture
def guarded(bare: LanguageModel) -> GuardedModel:
    return GuardedModel(bare, seconds=SECONDS)


def say(model: LanguageModel) -> tuple[str, list[Usage]]:
    pieces = list(model.stream(PROMPT, max_tokens=50))
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    return text, [piece for piece in pieces if isinstance(piece, Usage)]


def test_text_comes_piece_by_piece_and_the_usage_once(
    bare: LanguageModel, model_server: ModelServer
) -> None:
    model_server.script = [Reply(["Grü", "ß ", "Gott 你好"], usage=(7, 3))]

    assert say(bare) == ("Grüß Gott 你好", [Usage(7, 3)])


def test_rules_and_question_arrive_in_their_roles(
    bare: LanguageModel, model_server: ModelServer
) -> None:
    say(bare)

    call = model_server.calls[0]
    if bare.name.startswith("openai"):
        assert [one["role"] for one in call["messages"]] == ["system", "user"]
        assert call["max_tokens"] == 50
    else:
        assert call["systemInstruction"]["parts"][0]["text"] == "Be brief."
        assert [one["role"] for one in call["contents"]] == ["user"]
        assert call["generationConfig"]["maxOutputTokens"] == 50
        assert model_server.keys == ["a-key"]


@pytest.mark.parametrize(
    ("reply", "error", "is_transient"),
    [
        (Reply(status=503), ModelUnavailable, True),
        (Reply(status=429), ModelUnavailable, True),
        (Reply(status=500), ModelUnavailable, True),
        (Reply(status=401), ModelUnavailable, False),
        (Reply(status=404), ModelUnavailable, False),
        (Reply(status=400), ModelRefused, None),
        (Reply(["Sure, "], finish="content_filter"), ModelRefused, None),
        (Reply(["Hello"], pause=SECONDS + 1), ModelUnavailable, False),
    ],
)
def test_what_goes_wrong_is_one_of_our_errors(
    bare: LanguageModel,
    model_server: ModelServer,
    reply: Reply,
    error: type[Exception],
    is_transient: bool | None,
) -> None:
    model_server.script = [reply]

    with pytest.raises(error) as caught:
        say(bare)

    assert getattr(caught.value, "is_transient", None) is is_transient
    assert "hello" not in str(caught.value).lower()


def test_nobody_listening_is_worth_another_try(settings: Any, model_server: ModelServer) -> None:
    model_server.close()
    settings.LLM_BASE_URL = settings.GEMINI_BASE_URL = model_server.url
    settings.GEMINI_API_KEY, settings.LLM_MODEL = "a-key", "test-model"
    for kind in (OpenAIModel, GeminiModel):
        with pytest.raises(ModelUnavailable) as caught:
            say(kind(name="any:test-model", seconds=1))
        assert caught.value.is_transient


def test_a_connection_that_breaks_gives_what_was_said_and_an_error(
    guarded: GuardedModel, model_server: ModelServer
) -> None:
    model_server.script = [Reply(["Hel", "lo"], breaks_off=True)]
    said: list[Any] = []

    with pytest.raises(ModelUnavailable):
        said.extend(guarded.stream(PROMPT, max_tokens=50))

    assert len(model_server.calls) == 1  # never again after the first piece


def test_a_transient_error_is_tried_again(bare: LanguageModel, model_server: ModelServer) -> None:
    model_server.script = [Reply(status=503), Reply(status=429), Reply(["Hello."])]

    assert say(GuardedModel(bare, seconds=30))[0] == "Hello."
    assert len(model_server.calls) == 3


def test_a_wait_that_would_pass_the_time_is_not_begun(
    bare: LanguageModel, model_server: ModelServer
) -> None:
    if bare.name.startswith("gemini"):
        return  # its replies name no time
    model_server.script = [Reply(status=429, headers={"Retry-After": "30"})]
    began = time.monotonic()

    with pytest.raises(ModelUnavailable):
        say(GuardedModel(bare, seconds=SECONDS))

    assert len(model_server.calls) == 1
    assert time.monotonic() - began < SECONDS


def test_a_wrong_key_is_not_tried_again(guarded: GuardedModel, model_server: ModelServer) -> None:
    model_server.script = [Reply(status=401)]

    with pytest.raises(ModelUnavailable):
        say(guarded)

    assert len(model_server.calls) == 1


def test_an_answer_that_takes_too_long_ends(bare: LanguageModel, model_server: ModelServer) -> None:
    model_server.script = [Reply(["word "] * 50, pause=0.1)]
    began = time.monotonic()

    with pytest.raises(ModelUnavailable, match="too long"):
        say(GuardedModel(bare, seconds=0.5))

    assert time.monotonic() - began < 2
    assert model_server.has_left.wait(2)


def test_closing_the_stream_hangs_up(guarded: GuardedModel, model_server: ModelServer) -> None:
    model_server.script = [Reply(["word "] * 100, pause=0.02)]
    cancelled = CALLS.labels(guarded.name, "cancelled")
    before = cancelled._value.get()  # noqa: SLF001  the only way to read a counter
    stream = guarded.stream(PROMPT, max_tokens=50)

    next(stream)
    stream.close()

    assert model_server.has_left.wait(3)
    assert cancelled._value.get() == before + 1  # noqa: SLF001
