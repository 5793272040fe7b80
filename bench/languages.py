"""How questions are answered and refused in each language, with what the file has of them.

A learner a language: most articles are notes of his, the others are absent; questions about both.

    python -m bench.languages --questions path/to/languages.json [--only de,tr] [--splits 4]
        [--asked-in en] [--fit]

The file: `{language: [{title, paragraphs: [{text, questions: [{question, answers}]}]}]}`, the same
articles in each language. Printed by language: recall@5, the share of answered questions, of those
whose answer holds an accepted one, of answers whose first sentence is of the right paragraph, of
absent questions refused, and sentences and characters of an answer. `--asked-in`: questions of that
language about texts of another. `--fit`: the curve of the threshold; then, for each half of the
articles, the shift that refuses MIN_REFUSED of their absent questions, and what it does to the
questions of the other half.
"""

import argparse
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean as mean

from bench.library import Article, Question, own_database, parse_article
from bench.quality import index, is_about, normalise

MIN_RECALL, MIN_ACCEPTED, MIN_REFUSED = 0.96, 0.78, 0.88
PRESENT, ABSENT = 80, 40  # questions of a split
PARTS = 4  # one of so many articles is absent
TOP_K = 5
SHIFTS = [step / 100 for step in range(-12, 13, 2)]
Place = tuple[int, Question]  # of its article in the file, and the question
HEAD = "recall@5 answered accepted first   refused sentences characters"


@dataclass(frozen=True)
class Asked:
    """What became of a question. `margin`: of its support above the threshold.

    `article`: its place in the file. `is_accepted`: whether an accepted answer is said.
    `is_first_right`: whether the first sentence is of the right paragraph.
    """

    article: int
    is_present: bool
    margin: float
    is_found: bool = False
    is_accepted: bool = False
    is_first_right: bool = False
    sentences: int = 0
    characters: int = 0


def main() -> None:
    """Measure each language and print its row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--only", default="", help="languages, with commas between; else all")
    parser.add_argument("--splits", type=int, default=PARTS, help="of the articles, at most 4")
    parser.add_argument("--asked-in", default="", help="whose questions are asked of all texts")
    parser.add_argument("--fit", action="store_true", help="print curves and held-out fits")
    arguments = parser.parse_args()
    languages = read_languages(arguments.questions)
    chosen = arguments.only.split(",") if arguments.only else list(languages)
    print(f"   {HEAD}   (targets {MIN_RECALL}, {MIN_ACCEPTED} accepted, {MIN_REFUSED} refused)")
    with own_database():
        for name in chosen:
            asking = languages[arguments.asked_in or name]
            asked = measure_language(languages[name], asking, arguments.splits)
            print(f"{name} {describe(asked)}", flush=True)
            if arguments.fit:
                report_fit(asked)


def read_languages(path: Path) -> dict[str, list[Article]]:
    """The articles of each language of a file."""
    found = json.loads(path.read_text())
    return {name: [parse_article(one) for one in listed] for name, listed in found.items()}


def measure_language(
    articles: Sequence[Article], asking: Sequence[Article], splits: int
) -> list[Asked]:
    """Each split's questions. `asking`: the same articles, in the language of the questions."""
    questions = [translate(own, other) for own, other in zip(articles, asking, strict=True)]
    asked: list[Asked] = []
    for split in range(splits):
        there = [at for at in range(len(articles)) if at % PARTS != split]
        away = [at for at in range(len(articles)) if at % PARTS == split]
        owner = index([articles[at] for at in there])
        for places, count in [(there, PRESENT), (away, ABSENT)]:
            listed = [(at, one) for at in places for one in questions[at]]
            for at, question in spread(listed, count, split):
                asked.append(ask(owner, articles[at], question, at, is_present=places is there))
    return asked


def translate(own: Article, other: Article) -> list[Question]:
    """The questions in the words of the other, with answers as the own text has them."""
    pairs = zip(own.questions, other.questions, strict=True)
    return [replace(question, text=said.text) for question, said in pairs]


def spread(listed: Sequence[Place], count: int, first: int) -> Iterator[Place]:
    """About `count` of the list, evenly; other ones for another `first`."""
    step = max(len(listed) // count, 1)
    yield from list(listed[first % step :: step])[:count]


def ask(
    owner: uuid.UUID, article: Article, question: Question, at: int, *, is_present: bool
) -> Asked:
    """Ask a learner's library, through the code that serves."""
    from learningaier.knowledge.answering.drafts import Draft
    from learningaier.knowledge.answering.extractive import (
        choose_sentences,
        extract_answer,
        threshold,
    )
    from learningaier.knowledge.retrieval.scope import Scope
    from learningaier.knowledge.retrieval.search import search

    found = search(question.text, Scope(owner))
    chosen = choose_sentences(found.query, found.ranked, least=-1.0)
    margin = float(chosen.support) - threshold(found.query.chunks)
    draft = Draft(found, TOP_K)
    list(extract_answer(draft))
    if not is_present:
        return Asked(at, is_present=False, margin=margin, sentences=len(draft.sources))
    top = [found.chunks[ranked.id] for ranked in found.ranked[:TOP_K]]
    said = normalise(draft.text)
    first = next(iter(draft.sources), None)
    return Asked(
        at,
        is_present=True,
        margin=margin,
        is_found=any(is_about(chunk, article, question) for chunk in top),
        is_accepted=any(normalise(text) in said for text in question.answers),
        is_first_right=first is not None
        and stands_in(found.chunks[first[0]], first[1], article, question),
        sentences=len(draft.sources),
        characters=len(draft.text),
    )


def stands_in(chunk: object, start: int, article: Article, question: Question) -> bool:
    """Whether a place of a chunk's body is in the paragraph that a question is about."""
    if chunk.material.title != article.title:  # type: ignore[attr-defined]
        return False
    first, last = article.span(question.paragraph)
    return bool(first <= chunk.body_start + start < last)  # type: ignore[attr-defined]


def describe(asked: Sequence[Asked]) -> str:
    """The figures of a language."""
    present = [one for one in asked if one.is_present]
    said = [one for one in present if one.sentences]
    refused = mean(not one.sentences for one in asked if not one.is_present)
    return (
        f"{mean(one.is_found for one in present):.3f}    {len(said) / len(present):.3f}    "
        f"{mean(one.is_accepted for one in present):.3f}    "
        f"{mean(one.is_first_right for one in said):.3f}   {refused:.3f}   "
        f"{mean(one.sentences for one in said):.2f}      "
        f"{mean(one.characters for one in said):.0f}"
    )


def report_fit(asked: Sequence[Asked]) -> None:
    """The curve, and what the shift fitted on half of the articles does to the other half."""
    for shift in SHIFTS:
        print(f"    {shift:+.2f}   answered {answered(asked, shift):.3f}", end="")
        print(f"   refused {refused(asked, shift):.3f}")
    halves = [[one for one in asked if one.article // PARTS % 2 == part] for part in (0, 1)]
    for fitted, held in [halves, halves[::-1]]:
        absent = sorted(one.margin for one in fitted if not one.is_present)
        shift = absent[min(int(MIN_REFUSED * len(absent)), len(absent) - 1)]
        print(f"    fitted {shift:+.3f}: the others answered {answered(held, shift):.3f}", end="")
        print(f"   refused {refused(held, shift):.3f}")


def answered(asked: Sequence[Asked], shift: float) -> float:
    """Share of present questions that a threshold moved by `shift` would answer."""
    return mean(one.margin >= shift for one in asked if one.is_present)


def refused(asked: Sequence[Asked], shift: float) -> float:
    """Share of absent questions that a threshold moved by `shift` would refuse."""
    return mean(one.margin < shift for one in asked if not one.is_present)


if __name__ == "__main__":
    main()
