"""How a search grows: one learner's library of 1,000, 20,000 and 100,000 chunks, others beside.

    python -m bench.search --questions path/to/qa.json [--chunks 1000 20000 100000] [--asked 200]

The library is made of the articles' sentences, shuffled into passages, so that each term is as
frequent as in real text; what it has of small vocabulary makes postings longer than life. Times are
of `search`, in this process, without network; beside them the same chunks by PostgreSQL's own
`ts_rank_cd`, which most projects use.
"""

import argparse
import random
import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.library import Article, own_database, read_articles

PROTOTYPES = 2_000  # passages that are analysed; the others are copies with rows of their own
OTHERS, OTHERS_CHUNKS = 200, 200
PEER_ASKED = 8  # it takes seconds
SENTENCES = 9  # of a passage
TARGETS = {20_000: 40.0, 100_000: 150.0}  # p95, ms

# New ids are counted on from `base`: copy c of the source of rank r is base + c * sources + r.
NEW_ID = "%(base)s + copy * %(sources)s + rank"
CLONE = [
    (
        "CREATE TEMPORARY TABLE source ON COMMIT DROP AS"
        " SELECT id, row_number() OVER (ORDER BY id) AS rank FROM knowledge_chunk"
        " WHERE owner_id = %(prototype)s ORDER BY id LIMIT %(sources)s"
    ),
    f"""INSERT INTO knowledge_chunk (id, material_id, owner_id, position, page, start, body, "end",
        length, headings, text, sentences, digest)
    SELECT {NEW_ID}, %(material)s, %(owner)s, rank, page, start, body, "end",
        length, headings, text, sentences, digest
    FROM knowledge_chunk JOIN source USING (id), generate_series(0, %(copies)s - 1) AS copy""",
    f"""INSERT INTO knowledge_posting (owner_id, term, chunk_id, tf, length)
    SELECT %(owner)s, term, {NEW_ID}, tf, length FROM knowledge_posting p
    JOIN source ON source.id = p.chunk_id, generate_series(0, %(copies)s - 1) AS copy
    WHERE p.owner_id = %(prototype)s""",
    f"""INSERT INTO knowledge_embedding (chunk_id, owner_id, embedder, vector)
    SELECT {NEW_ID}, %(owner)s, embedder, vector FROM knowledge_embedding e
    JOIN source ON source.id = e.chunk_id, generate_series(0, %(copies)s - 1) AS copy""",
    """UPDATE knowledge_material SET chunk_count = counted.chunks, term_count = counted.terms
    FROM (SELECT count(*) AS chunks, sum(length) AS terms FROM knowledge_chunk
        WHERE material_id = %(material)s) AS counted WHERE id = %(material)s""",
    "SELECT setval(pg_get_serial_sequence('knowledge_chunk', 'id'), max(id)) FROM knowledge_chunk",
]
TS_RANK = """
SELECT id FROM knowledge_chunk, to_tsquery('english', %s) AS asked
WHERE owner_id = %s AND to_tsvector('english', text) @@ asked
ORDER BY ts_rank_cd(to_tsvector('english', text), asked) DESC LIMIT 50
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--chunks", type=int, nargs="+", default=[1_000, 20_000, 100_000])
    parser.add_argument("--asked", type=int, default=200)
    arguments = parser.parse_args()
    articles = read_articles(arguments.questions)
    asked = [question.text for article in articles for question in article.questions]
    random.Random(7).shuffle(asked)
    with own_database():
        prototype = make_prototype(articles)
        for _ in range(OTHERS):
            clone(prototype, sources=OTHERS_CHUNKS)
        for size in arguments.chunks:
            measure(prototype, size, asked[: arguments.asked])


def make_prototype(articles: Sequence[Article]) -> uuid.UUID:
    """A learner with the passages that are copied. Returns: the learner's id."""
    from learningaier.accounts.models import User
    from learningaier.knowledge.index.source import SourceText
    from learningaier.knowledge.index.writer import index_text
    from learningaier.knowledge.text.sentences import split_sentences

    text = "\n\n".join(article.text for article in articles)
    sentences = [" ".join(text[a:b].split()) for a, b in split_sentences(text)]
    chooser = random.Random(11)
    passages = [" ".join(chooser.sample(sentences, SENTENCES)) for _ in range(PROTOTYPES)]
    owner = User.objects.create_user(str(uuid.uuid4()))
    for first in range(0, PROTOTYPES, 100):
        batch = passages[first : first + 100]
        headed = "\n\n".join(f"# Part {place}\n\n{one}" for place, one in enumerate(batch))
        pk = uuid.uuid4()
        index_text(SourceText(pk, owner.pk, "note", f"Note {first}", headed, note_id=pk))
    return owner.pk


def clone(prototype: uuid.UUID, *, sources: int, copies: int = 1) -> uuid.UUID:
    """A new learner with copies of so many of the prototype's chunks. Returns: the learner's id."""
    from django.db import connection, transaction
    from django.db.models import Max

    from learningaier.accounts.models import User
    from learningaier.knowledge.models import Chunk, Material

    owner = User.objects.create_user(str(uuid.uuid4()))
    fields = {"owner": owner, "kind": "document", "title": "A library"}
    material = Material.objects.create(pk=uuid.uuid4(), **fields)
    base = Chunk.objects.aggregate(last=Max("id"))["last"]
    values = {"prototype": prototype, "owner": owner.pk, "material": material.pk}
    values |= {"base": base, "sources": sources, "copies": copies}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in CLONE:
            cursor.execute(statement, values)
    return owner.pk


def measure(prototype: uuid.UUID, size: int, asked: Sequence[str]) -> None:
    """One library's figures."""
    from django.db import connection

    from learningaier.ai.providers import get_embedder
    from learningaier.knowledge.index.backend import get_vector_index
    from learningaier.knowledge.index.keywords import find_by_keywords
    from learningaier.knowledge.retrieval.scope import Scope
    from learningaier.knowledge.retrieval.search import CANDIDATES, search
    from learningaier.knowledge.text import analyzer

    sources = min(size, PROTOTYPES)
    owner = clone(prototype, sources=sources, copies=size // sources)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    embedder, index = get_embedder(), get_vector_index()
    terms = {text: analyzer.query_terms(text) for text in asked}
    vectors = dict(zip(asked, embedder.embed(asked), strict=True))

    def keywords(text: str) -> None:
        find_by_keywords(owner, terms[text], limit=CANDIDATES)

    def meaning(text: str) -> None:
        index.find(owner, embedder.name, vectors[text], limit=CANDIDATES)

    def peer(text: str) -> None:
        with connection.cursor() as cursor:
            words = " | ".join(word for word in terms[text] if word.isalnum())
            cursor.execute(TS_RANK, [words or "nothing", owner])
            cursor.fetchall()

    print(f"\n{size:,} chunks of one learner, {OTHERS} others with {OTHERS_CHUNKS} each")
    whole = report("search", lambda text: search(text, Scope(owner)), asked)
    report("  its keywords", keywords, asked)
    report("  its vectors", meaning, asked)
    slow = report(f"ts_rank_cd, no vectors, {PEER_ASKED} questions", peer, asked[:PEER_ASKED])
    target = TARGETS.get(size)
    print(f"  ratio of p50 to ts_rank_cd {whole[0] / slow[0]:.3f}", end="")
    print(f"; p95 to its target {whole[1] / target:.2f}" if target else "")


def report(name: str, call: Callable[[str], object], asked: Sequence[str]) -> tuple[float, float]:
    """Print and return p50 and p95 in ms, after a warm-up."""
    for text in asked[:3]:
        call(text)
    times = []
    for text in asked:
        began = time.perf_counter()
        call(text)
        times.append((time.perf_counter() - began) * 1000)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[18]
    print(f"  {name:40} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   longest {max(times):7.1f} ms")
    return p50, p95


if __name__ == "__main__":
    main()
