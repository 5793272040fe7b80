"""How long a text takes to read."""

import math
import re

from learningaier.knowledge.text.chunking import count_words
from learningaier.knowledge.text.scripts import CJK

PER_MINUTE = 250  # words, or characters of Chinese
_CJK = re.compile(f"[{CJK}]")


def estimate_reading_seconds(text: str) -> int:
    """Seconds for a text: 250 words or characters of Chinese a minute, rounded up."""
    spaced, characters = _CJK.subn(" ", text)
    return math.ceil((count_words(spaced) + characters) * 60 / PER_MINUTE)
