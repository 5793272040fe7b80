"""Which language a text is in, as Snowball names it: by its script first, then by its words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from learningaier.knowledge.text.folding import normalise
from learningaier.knowledge.text.stopwords import FUNCTION_WORDS

SAMPLE = 20_000  # characters of a text that tell its language
MAX_WORDS = 2_000  # of the sample
DEFAULT_LANGUAGE = "english"

_SCRIPTS = {
    "latin": "a-z\u00e0-\u024f\u1e00-\u1eff",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "cyrillic": "\u0400-\u052f",
    "armenian": "\u0531-\u0587",
    "hebrew": "\u05d0-\u05ea",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u0750-\u077f",
    "devanagari": "\u0900-\u0963",
    "bengali": "\u0980-\u09fe",
    "tamil": "\u0b80-\u0bff",
    "thai": "\u0e01-\u0e4e",
    "lao": "\u0e81-\u0ece",
    "burmese": "\u1000-\u103f",
    "georgian": "\u10a0-\u10ff",
    "ethiopic": "\u1200-\u137f",
    "khmer": "\u1780-\u17d3",
    "kana": "\u3040-\u30ff",
    "han": "\u3400-\u9fff",
    "hangul": "\uac00-\ud7af",
}
_COUNTED = {name: re.compile(f"[{characters}]") for name, characters in _SCRIPTS.items()}
_OF_SCRIPT = {"greek": "greek", "devanagari": "hindi", "han": "chinese", "hangul": "korean"}
# Letters that only these write; the share of the script's letters from which they decide.
_OWN_LETTERS = {
    "cyrillic": (
        ("ukrainian", re.compile("[\u0456\u0457\u0454\u0491]"), 0.01),
        ("serbian", re.compile("[\u0458\u0459\u045a\u045b\u0452\u045f]"), 0.01),
    ),
    "arabic": (
        ("urdu", re.compile("[\u0679\u0688\u0691\u06ba\u06d2\u06c1]"), 0.01),
        ("persian", re.compile("[\u067e\u0686\u0698\u06af]"), 0.01),
    ),
}
_DEFAULTS = {"cyrillic": "russian", "arabic": "arabic"}
_WORD = re.compile(r"[^\W\d_]+(?:['\u0300-\u036f][^\W\d_]*)*")
MIN_KANA = 0.1  # of kana and Han together: Japanese, not Chinese


def _share_out(listed: Mapping[str, Iterable[str]]) -> dict[str, dict[str, float]]:
    """What each word speaks for each language: a word of four languages a quarter for each."""
    owners = Counter(word for words in listed.values() for word in words)
    weights: dict[str, dict[str, float]] = {}
    for language, words in listed.items():
        for word in words:
            weights.setdefault(word, {})[language] = 1.0 / owners[word]
    return weights


_WEIGHTS = _share_out(FUNCTION_WORDS)


def detect_language(text: str) -> str:
    """The language of a text or a question. English where nothing speaks for another."""
    sample = normalise(text[:SAMPLE])
    script = _find_script(sample)
    if script == "latin":
        return _find_latin(sample)
    for language, letters, share in _OWN_LETTERS.get(script, ()):
        if len(letters.findall(sample)) >= share * len(_COUNTED[script].findall(sample)):
            return language
    return _DEFAULTS.get(script) or _OF_SCRIPT.get(script, script)


def _find_script(sample: str) -> str:
    """The script that most of the letters are in."""
    if sample.isascii():
        return "latin"
    counts = {name: len(pattern.findall(sample)) for name, pattern in _COUNTED.items()}
    east = counts["kana"] + counts["han"]
    is_japanese = counts["kana"] > MIN_KANA * east
    counts["japanese" if is_japanese else "han"] = east
    if is_japanese:
        counts["han"] = counts["kana"] = 0
    return max(counts, key=lambda name: (counts[name], name == "latin"))


def _find_latin(sample: str) -> str:
    counts = Counter(_WORD.findall(sample)[:MAX_WORDS])
    scores: Counter[str] = Counter({DEFAULT_LANGUAGE: 0})
    for word, count in counts.items():
        for language, weight in _WEIGHTS.get(word, {}).items():
            scores[language] += count * weight  # type: ignore[assignment]
    return max(scores, key=lambda name: (scores[name], name == DEFAULT_LANGUAGE))
