"""Texts that an older version has analysed are analysed again while they serve."""

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conftest import ApiClient
from learningaier.ai.tests.servers import ModelServer, Reply
from learningaier.jobs import schedule
from learningaier.knowledge.index import reanalysis
from learningaier.knowledge.models import Chunk, Material, Posting
from learningaier.knowledge.text.features import ANALYSIS_VERSION

TEXT = "# Membranes\n\nOsmosis moves water through a membrane."


@pytest.fixture
def old_note(api: ApiClient) -> str:
    """A note whose chunks are as an older version might have left them."""
    note = api.post("/api/notes", {"title": "Cells", "content": TEXT}).json()
    Posting.objects.filter(term="osmosi").update(term="osmosis")
    Material.objects.update(analysis_version=0)
    return str(note["id"])


def find(api: ApiClient, question: str) -> list[dict[str, Any]]:
    return list(api.get(f"/api/search?q={question}").json())


def reanalyse(*options: str) -> str:
    out = io.StringIO()
    call_command("reanalyse", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_new_text_is_of_this_version(api: ApiClient) -> None:
    api.post("/api/notes", {"title": "Cells", "content": TEXT})

    assert Material.objects.get().analysis_version == ANALYSIS_VERSION
    assert reanalyse() == "0 texts are to be analysed again.\n"


def test_a_worker_analyses_an_outdated_text_which_is_found_meanwhile(
    old_note: str, api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    [before] = find(api, "water through a membrane")

    schedule.run_due(float("inf"))
    assert find(api, "water through a membrane") == [before]  # nothing is done yet
    run_jobs()

    [after] = find(api, "water through a membrane")
    assert (after["chunk_id"], after["quote"]) == (before["chunk_id"], before["quote"])
    assert Posting.objects.filter(term="osmosi").exists()
    assert not Posting.objects.filter(term="osmosis").exists()
    assert reanalyse() == "0 texts are to be analysed again.\n"


def test_answers_from_before_are_not_served_from_the_cache(old_note: str, api: ApiClient) -> None:
    asked = {"question": "What moves water through a membrane?"}
    api.post("/api/notes/ai-qa", asked)
    assert api.post("/api/notes/ai-qa", asked).json()["cached"]

    reanalyse("--now")

    assert not api.post("/api/notes/ai-qa", asked).json()["cached"]


def test_saving_a_note_analyses_all_of_it_again(old_note: str, api: ApiClient) -> None:
    api.patch(f"/api/notes/{old_note}", {"folder": "Biology"})

    assert Posting.objects.filter(term="osmosi").exists()
    assert Material.objects.get().analysis_version == ANALYSIS_VERSION


def test_the_command_reports_and_forces(old_note: str, api: ApiClient) -> None:
    assert reanalyse() == "1 texts are to be analysed again.\n"
    assert reanalyse("--now") == "0 texts are to be analysed again.\n"
    rows = set(Chunk.objects.values_list("pk", flat=True))

    assert reanalyse("--all", "--now").startswith("Marked 1 texts.\n0 texts")

    assert rows.isdisjoint(Chunk.objects.values_list("pk", flat=True))


def test_documents_are_analysed_again_with_their_pages(
    api: ApiClient, run_jobs: Callable[[], int]
) -> None:
    document = api.upload("/api/documents/upload", file=io.BytesIO(b"Osmosis moves water.")).json()
    run_jobs()
    before = list(Chunk.objects.values("text", "start", "page", "page_end"))
    Material.objects.update(analysis_version=0)

    reanalyse("--now")

    assert list(Chunk.objects.values("text", "start", "page", "page_end")) == before
    assert api.get(f"/api/documents/{document['id']}").json()["status"] == "ready"


def test_a_text_that_nobody_keeps_any_more_is_left_as_it_is(old_note: str, api: ApiClient) -> None:
    orphan = Material.objects.get()
    orphan.pk = uuid.uuid4()
    orphan.save(force_insert=True)

    assert reanalyse("--now") == "0 texts are to be analysed again.\n"

    assert Material.objects.filter(pk=orphan.pk).exists()


def test_vectors_of_an_unchanged_text_are_not_bought_again(
    openai_embedder: ModelServer, api: ApiClient
) -> None:
    api.post("/api/notes", {"title": "Cells", "content": TEXT})
    bought = len(openai_embedder.calls)
    Material.objects.update(analysis_version=0)

    reanalyse("--now")

    assert len(openai_embedder.calls) == bought
    assert Chunk.objects.filter(embeddings__isnull=False).count() == 1


def test_an_embedder_that_is_down_leaves_the_text_to_the_next_try(
    openai_embedder: ModelServer, api: ApiClient
) -> None:
    api.post("/api/notes", {"title": "Cells", "content": TEXT})
    Material.objects.update(analysis_version=0, title="Renamed")
    openai_embedder.script = [Reply(status=401)]

    with pytest.raises(CommandError, match="Run this again"):
        reanalyse("--now")

    assert reanalysis.count_outdated() == 1
    assert Chunk.objects.filter(embeddings__isnull=False).count() == 1
