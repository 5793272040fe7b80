"""What a sentence's words and vector say about a question, on one scale for all languages.

WordLlama knows English. Of another language its vectors say foremost which one it is, so any two
texts of it are alike: the mean cosine of a question and a sentence of its own library is 0.07 in
English, 0.45 in Spanish, 0.9 in Hindi (`BACKGROUNDS`). Outside of English only what is above that
mean counts, and no further than words bear it out. The scales differ still, as languages have
more or fewer words for the same: `SHIFTS` makes one threshold serve all. Both tables were
fitted on XQuAD's paragraphs in these languages, the shifts so that about nine in ten absent
questions are refused; docs/decisions.md has the figures.
"""

from learningaier.knowledge.text.languages import DEFAULT_LANGUAGE

BACKGROUNDS = {
    "german": 0.31, "spanish": 0.45, "russian": 0.66, "chinese": 0.60, "japanese": 0.60,
    "korean": 0.66, "arabic": 0.88, "hindi": 0.90, "vietnamese": 0.65, "turkish": 0.53,
    "greek": 0.86, "thai": 0.91, "romanian": 0.41,
}  # fmt: skip
SHIFTS = {
    "german": 0.155, "spanish": 0.07, "russian": 0.085, "chinese": 0.13, "japanese": 0.13,
    "korean": 0.10, "arabic": 0.08, "hindi": 0.04, "vietnamese": -0.015, "turkish": 0.095,
    "greek": 0.065, "thai": 0.06, "romanian": 0.105,
}  # fmt: skip
DEFAULT_BACKGROUND, DEFAULT_SHIFT = 0.45, 0.06
GAIN = 1.5  # of a cosine above the mean
WORDS_WEIGHT, MEANING_WEIGHT = 0.6, 0.4


def weigh_evidence(language: str, coverage: float, cosine: float) -> float:
    """The support by words (`coverage`) and by meaning (`cosine`, WordLlama's), about 0 to 1.

    `language`: the sentence's.
    """
    meaning = max(cosine, 0.0)
    if language == DEFAULT_LANGUAGE:
        return 0.5 * coverage + 0.5 * meaning
    background = BACKGROUNDS.get(language, DEFAULT_BACKGROUND)
    meaning = min(max(cosine - background, 0.0) / (1 - background) * GAIN, coverage)
    shift = SHIFTS.get(language, DEFAULT_SHIFT)
    return WORDS_WEIGHT * coverage + MEANING_WEIGHT * meaning + shift
