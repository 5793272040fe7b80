"""What a sentence's words and vector say about a question, on one scale for all languages.

WordLlama knows English. Of another language its vectors say foremost which one it is, so any two
texts of it are alike: the mean cosine of a question and a sentence of its own library is 0.07 in
English, 0.45 in Spanish, 0.9 in Hindi (`BACKGROUNDS`). Outside of English only what is above the
mean counts: of the sentences that were found for this question, and where those are few, of the
table. The scales differ still, as languages have more or fewer words for the same: `SHIFTS` makes
one threshold serve all. It was fitted on XQuAD's paragraphs in these languages so that about nine
in ten absent questions are refused; docs/decisions.md has the figures, `bench/languages.py` the
curves.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from learningaier.knowledge.retrieval.ranking import Ranked, Sentence
from learningaier.knowledge.text.languages import DEFAULT_LANGUAGE

BACKGROUNDS = {
    "german": 0.31, "spanish": 0.45, "russian": 0.66, "chinese": 0.60, "japanese": 0.60,
    "korean": 0.66, "arabic": 0.88, "hindi": 0.90, "vietnamese": 0.65, "turkish": 0.53,
    "greek": 0.86, "thai": 0.91, "romanian": 0.41,
}  # fmt: skip
DEFAULT_BACKGROUND = 0.45
PRIOR_SENTENCES = 10  # that a table's mean counts as, beside those that were found
SHIFTS = {
    "german": 0.135, "spanish": 0.045, "russian": 0.06, "chinese": 0.125, "japanese": 0.125,
    "korean": 0.07, "arabic": 0.03, "hindi": -0.015, "vietnamese": -0.04, "turkish": 0.065,
    "greek": 0.045, "thai": 0.01, "romanian": 0.085,
}  # fmt: skip
DEFAULT_SHIFT = 0.03
WORDS_WEIGHT, MEANING_WEIGHT = 0.8, 0.2


def measure_backgrounds(ranked: Sequence[Ranked]) -> dict[str, float]:
    """By language, the mean cosine of the found sentences with the question."""
    cosines: dict[str, list[float]] = defaultdict(list)
    for one in ranked:
        cosines[one.candidate.language] += [sentence.cosine for sentence in one.sentences]
    return {
        language: (sum(found) + PRIOR_SENTENCES * BACKGROUNDS.get(language, DEFAULT_BACKGROUND))
        / (len(found) + PRIOR_SENTENCES)
        for language, found in cosines.items()
    }


def weigh_meaning(sentence: Sentence, backgrounds: Mapping[str, float]) -> float:
    """How much nearer to the question than others of its language a sentence is, 0 to 1."""
    if sentence.language == DEFAULT_LANGUAGE:
        return max(sentence.cosine, 0.0)
    background = backgrounds.get(sentence.language, DEFAULT_BACKGROUND)
    return max(sentence.cosine - background, 0.0) / (1 - background)


def weigh_evidence(language: str, coverage: float, meaning: float) -> float:
    """The support by words (`coverage`) and by meaning (`weigh_meaning`), about 0 to 1.

    `language`: the sentence's.
    """
    if language == DEFAULT_LANGUAGE:
        return 0.5 * coverage + 0.5 * meaning
    shift = SHIFTS.get(language, DEFAULT_SHIFT)
    return WORDS_WEIGHT * coverage + MEANING_WEIGHT * meaning + shift
