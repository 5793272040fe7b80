"""What every test may ask for: people, their clients, a clean Redis, a real worker."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from django.test import Client, TestCase
from django_redis import get_redis_connection
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from learningaier.accounts.models import User
from learningaier.accounts.tokens import issue_token
from learningaier.ai import providers
from learningaier.ai.tests.servers import DIMENSIONS, ModelServer
from learningaier.jobs.queues import QUEUES, queue_connection


class ApiClient(Client):
    """A client that speaks JSON as one person and lets what waits for the commit happen."""

    def __init__(self, user: User | None = None) -> None:
        headers = {"Authorization": f"Bearer {issue_token(user)}"} if user else {}
        super().__init__(headers=headers)
        self.user = user

    def generic(self, method: str, path: str, data: Any = "", *args: Any, **kwargs: Any) -> Any:
        """Send a request; jobs and invalidations that follow the commit run before it returns."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().generic(method, path, data, *args, **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        """POST as JSON unless another content type is named."""
        return super().post(path, data, **{"content_type": "application/json", **kwargs})

    def patch(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        """PATCH as JSON."""
        return super().patch(path, data, **{"content_type": "application/json", **kwargs})

    def upload(self, path: str, headers: Any = None, **fields: Any) -> Any:
        """POST as multipart/form-data."""
        return Client.post(self, path, fields, headers=headers)


@pytest.fixture
def owner(db: None) -> User:
    """The person whose things a test is about."""
    return User.objects.create_user("owner", "owner@example.org", "a long password")


@pytest.fixture
def stranger(db: None) -> User:
    """Someone else, who must see nothing of it."""
    return User.objects.create_user("stranger", "stranger@example.org", "a long password")


@pytest.fixture
def api(owner: User) -> ApiClient:
    """The owner's client."""
    return ApiClient(owner)


@pytest.fixture
def stranger_api(stranger: User) -> ApiClient:
    """The stranger's client."""
    return ApiClient(stranger)


@pytest.fixture
def visitor_api(db: None) -> ApiClient:
    """A client that has not signed in."""
    return ApiClient()


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Work off the queues with a real RQ worker in this process. Answers how many were waiting."""

    def run() -> int:
        connection = queue_connection()
        queues = [Queue(name, connection=connection, serializer=JSONSerializer) for name in QUEUES]
        waiting = sum(len(queue) for queue in queues)
        worker = SimpleWorker(queues, connection=connection, serializer=JSONSerializer)
        with TestCase.captureOnCommitCallbacks(execute=True):
            worker.work(burst=True, logging_level="ERROR")
        return waiting

    return run


@pytest.fixture(autouse=True)
def clean_redis() -> Iterator[None]:
    """Every test begins with an empty cache, empty queues and no call counted."""
    get_redis_connection("default").flushdb()
    yield
    queue_connection().close()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """The real hasher takes 0.3 s by design; only tests of it need it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def clean_storage(settings: Any, tmp_path: Any) -> None:
    """Uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A server that speaks as OpenAI and Gemini do, and says what the test tells it."""
    with closing(ModelServer()) as server:
        yield server


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    """The same for all tests of a module, behind a service that is started once for them."""
    with closing(ModelServer()) as server:
        yield server


@pytest.fixture
def openai_model(model_server: ModelServer, settings: Any) -> Iterator[ModelServer]:
    """Answers are phrased by the server's model, through OpenAI's SDK."""
    settings.LLM_PROVIDER, settings.LLM_MODEL = "openai", "test-model"
    settings.LLM_BASE_URL, settings.LLM_TIMEOUT_SECONDS = f"{model_server.url}/v1", 5
    providers.get_language_model.cache_clear()
    yield model_server
    providers.get_language_model.cache_clear()


@pytest.fixture
def openai_embedder(model_server: ModelServer, settings: Any) -> Iterator[ModelServer]:
    """Chunks are embedded by the server's model, through OpenAI's SDK."""
    settings.EMBEDDINGS_PROVIDER, settings.EMBEDDINGS_MODEL = "openai", "test-embedder"
    settings.EMBEDDINGS_BASE_URL = f"{model_server.url}/v1"
    settings.EMBEDDINGS_DIMENSIONS = DIMENSIONS
    for cached in (providers.get_embedder, providers.get_question_embedder):
        cached.cache_clear()
    yield model_server
    for cached in (providers.get_embedder, providers.get_question_embedder):
        cached.cache_clear()
