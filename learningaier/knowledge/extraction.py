"""Answers without a language model: the best supported sentences, word for word."""

from collections.abc import Iterator

from learningaier.knowledge import support
from learningaier.knowledge.drafts import Draft


def extract_answer(draft: Draft) -> Iterator[str]:
    """Tell the sentences that support an answer, if any do, as running text."""
    found = draft.found
    limit = min(draft.top_k, support.MOST_SENTENCES)
    chosen = support.choose_sentences(found.query, found.ranked, limit)
    for sentence in chosen.sentences:
        quote = " ".join(sentence.text.split())  # line breaks of a page are mere spaces here
        yield draft.tell(quote, [(sentence.chunk_id, sentence.start, sentence.end)])
