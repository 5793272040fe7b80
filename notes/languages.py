"""Tags of languages: which one a text is in, and which two are one language."""

import re
from collections.abc import Iterable

from learningaier.knowledge.text.languages import detect_language

GENERIC = "generic"  # a text of no language in particular, as formulas
MAX_TAG = 16  # characters
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

# What the index calls a language, or a script that writes mainly one.
_TAGS = {
    "arabic": "ar",
    "armenian": "hy",
    "bengali": "bn",
    "burmese": "my",
    "chinese": "zh",
    "czech": "cs",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "ethiopic": "am",
    "finnish": "fi",
    "french": "fr",
    "georgian": "ka",
    "german": "de",
    "greek": "el",
    "hebrew": "he",
    "hindi": "hi",
    "hungarian": "hu",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "khmer": "km",
    "korean": "ko",
    "lao": "lo",
    "norwegian": "no",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "serbian": "sr",
    "spanish": "es",
    "swedish": "sv",
    "tamil": "ta",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "urdu": "ur",
    "vietnamese": "vi",
}
DEFAULT_TAG = "en"


def tell_language(text: str) -> str:
    """The tag of the language that a text is in."""
    return _TAGS.get(detect_language(text), DEFAULT_TAG)


def read_tag(tag: str) -> str | None:
    """The tag with its language in small letters; None for what is none."""
    language, dash, rest = tag.strip().partition("-")
    clean = language.lower() + dash + rest
    if len(clean) > MAX_TAG or not (clean == GENERIC or _TAG.fullmatch(clean)):
        return None
    return clean


def base_of(tag: str) -> str:
    """The language without script and region: `zh` of `zh-Hant`."""
    return tag.partition("-")[0]


def find_tag(wanted: str, tags: Iterable[str]) -> str | None:
    """The one of these that is this language: to the letter, else without script and region."""
    known = list(tags)
    if wanted in known:
        return wanted
    return next((tag for tag in known if base_of(tag) == base_of(wanted)), None)
