"""Files with something that readers get wrong, and what their text must and must not hold."""

import json
import re
from pathlib import Path

FAULTS = Path(__file__).parent / "data" / "faults"
EXPECTED = json.loads((FAULTS / "expected.json").read_text(encoding="utf-8"))


def find_faults(name, text, warnings):
    """What is wrong with a text: a sentence each."""
    expected = EXPECTED[name]
    if expected.get("warn_ok") and warnings:
        return []
    wrong = [f"lacks {words!r}" for words in expected.get("has", []) if words not in text]
    wrong += [f"holds {words!r}" for words in expected.get("not", []) if words in text]
    wrong += [
        f"has {words!r} {text.count(words)} times"
        for words in expected.get("once", [])
        if text.count(words) != 1
    ]
    wrong += [
        f"nothing like {pattern!r}"
        for pattern in expected.get("re", [])
        if not re.search(pattern, text)
    ]
    if len(text.split()) < expected.get("min_words", 0):
        wrong.append(f"has {len(text.split())} words")
    return wrong
