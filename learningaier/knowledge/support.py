"""From ranked chunks to an answer: the best supported sentences, or none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from learningaier.knowledge.analyzer import STOPWORDS, query_terms, stem, words
from learningaier.knowledge.ranking import Query, Ranked, Sentence

THRESHOLD = 0.36  # support below this is "not in your notes"
DOUBT = 4.0  # nats added to the question's information: one shared word is no support
CHUNKS = 5  # ranked chunks whose sentences may answer
MOST_SENTENCES = 3  # of an answer
CUE_BONUS = 0.2
FRAGMENT_MALUS = 0.2
MARGIN = 0.5  # sentences this far below the best are left out

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_COUNTS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?|thousands?|millions?|billions?"
    "|half|third|quarter|twice|once|single|several|first|second"
)
_KINDS = (
    (
        re.compile(
            r"\bhow (?:many|much|long|old|far|large|big|tall|high|fast|often|deep|wide|heavy)\b"
            r"|\b(?:what|which) (?:percent|number|portion|proportion|amount|fraction|population)|\bpercent"
        ),
        re.compile(rf"\d|\b(?:{_COUNTS})\b", re.I),
    ),
    (
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b"),
        re.compile(
            rf"\b(?:1\d{{3}}|20\d\d)s?\b|\b(?:{_MONTHS})\b|\bcentur|\bdecade|\b\d+ (?:AD|BCE?|CE)\b",
            re.I,
        ),
    ),
    (
        re.compile(r"\bstands? for\b|\bacronym|\babbreviat|\bshort for\b"),
        re.compile(r"\([A-Z][\w-]*[A-Z]s?\)|\b[A-Z]{2,}s? \("),
    ),
    (
        re.compile(r"\bwhy\b|\bwhat (?:caused|causes|reason)"),
        re.compile(
            r"\b(?:because|due to|since|so that|in order to|therefore|as a result|result(?:ed|s)? (?:in|from)"
            r"|caus\w+|led to|reason|thus|to avoid)\b",
            re.I,
        ),
    ),
)
_NAMED = re.compile(
    r"\bwho(?:m|se)?\b|\bwhere\b|\b(?:what|which) (?:country|city|state|town|region|place|location|continent|nation"
    r"|river|street|area|district|countries|cities)\b"
)
_NAME = re.compile(r"(?<=[\w,;:)\]] )[\"'(\u201c]?([A-Z][\w'\u2019-]+)")


@dataclass(frozen=True)
class Answer:
    sentences: tuple[Sentence, ...]  # reading order; empty when refused
    support: float

    @property
    def found(self) -> bool:
        return bool(self.sentences)


def support(query: Query, sentence: Sentence) -> float:
    """Between 0 and 1: how much of the question the sentence speaks about, by words and by meaning."""
    coverage = float(query.weights @ sentence.reachable) / (query.total + DOUBT)
    return 0.5 * coverage + 0.5 * max(sentence.cosine, 0.0)


def cue(question: str, sentence: str) -> float:
    """Whether the sentence holds the kind of thing asked for; a half when the question does not tell."""
    asked = question.lower()
    for kind, evidence in _KINDS:
        if kind.search(asked):
            return 1.0 if evidence.search(sentence) else 0.0
    if not _NAMED.search(asked):
        return 0.5
    known = set(query_terms(question))
    return (
        1.0
        if any(stem(w) not in known for name in _NAME.findall(sentence) for w in words(name))
        else 0.0
    )


def fragment(sentence: str) -> bool:
    """Table rows, headings, references: no function word, or mostly figures."""
    found = words(sentence)
    figures = sum(word[0].isdigit() for word in found)
    return figures * 3 > len(found) or not any(word in STOPWORDS for word in found)


def answer(
    query: Query,
    ranked: Sequence[Ranked],
    limit: int = MOST_SENTENCES,
    threshold: float = THRESHOLD,
) -> Answer:
    """At most `limit` sentences, grouped by chunk, in the order of the text."""
    order: dict[int, int] = {}
    scored: list[tuple[float, Sentence]] = []
    best = 0.0
    for chunk in ranked[:CHUNKS]:
        for sentence in chunk.sentences:
            held = support(query, sentence)
            best = max(best, held)
            bonus = CUE_BONUS * cue(query.text, sentence.text) - FRAGMENT_MALUS * fragment(
                sentence.text
            )
            scored.append((chunk.score + held + bonus, sentence))
    if best < threshold:
        return Answer((), best)
    scored.sort(key=lambda pair: -pair[0])
    chosen: dict[str, Sentence] = {}
    for score, sentence in scored:
        if len(chosen) == limit or score < scored[0][0] - MARGIN:
            break
        chosen.setdefault(" ".join(sentence.text.split()), sentence)
        order.setdefault(sentence.chunk_id, len(order))
    reading = sorted(chosen.values(), key=lambda s: (order[s.chunk_id], s.start))
    return Answer(tuple(reading), best)
