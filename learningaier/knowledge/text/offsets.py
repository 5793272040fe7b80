"""Places in a text in UTF-16 units, as JavaScript, Java and C# count."""

from collections.abc import Sequence


def count_utf16(text: str) -> int:
    """The length of a text in UTF-16 units: two for each character beyond U+FFFF."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_utf16(text: str, places: Sequence[int]) -> list[int]:
    """Places in code points, ascending, as UTF-16 units. Linear in the text's length."""
    found: list[int] = []
    at = units = 0
    for place in places:
        units += count_utf16(text[at:place])
        at = place
        found.append(units)
    return found


def spans_to_utf16(text: str, spans: Sequence[Sequence[int]]) -> list[list[int]]:
    """Spans of a text, each `[start, end]` in code points, as UTF-16 units."""
    places = sorted({place for span in spans for place in span})
    units = dict(zip(places, to_utf16(text, places), strict=True))
    return [[units[place] for place in span] for span in spans]
