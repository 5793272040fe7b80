"""How well passages are found, questions answered, and absent answers refused.

Each article of a question file becomes a note of one learner, through the code that serves.

    python -m bench.quality --questions path/to/qa.json [--every 1]

Recall and MRR: is the question's paragraph among the first found. Abstention: each article in turn,
and each half of them, is left out of the library; its questions must be refused then, the others
answered. The curve shows what other thresholds would do.
"""

import argparse
import re
import string
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.library import Article, Question, own_database, read_articles

LADDER = [
    ("all-MiniLM-L6-v2 vectors alone (most peers)", 0.894, 0.764),
    ("WordLlama 256-d vectors alone", 0.826, 0.681),
    ("BM25 alone", 0.942, 0.866),
    ("rank fusion of BM25 and WordLlama", 0.922, 0.811),
    ("weighted 0.7 BM25 + 0.3 WordLlama", 0.952, 0.872),
    ("weighted with MiniLM", 0.968, 0.889),
]
RECALL, MRR, REFUSED, ANSWERED, CONTAINS = 0.955, 0.885, 0.90, 0.90, 0.75
SENTENCES, MAX_SENTENCES, FIRST_RIGHT = 1.5, 3, 0.90
SHIFTS = [-0.06, -0.04, -0.02, -0.01, 0.0, 0.01, 0.02, 0.04, 0.06]


@dataclass
class Outcome:
    """Margins of support above the threshold, of questions with an answer there and without."""

    present: list[float] = field(default_factory=list)
    absent: list[float] = field(default_factory=list)

    def answered(self, shift: float = 0.0) -> float:
        """Share of the questions with an answer that get one."""
        return sum(margin >= shift for margin in self.present) / len(self.present)

    def refused(self, shift: float = 0.0) -> float:
        """Share of the questions without an answer that are refused."""
        return sum(margin < shift for margin in self.absent) / len(self.absent)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="ask every n-th question only")
    arguments = parser.parse_args()
    articles = read_articles(arguments.questions)
    with own_database():
        measure_ranking(articles, arguments.every)
        measure_abstention(articles, arguments.every)


def index(articles: Sequence[Article]) -> uuid.UUID:
    """A new learner with these articles as notes. Returns: the learner's id."""
    from learningaier.accounts.models import User
    from learningaier.knowledge.index.source import SourceText
    from learningaier.knowledge.index.writer import index_text

    owner = User.objects.create_user(str(uuid.uuid4()))
    for article in articles:
        pk = uuid.uuid4()
        index_text(SourceText(pk, owner.pk, "note", article.title, article.text, note_id=pk))
    return owner.pk


def measure_ranking(articles: Sequence[Article], every: int) -> None:
    """Recall, MRR, and what the answers hold, with all articles in one library."""
    from learningaier.knowledge.answering.answers import stream_answer
    from learningaier.knowledge.retrieval.scope import Scope
    from learningaier.knowledge.retrieval.search import search

    owner = index(articles)
    places: list[int | None] = []
    contains = answered = 0
    said: list[Said] = []
    for article in articles:
        for question in article.questions[::every]:
            found = search(question.text, Scope(owner))
            order = [found.chunks[ranked.id] for ranked in found.ranked[:10]]
            hits = (at for at, chunk in enumerate(order) if is_about(chunk, article, question))
            places.append(next(hits, None))
            *_, answer = stream_answer(question.text, scope=Scope(owner), top_k=5)
            answered += answer.status == "answered"
            if answer.sources:
                said.append(describe_answer(answer.sources, article, question))
            contains += any(
                normalise(text) in normalise(answer.answer) for text in question.answers
            )
    asked = len(places)
    recall = sum(place is not None and place < 5 for place in places) / asked
    mrr = sum(1 / (place + 1) for place in places if place is not None) / asked
    print(f"\nRanking, {asked} questions, {len(articles)} articles  (recall@5, MRR@10)")
    for name, *figures in LADDER:
        print(f"  {name:46} {figures[0]:.3f}  {figures[1]:.3f}   (design, 646 paragraphs)")
    print(f"  {'ours, through the code that serves':46} {recall:.3f}  {mrr:.3f}", end="")
    print(f"   targets {RECALL}, {MRR}")
    print(
        f"  answered {answered / asked:.3f}; holds an accepted answer {contains / asked:.3f}",
        end="",
    )
    print(f"   target {CONTAINS}")
    report_lengths(said)


def report_lengths(said: Sequence["Said"]) -> None:
    """Print how long answers are, and how often they begin in the right paragraph."""
    right = sum(one.is_first_right for one in said) / len(said)
    sentences = [one.sentences for one in said]
    print(
        f"  sentences of an answer {sum(sentences) / len(said):.2f}, at most {max(sentences)};"
        f" the first is of the right paragraph in {right:.3f}"
        f"   targets {SENTENCES}, {MAX_SENTENCES}, {FIRST_RIGHT}"
    )


@dataclass(frozen=True)
class Said:
    """An answer's length, and whether its first sentence is of the right paragraph."""

    sentences: int
    is_first_right: bool


def describe_answer(
    sources: Sequence[dict[str, Any]], article: Article, question: Question
) -> Said:
    """What an answer consists of, by its sources."""
    first = min(sources, key=lambda source: min(source["supports"]))
    start, end = article.span(question.paragraph)
    is_right = first["title"] == article.title and start <= first["start"] < end
    spans = {tuple(span) for source in sources for span in source["supports"]}
    return Said(len(spans), is_right)


def is_about(chunk: object, article: Article, question: Question) -> bool:
    """Whether most of the chunk is of the question's paragraph, or most of the paragraph in it."""
    if chunk.material.title != article.title:  # type: ignore[attr-defined]
        return False
    start, end = article.span(question.paragraph)
    first, last = chunk.body_start, chunk.end  # type: ignore[attr-defined]
    shared = min(end, last) - max(start, first)
    return shared * 2 >= min(end - start, last - first)


def measure_abstention(articles: Sequence[Article], every: int) -> None:
    """Leave out each article, then each half; ask about what is there and what is not."""
    print("\nAbstention: share of present questions answered, of absent ones refused")
    total = Outcome()
    for article in articles:
        rest = [other for other in articles if other is not article]
        outcome = ask_split(rest, [article], every)
        total.present += outcome.present
        total.absent += outcome.absent
        _report(f"without {article.title}", outcome)
    _report("each left out", total)
    half = len(articles) // 2
    for name, part in [("first", articles[:half]), ("second", articles[half:])]:
        rest = [other for other in articles if other not in part]
        _report(f"without the {name} half", ask_split(rest, part, every))
    print(f"  targets {ANSWERED} and {REFUSED}. The curve (threshold moved: answered, refused):")
    for shift in SHIFTS:
        print(f"    {shift:+.2f}   {total.answered(shift):.3f}   {total.refused(shift):.3f}")


def ask_split(there: Sequence[Article], away: Sequence[Article], every: int) -> Outcome:
    """Index some articles, ask about these and about the others."""
    from learningaier.knowledge.answering.extractive import choose_sentences, threshold
    from learningaier.knowledge.retrieval.scope import Scope
    from learningaier.knowledge.retrieval.search import search

    scope, outcome = Scope(index(there)), Outcome()
    for articles, margins, step in [(there, outcome.present, 4), (away, outcome.absent, 1)]:
        for article in articles:
            for question in article.questions[:: every * step]:
                found = search(question.text, scope)
                support = choose_sentences(found.query, found.ranked, least=-1.0).support
                margins.append(support - threshold(found.query.chunks))
    return outcome


def normalise(text: str) -> str:
    """As SQuAD compares answers: lower case, no punctuation, no articles, single spaces."""
    bare = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", bare).split())


def _report(name: str, outcome: Outcome) -> None:
    print(f"  {name:46} {outcome.answered():.3f}  {outcome.refused():.3f}")


if __name__ == "__main__":
    main()
