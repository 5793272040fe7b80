"""Text to index terms: one analyzer for chunks and for questions."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

from learningaier.knowledge.text.marks import normalise_compatible
from learningaier.knowledge.text.markup import strip_marks
from learningaier.knowledge.text.scripts import CJK
from learningaier.knowledge.text.signs import spell_signs
from learningaier.knowledge.text.stopwords import OWN, stopwords

_TOKEN = re.compile(
    rf"(?P<cjk>[{CJK}]+)"
    r"|(?P<acronym>(?:[^\W\d_]\.){2,})"  # u.s.  e.u.
    r"|(?P<number>\d+(?:[.,]\d+)+)"  # 1,000  3.14
    rf"|(?P<word>(?:(?![{CJK}])[^\W_])+(?:'(?:(?![{CJK}])[^\W_])+)*)"
)
_RAW_WORD = re.compile(r"\w[\w'\u2019]*")
_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\uff07": "'", "\u00ad": None})
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")

MAX_TERM = 64  # characters; an index of PostgreSQL takes 2,700 bytes
_CUT = "~"  # stands before the hash of a longer word; no word has it of its own
_HASH_BYTES = 8

_CAPITALISED = re.compile(r"\b[^\W\d_a-z][^\W\d_]+")
_ALL_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_NUMERAL = re.compile(r"(?<!^)\b[A-Z][a-z]+ (I|V|X)\b")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()

SAMPLE = 20_000  # characters of a text that tell its language

# Phrases that frame a question and never occur in its answer.
_FRAMES = re.compile(
    r"\b(?:stands? for|is meant by|(?:does|do|did)(?= .{1,60}\bmean\b)|(?<=\S )means?(?=\W*$))"
    "|是什[么麼]|什[么麼]是|[为為]什[么麼]|什[么麼]|怎[么麼樣样]*|如何|[谁誰]|哪[里裡个個些]?|多少"
    "|[几幾]|何[时時]|有哪些|[吗嗎呢]|とは何ですか|とは|何ですか|ですか|ますか|なぜ|どこ|いつ|どのように|何"
    "|무엇(?:입니까|인가요?|을|이)?|누가|누구|[했었았]?습니까|언제|어디(?:에서?)?|어떻게"
    "|얼마나?|입니까|인가요?",
    re.I,
)


def normalise(text: str) -> str:
    """NFKC, lower case, one kind of apostrophe; no soft hyphens."""
    return normalise_compatible(text).lower().translate(_APOSTROPHES)


def fold(word: str) -> str:
    """Drop Latin, Greek and Cyrillic diacritics; dakuten, Hangul, Arabic and Indic signs stay."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", word)))


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language, 0)


@lru_cache(maxsize=100_000)
def stem(word: str, language: str = "english") -> str:
    """Stem first (stemmers need the accents), fold afterwards."""
    if word[0].isdigit() or _CUT in word:
        return word
    return fold(_stemmer(language).stemWord(word)) or fold(word)


def words(text: str, *, has_parts: bool = True) -> list[str]:
    """Normalised surface words in order; CJK runs as overlapping pairs.

    Marks of Markdown part no word, and signs count as words. `has_parts`: whether `IL-2` counts as
    its parts too, as in a text; a question means the whole.

    A word of more than MAX_TERM characters (a hex dump, a sequence of DNA) is its beginning and a
    hash: it is found as a whole, and fits into an index.
    """
    found: list[str] = []
    spelled = spell_signs(strip_marks(text), has_parts=has_parts)
    for match in _TOKEN.finditer(normalise(spelled)):
        token = match.group()
        if match.lastgroup == "cjk":
            found += [token[i : i + 2] for i in range(len(token) - 1)] or [token]
        elif match.lastgroup == "acronym":
            found.append(token.replace(".", ""))
        elif match.lastgroup == "number":
            found += (
                [token.replace(",", "")] if _THOUSANDS.fullmatch(token) else _split_number(token)
            )
        else:
            found.append(token)
    return [word if len(word) <= MAX_TERM else _cut(word) for word in found]


def _cut(word: str) -> str:
    digest = hashlib.blake2b(word.encode(), digest_size=_HASH_BYTES).hexdigest()
    return f"{word[: MAX_TERM - len(_CUT) - len(digest)]}{_CUT}{digest}"


def _split_number(token: str) -> list[str]:
    return [token] if re.fullmatch(r"\d+\.\d+", token) else re.split(r"[.,]", token)


def terms(text: str, language: str = "english") -> list[str]:
    """Index terms of a chunk or a sentence, in order, stop words included."""
    return [stem(word, language) for word in words(text)]


def names(question: str, language: str = "english") -> set[str]:
    """Terms a question writes as names or figures: capitals after the first word, or digits."""
    found: set[str] = set()
    spelled = spell_signs(strip_marks(question), has_parts=False)
    for at, word in enumerate(_RAW_WORD.findall(spelled)):
        if (at and word[0].isupper()) or word[0].isdigit() or sum(map(str.isupper, word)) > 1:
            found.update(terms(word, language))
    return found


def detect_language(text: str) -> str:
    """The language whose function words are most among the first 2,000, as Snowball names it.

    English where nothing speaks for another: figures, code, Chinese.
    """
    counts = Counter(words(text[:SAMPLE])[:2000])
    shares = {name: sum(counts[word] for word in listed) for name, listed in OWN.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > shares["english"] else "english"


def query_words(question: str, languages: Iterable[str] = ("english",)) -> list[tuple[str, ...]]:
    """Content words of a question in order, each as its terms in the given languages.

    All its words, where nothing else is left.
    """
    surface = words(_FRAMES.sub(" ", question), has_parts=False)
    ignored = stopwords(detect_language(question)) - _capitals(question)
    content = [word for word in surface if word not in ignored] or surface
    languages = list(languages)
    named = {word.lower() for word in _CAPITALISED.findall(question)}
    spelled = []
    for word in content:
        spellings = [word, *_respell(word, is_name=word in named or "german" in languages)]
        variants = [stem(one, name) for one in spellings for name in languages]
        spelled.append(tuple(dict.fromkeys(variants)))
    return list(dict.fromkeys(spelled))


def _capitals(question: str) -> set[str]:
    """Words that capitals make names: WHO, IT, US, the I of "World War I"."""
    if question.isupper():
        return set()
    numerals = {match.group(1) for match in _NUMERAL.finditer(question)}
    return {word.lower() for word in [*_ALL_CAPITALS.findall(question), *numerals]}


def _respell(word: str, *, is_name: bool) -> list[str]:
    """Other ways to write a word: figures and small number words; Goedel and Gödel, in a name."""
    if word in _NUMBERS:
        return [str(_NUMBERS.index(word))]
    if word.isdigit() and len(word) < 3 and int(word) < len(_NUMBERS):
        return [_NUMBERS[int(word)]]
    if not is_name:
        return []
    bare = re.sub(r"(?<![aeiouq])([aou])e", r"\1", word)
    full = word.translate(_UMLAUTS)
    return [other for other in (bare, full) if other != word]


def query_terms(question: str) -> list[str]:
    """Content terms of a question in order, in English."""
    return [first for first, *_ in query_words(question)]
