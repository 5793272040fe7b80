"""The circuit breaker, whose state all processes share in Redis."""

import pytest
from django.test import Client
from django_redis import get_redis_connection

from learningaier.ai import breaker
from learningaier.ai.breaker import Breaker
from learningaier.ai.embedders import EmbedderError
from learningaier.ai.guard import GuardedModel
from learningaier.ai.language import Message, ModelUnavailable
from learningaier.ai.providers import get_embedder, get_language_model
from learningaier.ai.tests.servers import ModelServer, Reply
from learningaier.cache import keys


@pytest.fixture
def one() -> Breaker:
    return Breaker("m", seconds=1)


@pytest.fixture
def other() -> Breaker:
    """The same breaker in another process."""
    return Breaker("m", seconds=1)


def fail(one: Breaker, times: int = breaker.FAILURES) -> None:
    for _ in range(times):
        one.record_failure()


def cool_down() -> None:
    """As if the time had passed."""
    get_redis_connection("default").delete(keys.breaker("m", "open"))


def test_failures_of_one_process_close_the_way_for_all(one: Breaker, other: Breaker) -> None:
    fail(one, breaker.FAILURES - 1)
    assert other.allow()

    fail(other, 1)

    assert not one.allow()
    assert not other.allow()


def state() -> dict[str, float]:
    """What /metrics tells of the breakers."""
    lines = Client().get("/metrics").content.decode().splitlines()
    told = [line.rpartition(" ") for line in lines if line.startswith("learningaier_breaker_open{")]
    return {name.split('"')[1]: float(value) for name, _, value in told}


def test_every_process_tells_of_it_until_a_call_has_succeeded(
    db: None, one: Breaker, other: Breaker
) -> None:
    assert state() == {}
    fail(one)
    assert state() == {"m": 1}
    cool_down()
    assert state() == {"m": 1}

    assert other.allow()
    other.record_success()

    assert state() == {"m": 0}


def test_a_success_in_between_begins_the_count_anew(one: Breaker) -> None:
    fail(one, breaker.FAILURES - 1)
    one.record_success()
    fail(one, breaker.FAILURES - 1)

    assert one.allow()


def test_after_the_cool_down_one_caller_may_try(one: Breaker, other: Breaker) -> None:
    fail(one)
    cool_down()

    assert [one.allow(), other.allow(), one.allow()] == [True, False, False]


def test_a_try_that_succeeds_opens_the_way_and_one_that_fails_closes_it(
    one: Breaker, other: Breaker
) -> None:
    fail(one)
    cool_down()
    assert one.allow()
    one.record_failure()
    assert not other.allow()

    cool_down()
    assert one.allow()
    one.record_success()

    assert [one.allow(), other.allow()] == [True, True]


def test_its_keys_end_by_themselves(one: Breaker) -> None:
    fail(one)
    client = get_redis_connection("default")

    assert all(client.ttl(key) > 0 for key in client.scan_iter("breaker:*"))


def test_a_model_that_fails_again_and_again_is_not_asked(openai_model: ModelServer) -> None:
    openai_model.script = [Reply(status=401)]
    model = get_language_model()
    assert isinstance(model, GuardedModel)

    for _ in range(breaker.FAILURES + 3):
        with pytest.raises(ModelUnavailable):
            list(model.stream([Message("user", "Hello?")], max_tokens=5))

    assert len(openai_model.calls) == breaker.FAILURES


def test_an_embedder_that_fails_again_and_again_is_not_asked(openai_embedder: ModelServer) -> None:
    openai_embedder.script = [Reply(status=401)]

    for _ in range(breaker.FAILURES + 3):
        with pytest.raises(EmbedderError):
            get_embedder().embed(["text"])

    assert len(openai_embedder.calls) == breaker.FAILURES
