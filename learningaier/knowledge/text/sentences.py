"""A rule-based sentence splitter: spans into the original text, pure regular expressions."""

import re
from itertools import pairwise

from learningaier.knowledge.text.folding import normalise
from learningaier.knowledge.text.scripts import LATIN_END, UNSPACED
from learningaier.knowledge.text.stopwords import EVERY

MAX_LENGTH = 600  # longer runs (tables, lists) are cut at a line break or a space
MAX_NOTES = 8  # "[1][2]" after a stop; without a bound each stop might read to the text's end

_CLOSERS = "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb)\\]\u300d\u300f\uff09\u3011"
# Marks that end a sentence with or without a space: of Chinese and Japanese, Arabic and Urdu,
# Hindi and its neighbours (danda), Armenian, Ethiopic, Khmer, Burmese, Tibetan.
_ALWAYS = (
    "\u3002\uff01\uff1f\uff61\u061f\u06d4\u0964\u0965\u0589\u1362\u1367\u17d4\u17d5\u104b\u0f0d"
)
_ARABIC_LETTER = "[\u0620-\u064a]"
_STOP = re.compile(
    rf"(?P<always>[{_ALWAYS}]++[{_CLOSERS}]*+"
    rf"|(?<={_ARABIC_LETTER}{{2}})[.!](?={_ARABIC_LETTER}{{2}}))"
    rf"|(?<![.!?\u2026])(?P<stop>[.!?\u2026]++[{_CLOSERS}]*+)"
    rf"(?P<note>(?:\[[^\]\n]{{1,40}}\]){{1,{MAX_NOTES}}}+|(?<!\d\.):?\d[\d\u2013-]{{0,7}}(?!\S))?(?=\s)"
)
_BLANK = re.compile(r"\n[ \t\r\f\v\u3000]*\n\s*|\f")
_OPENERS = (
    "\"'\u201c\u201e\u201a\u2018\u00ab\u00bb([\u00bf\u00a1"
    "\u300c\u300e#*\u2022-\u2013\u2014$\u20ac\u00a3"
)
_VISIBLE = re.compile(r"\S")
_LAST_WORD = re.compile(r"(\S+)$")
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof sr jr st mt ft gen col lt sgt capt cpl maj adm rev hon gov sen rep
    pres v vs etc al eg ie cf viz approx ca dept univ inc ltd co corp bros est resp incl excl
    ave blvd rd
    bzw mio mrd tsd geb gest vgl usw evtl ggf inkl zzgl bspw sog hl chr
    sra srta dra ud uds av avda mme mlle str ing dl dna doç yrd sn vb bkz yy
    ts pgs gs ths tp tzw ul
    им см ср ул тыс млн млрд стр рис табл проф акад ум род св обл руб соавт гг вв др пр
    κα δρ डॉ श्री प्रो ดร รศ ผศ นพ
    """.split()
)
# Abbreviations before a number only ("No. 5", "Fig. 3", "Jan. 2"): elsewhere words or names.
_BEFORE_NUMBER = frozenset(
    """
    c no nr núm pág págs nos vol vols p pp ch chap sec sect fig figs eq eqs ref refs tab ed
    eds art arts para jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri
    sat sun
    """.split()
)
# These end a sentence as often as not: a capital after them decides.
_WEAK = frozenset("etc al inc ltd co corp jr sr est st usw chr vb yy гг вв др пр руб".split())
_STARTERS = frozenset(
    """
    the a an this that these those it he she they we you i in on at by for with from as to
    of and but or if when while after before since although though however there here his
    her their its our my what who how why where which during because both each some many
    most all several another
    """.split()
)
# "am 3. Oktober", "im 19. Jahrhundert", "2. Dünya": an ordinal, by the word before or after it.
_ORDINAL_LEADS = frozenset(
    "am im vom zum zur der die das den dem des ab bis seit beim jeden und".split()
)
_ORDINAL_HEADS = frozenset(
    """
    januar februar märz april mai juni juli august september oktober november dezember jänner
    jahrhundert jahrhunderts jahrhunderten jahrtausend jh weltkrieg weltkriegs weltkrieges
    yüzyıl yüzyılda yüzyılın dünya
    """.split()
)
# Thai, Lao, Khmer and Burmese: a space parts phrases; some of them make a sentence.
_PHRASE_END = re.compile(
    rf"(?<=[{UNSPACED}])[ \t]+(?=[{UNSPACED}(\"\u201c])|(?<=[)\"\u201d])[ \t]+(?=[{UNSPACED}])"
)
MIN_PHRASES, MIN_BEFORE_WIDE_SPACE = 180, 40  # characters
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
    ends = [*_stops(text, start, end), *_phrase_ends(text, start, end)]
    cuts = sorted({*ends, *_line_breaks(text, start, end), end})
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
        if m.lastgroup == "always" or _ends(text, start, end, m)
    ]


def _phrase_ends(text: str, start: int, end: int) -> list[int]:
    """Where enough phrases of a script without full stops have come together."""
    ends: list[int] = []
    for space in _PHRASE_END.finditer(text, start, end):
        is_wide = space.end() - space.start() > 1
        if space.start() - start >= (MIN_BEFORE_WIDE_SPACE if is_wide else MIN_PHRASES):
            ends.append(space.start())
            start = space.end()
    return ends


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
    before = word.group(1).lstrip(_OPENERS)
    if _opens_item(word.group(1), lead) or _is_ordinal(before, lead, following):
        return False
    return (len(mark) > 1 and len(before) > 1) or not _abbreviated(before, following)


def _opens_item(word: str, lead: str) -> bool:
    """`1.` at the beginning of a line."""
    is_first = not lead.rpartition("\n")[2].strip() and ("\n" in lead or len(lead) < 12)
    return word.isdigit() and is_first


def _is_ordinal(before: str, lead: str, following: str) -> bool:
    if not before.isdigit() or len(before) > 2:
        return False
    head, words = _FIRST_WORD.match(following.lstrip(_OPENERS)), lead.split()
    if head is None:
        return False
    is_led = bool(words) and words[-1].lower() in _ORDINAL_LEADS
    return head.group().lower() in _ORDINAL_HEADS or (is_led and not _is_starter(head.group()))


def _is_starter(word: str) -> bool:
    return word.lower() in _STARTERS or (not word.isascii() and normalise(word) in EVERY)


def _abbreviated(before: str, following: str) -> bool:
    first = _FIRST_WORD.match(following.lstrip(_OPENERS))
    if first is not None and first.group() == "Chr":
        return True  # v. Chr.
    starter = first is not None and _is_starter(first.group())
    if first is not None and len(first.group()) == 1 and following[first.end() :][:1] == ".":
        starter = False  # J. A. Hobson
    bare = before.lower().replace(".", "")
    if bare in _BEFORE_NUMBER and (len(bare) > 1 or bare == before):
        return following.lstrip(_OPENERS)[:1].isdigit()
    if bare in _ABBREVIATIONS:
        return not (bare in _WEAK and starter)
    if re.fullmatch(r"[^\W\d_]", before):  # an initial: J. Smith
        is_initial = not before.islower() or before > LATIN_END  # г., κ., م.
        return is_initial and before != "I" and not starter
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
