"""A page of another origin in a real browser: signs in, lists, uploads, streams, meets a 429."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from learningaier.dev.tests.service import Service, free_port, run_service

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
IS_DEMANDED = "CI_BROWSER" in os.environ

TOUR = """
async ([base, username, password]) => {
  const told = {};
  const call = (path, options = {}) => fetch(base + path, {
    ...options,
    headers: {
      ...(told.token && { Authorization: `Bearer ${told.token}` }),
      ...(typeof options.body === "string" && { "Content-Type": "application/json" }),
      ...options.headers,
    },
  });
  const post = (path, value, headers) =>
    call(path, { method: "POST", body: JSON.stringify(value), headers });

  told.token = (await (await post("/api/auth/token", { username, password })).json()).token;

  const listed = await call("/api/notes/?limit=1");
  told.notes = (await listed.json()).length;
  told.exposed = Object.fromEntries(
    ["Link", "X-Total-Count", "X-Request-ID"].map((name) => [name, listed.headers.get(name)]));

  const made = await post("/api/notes", { title: "From a page", content: "Osmosis moves water." },
    { "Idempotency-Key": "page-1", "X-Request-ID": "from-the-page" });
  const note = await made.json();
  told.made = [made.status, made.headers.get("X-Request-ID")];
  const etag = made.headers.get("ETag");
  const patch = (title) => call(`/api/notes/${note.id}`,
    { method: "PATCH", body: JSON.stringify({ title }), headers: { "If-Match": etag } });
  told.patched = [(await patch("One")).status, (await patch("Two")).status];
  told.deleted = await (await call(`/api/notes/${note.id}`, { method: "DELETE" })).json();

  const form = new FormData();
  form.append("file", new Blob(["Diffusion evens out what is dissolved."]), "Prüfung.txt");
  told.uploaded = await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let share = 0;
    request.open("POST", base + "/api/documents/upload");
    request.setRequestHeader("Authorization", `Bearer ${told.token}`);
    request.upload.onprogress = (event) => { share = event.loaded / event.total; };
    request.onload = () => resolve(
      [request.status, share, JSON.parse(request.responseText).filename]);
    request.onerror = reject;
    request.send(form);
  });

  // What is indexed later would make answers new.
  for (let tries = 0, state = ""; tries < 150 && state !== "ready"; tries++) {
    [{ status: state }] = await (await call("/api/documents/?limit=1")).json();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }

  const { conversation_id } = await (await post("/api/chat/start", {})).json();
  const question = "What does the light reaction produce?";
  const ask = () => post(`/api/chat/${conversation_id}/stream`, { message: question });
  const stream = await ask();
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  told.stream = "";
  for (let read; !(read = await reader.read()).done;) told.stream += read.value;
  let refused;
  do { refused = await ask(); await refused.text(); } while (refused.status !== 429);
  told.refused = Object.fromEntries(
    ["Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
      .map((name) => [name, refused.headers.get(name)]));
  const answers = [];
  for (let tries = 0; tries < 2; tries++) {
    const answer = await post("/api/notes/ai-qa", { question });
    const isCounted = answer.headers.get("RateLimit-Remaining") !== null;
    answers.push([(await answer.json()).cached, isCounted]);
  }
  told.cached = answers;
  return told;
}
"""
VISIT = """
async (base) => {
  try { return (await fetch(base + "/api/notes")).status; } catch (error) { return error.name; }
}
"""


def find_browser() -> str:
    """The system's Chromium: CHROMIUM, or found on PATH."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
    if not found:
        reason = "Chromium is not on PATH and CHROMIUM names none: no page is tried"
        if IS_DEMANDED:
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@contextmanager
def serve_page(folder: Path, port: int) -> Iterator[None]:
    """An empty page of another origin."""
    (folder / "index.html").write_text("<!doctype html><title>A page</title>")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Any]:
    """A page of an origin that the service admits."""
    browser_path = find_browser()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  not needed without a browser

    with serve_page(tmp_path_factory.mktemp("page"), port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        yield page
        browser.close()


@pytest.fixture(scope="module")
def service(page: Any, tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Service]:
    """The service, which admits that page's origin and two questions a minute."""
    folder = tmp_path_factory.mktemp("service") / "data"
    extra = {"RATE_LIMIT_RAG_CHAT": "2", "CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}"}
    with run_service(folder, extra) as service:
        yield service


@pytest.fixture(scope="module")
def tour(page: Any, service: Service, port: int) -> dict[str, Any]:
    """What the page could do and see."""
    page.goto(f"http://127.0.0.1:{port}/")
    told: dict[str, Any] = page.evaluate(TOUR, [f"http://127.0.0.1:{service.port}", "demo", "demo"])
    return told


def test_it_signs_in_and_reads_the_headers_of_lists(tour: dict[str, Any]) -> None:
    assert tour["notes"] == 1
    assert 'rel="next"' in tour["exposed"]["Link"]
    assert int(tour["exposed"]["X-Total-Count"]) == 3
    assert tour["exposed"]["X-Request-ID"]


def test_it_writes_with_its_own_headers_and_meets_412(tour: dict[str, Any]) -> None:
    assert tour["made"] == [201, "from-the-page"]
    assert tour["patched"] == [200, 412]
    assert tour["deleted"] == {"success": True}


def test_it_uploads_with_progress(tour: dict[str, Any]) -> None:
    assert tour["uploaded"] == [202, 1, "Prüfung.txt"]


def test_it_streams_an_answer(tour: dict[str, Any]) -> None:
    assert "ATP and NADPH" in tour["stream"]
    assert tour["stream"].endswith("data: [DONE]\n\n")


def test_it_meets_a_429_and_reads_how_long_to_wait(tour: dict[str, Any]) -> None:
    refused = tour["refused"]
    assert (refused["RateLimit-Limit"], refused["RateLimit-Remaining"]) == ("2", "0")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert int(refused["RateLimit-Reset"]) > 0


def test_cached_answers_reach_it_too(tour: dict[str, Any]) -> None:
    assert tour["cached"] == [[False, True], [True, True]]


def test_a_page_of_another_origin_is_kept_out(page: Any, service: Service, port: int) -> None:
    page.goto(f"http://localhost:{port}/")
    assert page.evaluate(VISIT, f"http://127.0.0.1:{service.port}") == "TypeError"
