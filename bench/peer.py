"""The hot path as the FastAPI system built it: the peer of our `POST /api/notes/ai-qa`.

uvicorn with uvloop and httptools, pydantic models, redis.asyncio with hiredis. A bearer token is
looked up in Redis, calls are counted by INCR and EXPIRE, the answer is cached by GET and SET for
half an hour. Its model is a stand-in: it says PEER_ANSWER after PEER_MODEL_SECONDS.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from redis.asyncio import Redis

ANSWER_SECONDS = 30 * 60
WINDOW_SECONDS = 60
MAX_CONNECTIONS = 10_000
LIMIT = int(os.environ["PEER_LIMIT"])
MODEL_SECONDS = float(os.environ["PEER_MODEL_SECONDS"])

# Without a bound, as redis-py had none by default in the old system's days: its 100 of today fail
# requests at 200 concurrent clients.
redis = Redis.from_url(
    os.environ["PEER_REDIS_URL"], decode_responses=True, max_connections=MAX_CONNECTIONS
)


class Question(BaseModel):
    """A question to the library or to one note."""

    question: str = Field(min_length=1, max_length=1000)
    note_id: UUID | None = None
    top_k: int = Field(default=5, ge=1, le=20)


class Source(BaseModel):
    """A passage that an answer stands on."""

    chunk_id: UUID
    note_id: UUID | None
    document_id: UUID | None
    doc_id: UUID | None
    position: int
    page: int | None
    page_end: int | None
    start: int
    end: int
    start_utf16: int
    end_utf16: int
    translation: str | None
    version: int | None
    version_link: str | None
    score: float
    preview: str
    quote: str
    title: str
    supports: list[tuple[int, int]]
    supports_utf16: list[list[int]]


class Answer(BaseModel):
    """An answer with its sources."""

    answer: str
    sources: list[Source]
    status: str
    cached: bool
    degraded: bool
    model: str


MODEL_ANSWER = Answer.model_validate_json(Path(os.environ["PEER_ANSWER"]).read_bytes())


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Close the connections to Redis at the end."""
    yield
    await redis.aclose()


app = FastAPI(lifespan=lifespan)
if origin := os.environ.get("PEER_ORIGIN"):
    app.add_middleware(
        CORSMiddleware, allow_origins=[origin], expose_headers=["Retry-After", "X-Request-ID"]
    )


async def find_user(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())],
) -> str:
    """The id of the token's user, or 401."""
    user_id = await redis.get(f"token:{credentials.credentials}")
    if user_id is None:
        raise HTTPException(401, "The token is not valid.")
    return str(user_id)


async def find_admitted_user(user_id: Annotated[str, Depends(find_user)]) -> str:
    """The user, whose call is counted in a fixed window of a minute, or 429."""
    key = f"limit:ai_qa:{user_id}"
    calls = await redis.incr(key)
    if calls == 1:
        await redis.expire(key, WINDOW_SECONDS)
    if calls > LIMIT:
        raise HTTPException(429, "Too many requests.", {"Retry-After": str(WINDOW_SECONDS)})
    return user_id


@app.get("/health")
async def show_health() -> dict[str, str]:
    """Liveness."""
    return {"status": "ok"}


@app.post("/api/notes/ai-qa")
async def ask(question: Question, user_id: Annotated[str, Depends(find_admitted_user)]) -> Answer:
    """The cached answer, or the model's."""
    digest = hashlib.sha256(question.question.encode()).hexdigest()
    key = f"rag:{user_id}:{question.note_id or 'all'}:{digest}"
    if (stored := await redis.get(key)) is not None:
        answer = Answer.model_validate_json(stored)
        answer.cached = True
        return answer
    await asyncio.sleep(MODEL_SECONDS)
    answer = MODEL_ANSWER.model_copy(update={"cached": False})
    await redis.set(key, answer.model_dump_json(), ex=ANSWER_SECONDS)
    return answer
