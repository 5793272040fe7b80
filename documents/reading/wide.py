"""Text of two or four bytes a letter without a byte order mark."""

import unicodedata
from collections import Counter

MIN_BYTES = 4
_CONTROLS = [bytes([code]) for code in range(1, 32) if code not in b"\t\n\f\r\x1b"]
_MAX_ODD = 0.02  # share of control codes and unassigned characters in what is a text
_ENOUGH = 0.02  # share of control codes from which bytes are no text of one byte a letter
_MOST = 0.6  # share of the letters that are of one script, in a text that could be ASCII


def guess_wide(data: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, by their zero bytes and by what comes out; else empty."""
    if len(data) < MIN_BYTES or _is_text_with_zeros(data):
        return ""
    candidates = _by_zeros(data) if b"\0" in data else []
    found = next((name for name in candidates if _is_plausible(data, name)), "")
    return found or _by_controls(data)


def is_utf8_in_part(data: bytes) -> bool:
    """Whether bytes are UTF-8, but perhaps for a letter that is cut at their end."""
    try:
        data[:-3].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 8
    return True


def _is_text_with_zeros(data: bytes) -> bool:
    """Whether this is UTF-8 with a zero byte here and there, rather than two bytes a letter.

    Without their zero bytes texts of two bytes a letter are control codes or no UTF-8, and the
    Latin ones have a zero in every letter.
    """
    zeros, kept = data.count(0), data.replace(b"\0", b"")
    controls = sum(kept.count(code) for code in (*_CONTROLS, b"\t", b"\f"))
    is_text = controls * 7 < len(kept) and is_utf8_in_part(kept)
    return 0 < zeros * 4 < len(data) and is_text


def _by_zeros(data: bytes) -> list[str]:
    zeros = [data[at::4].count(0) * 4 / len(data) for at in range(4)]
    if min(zeros[0], zeros[1]) > 0.9 and zeros[3] < 0.5:
        return ["utf-32-be"]
    if min(zeros[2], zeros[3]) > 0.9 and zeros[0] < 0.5:
        return ["utf-32-le"]
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if max(even, odd) < 0.02 or min(even, odd) > 0.02 * max(even, odd):
        return []
    return ["utf-16-be" if even > odd else "utf-16-le"]


def _by_controls(data: bytes) -> str:
    """UTF-16 of scripts whose letters have hardly a zero byte: Thai, Chinese, Japanese, Hindi.

    Their marks and many of their letters hold bytes that are control codes in any other encoding.
    Of the two orders of bytes it is the one with fewer values in the first place, the script's.
    """
    controls = sum(data.count(code) for code in (*_CONTROLS, b"\f"))
    has_many_zeros = data.count(0) * 5 > len(data)
    if len(data) % 2 or has_many_zeros or controls < _ENOUGH * len(data):
        return ""
    values = {"utf-16-be": len(set(data[0::2])), "utf-16-le": len(set(data[1::2]))}
    is_ascii = data.isascii()
    for name in sorted(values, key=lambda one: values[one]):
        if _is_plausible(data, name) and (not is_ascii or _is_of_one_script(data.decode(name))):
            return name
    return ""


def _is_of_one_script(text: str) -> bool:
    """Whether most letters belong to one script other than Chinese, as any two bytes look like."""
    letters = [character for character in text[:10_000] if character.isalpha()]
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in letters)
    [(script, count)] = scripts.most_common(1) or [("", 0)]
    return script != "CJK" and count > _MOST * len(letters)


def _is_plausible(data: bytes, encoding: str) -> bool:
    """Whether text comes out: hardly any control code, unassigned or private character."""
    text = data[: len(data) // 4 * 4 or None].decode(encoding, errors="replace")[:100_000]
    odd = sum(
        unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"} or character == "\ufffd"
        for character in text
        if character not in "\r\n\t\f"
    )
    return bool(text) and odd <= _MAX_ODD * len(text)
