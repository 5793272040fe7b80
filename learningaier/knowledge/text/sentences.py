"""A rule-based sentence splitter: spans into the original text, pure regular expressions."""

import re
from itertools import pairwise

MAX_LENGTH = 600  # longer runs (tables, lists) are cut at a line break or a space
MAX_NOTES = 8  # "[1][2]" after a stop; without a bound each stop might read to the text's end

_CLOSERS = "\"'\u201d\u2019\u00bb)\\]\u300d\u300f\uff09\u3011"
_STOP = re.compile(
    rf"(?P<cjk>[\u3002\uff01\uff1f\uff61]++[{_CLOSERS}]*+)"
    rf"|(?<![.!?\u2026])(?P<stop>[.!?\u2026]++[{_CLOSERS}]*+)"
    rf"(?P<note>(?:\[[^\]\n]{{1,20}}\]){{1,{MAX_NOTES}}}+|(?<!\d\.):?\d[\d\u2013-]{{0,7}}(?!\S))?(?=\s)"
)
_BLANK = re.compile(r"\n[ \t\r\f\v\u3000]*\n\s*|\f")
_OPENERS = "\"'\u201c\u2018\u00ab([\u300c\u300e#*\u2022-\u2013\u2014$\u20ac\u00a3"
_VISIBLE = re.compile(r"\S")
_LAST_WORD = re.compile(r"(\S+)$")
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof sr jr st mt ft gen col lt sgt capt cpl maj adm rev hon gov sen rep
    pres vs etc al eg ie cf viz approx ca dept univ inc ltd co corp bros est resp incl excl
    ave blvd rd
    """.split()
)
# Abbreviations before a number only ("No. 5", "Fig. 3", "Jan. 2"): elsewhere words or names.
_BEFORE_NUMBER = frozenset(
    """
    c no nos nr vol vols p pp ch chap sec sect fig figs eq eqs ref refs tab ed eds art arts
    para jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
    """.split()
)
# These end a sentence as often as not: a capital after them decides.
_WEAK = frozenset("etc al inc ltd co corp jr sr est st".split())
_STARTERS = frozenset(
    """
    the a an this that these those it he she they we you i in on at by for with from as to
    of and but or if when while after before since although though however there here his
    her their its our my what who how why where which during because both each some many
    most all several another
    """.split()
)
_BULLET = re.compile(r"(?:[-*+\u2022\u25cf\u25aa\u2013]|\(?\d{1,3}[.)]|#{1,6}|\|)\s")
_FIRST_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, without surrounding white space, in order."""
    spans: list[tuple[int, int]] = []
    start = 0
    for blank in _BLANK.finditer(text):
        spans += _split_block(text, start, blank.start())
        start = blank.end()
    spans += _split_block(text, start, len(text))
    return spans


def _split_block(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = sorted({*_stops(text, start, end), *_line_breaks(text, start, end), end})
    spans: list[tuple[int, int]] = []
    for cut in cuts:
        spans += _pieces(text, *_strip(text, start, cut))
        start = cut
    return spans


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _skip_space(text: str, start: int, end: int) -> int:
    """Where the next word begins. Nothing is copied: a line may have 15 MB."""
    word = _VISIBLE.search(text, start, end)
    return word.start() if word else end


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The span itself, or several when it is far too long to quote."""
    found: list[tuple[int, int]] = []
    while end - start > MAX_LENGTH:
        window = text[start : start + MAX_LENGTH]
        half = MAX_LENGTH // 2
        at = max(window.rfind("\n", half), window.rfind("; ", half) + 1)
        at = at if at > half else window.rfind(" ", half)
        at = at if at > 0 else MAX_LENGTH
        found.append(_strip(text, start, start + at))
        start = _skip_space(text, start + at, end)
    if start < end:
        found.append((start, end))
    return found


def _stops(text: str, start: int, end: int) -> list[int]:
    return [
        m.end()
        for m in _STOP.finditer(text, start, end)
        if m.lastgroup == "cjk" or _ends(text, start, end, m)
    ]


def _ends(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether a stop followed by white space really ends a sentence."""
    following = text[match.end() : min(end, match.end() + 40)].lstrip()
    if not following:
        return True
    head = following.lstrip(_OPENERS)[:1]
    if head.islower():
        return False
    mark = match.group("stop")
    if mark[0] != "." or mark.startswith(".."):
        return True
    word = _LAST_WORD.search(text, max(start, match.start() - 30), match.start())
    if word is None:
        return False  # ". . ." stands apart
    lead = text[max(start, word.start() - 12) : word.start()]
    if (
        word.group(1).isdigit()
        and not lead.rpartition("\n")[2].strip()
        and ("\n" in lead or len(lead) < 12)
    ):
        return False  # "1." opens a list item
    before = word.group(1).lstrip(_OPENERS)
    return (len(mark) > 1 and len(before) > 1) or not _abbreviated(before, following)


def _abbreviated(before: str, following: str) -> bool:
    first = _FIRST_WORD.match(following.lstrip(_OPENERS))
    starter = first is not None and first.group().lower() in _STARTERS
    bare = before.lower().replace(".", "")
    if bare in _BEFORE_NUMBER:
        return following.lstrip(_OPENERS)[:1].isdigit()
    if bare in _ABBREVIATIONS:
        return not (bare in _WEAK and starter)
    if re.fullmatch(r"[^\W\d_]", before):  # an initial: J. Smith
        return before.isupper() and before != "I" and not starter
    return (
        re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", before) is not None and not starter
    )  # U.S., a.m.


def _line_breaks(text: str, start: int, end: int) -> list[int]:
    """Line ends that are not mere wrapping: lists, headings, notes with one fact a line."""
    lines: list[tuple[int, int]] = []
    at = start
    for line in text[start:end].split("\n"):
        lines.append((at, at + len(line.rstrip())))
        at += len(line) + 1
    if len(lines) < 2:
        return []
    width = sorted(b - a for a, b in lines)[len(lines) // 2]
    listed = len(lines) > 2 and all(_heads(text[a:b]) for a, b in lines)
    return [
        b
        for (a, b), after in pairwise(lines)
        if listed or _hard(text[a:b], text[slice(*after)], width)
    ]


def _heads(line: str) -> bool:
    head = line.lstrip().lstrip(_OPENERS)[:1]
    return head.isupper() or head.isdigit() or _BULLET.match(line.lstrip()) is not None


def _hard(line: str, after: str, width: int) -> bool:
    """A break that wrapping does not explain: the next line's first word would have fitted here."""
    line, after = line.strip(), after.strip()
    if _BULLET.match(after) or line.startswith("#"):
        return True
    fits = len(line) + 1 + len(after.split(" ", 1)[0])
    return _heads(after) and (width < 40 or fits < 0.75 * width)
