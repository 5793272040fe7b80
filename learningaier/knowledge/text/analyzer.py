"""Text to index terms: one analyzer for chunks and for questions."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

from learningaier.knowledge.text.folding import fold, normalise
from learningaier.knowledge.text.irregular import BASES
from learningaier.knowledge.text.languages import DEFAULT_LANGUAGE, detect_language
from learningaier.knowledge.text.markup import strip_marks
from learningaier.knowledge.text.numbers import FIGURE_ENDING, find_decades, respell_number
from learningaier.knowledge.text.scripts import CJK, MARKS, UNSPACED
from learningaier.knowledge.text.signs import spell_signs
from learningaier.knowledge.text.stopwords import TONELESS, stopwords

_LETTER = rf"[^\W_{CJK}{UNSPACED}]"
_WORD = rf"{_LETTER}+(?:[{MARKS}]+{_LETTER}*)*"
_TOKEN = re.compile(
    rf"(?P<cjk>[{CJK}]+)"
    rf"|(?P<unspaced>[{UNSPACED}]+)"
    r"|(?P<acronym>(?:[^\W\d_]\.){2,})"  # u.s.  e.u.
    r"|(?P<number>\d+(?:[.,]\d+)+)"  # 1,000  3.14
    rf"|(?P<figure>\d+)(?:{FIGURE_ENDING})"  # 1970s  2nd  1565'te
    rf"|(?P<word>{_WORD}(?:'{_WORD})*)"
)
_RAW_WORD = re.compile(rf"\w[\w{MARKS}'\u2019]*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_CJK_GRAM, _UNSPACED_GRAM = 2, 3  # characters of the overlapping terms of a run without spaces

MAX_TERM = 64  # characters; an index of PostgreSQL takes 2,700 bytes
_CUT = "~"  # stands before the hash of a longer word; no word has it of its own
_HASH_BYTES = 8

_CAPITALISED = re.compile(r"\b[^\W\d_a-z][^\W\d_]+")
_ALL_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_NUMERAL = re.compile(r"(?<!^)\b[A-Z][a-z]+ (I|V|X)\b")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
VIETNAMESE, ENGLISH = "vietnamese", "english"
TONELESS_MARK = "~"  # before a Vietnamese term without its tones; no word has it

# Phrases that frame a question and never occur in its answer.
_FRAMES = re.compile(
    r"\b(?:stands? for|is meant by|(?:does|do|did)(?= .{1,60}\bmean\b)|(?<=\S )means?(?=\W*$))"
    "|是什[么麼]|什[么麼]是|[为為]什[么麼]|什[么麼]|怎[么麼樣样]*|如何|[谁誰]|哪[里裡个個些]?|多少"
    "|[几幾]|何[时時]|有哪些|[吗嗎呢]|とは何ですか|とは|何ですか|ですか|ますか|なぜ|どこ|いつ|どのように|何"
    "|무엇(?:입니까|인가요?|을|이)?|누가|누구|[했었았]?습니까|언제|어디(?:에서?)?|어떻게"
    "|얼마나?|입니까|인가요?"
    "|คืออะไร|อะไร|ใคร|ที่ไหน|ไหน|เมื่อ(?:ไหร่|ไร|ใด)|อย่างไร|ยังไง|ทำไม|เพราะเหตุใด|เท่า(?:ไหร่|ไร|ใด)"
    "|กี่|(?<=[ก-ฮ])ใด|บ้าง|หรือไม่|ไหม"
    "|ແມ່ນຫຍັງ|ຫຍັງ|ໃຜ|ຢູ່ໃສ|ເມື່ອໃດ|ແນວໃດ|ເປັນຫຍັງ|ເທົ່າໃດ|ຈັກ"
    "|អ្វី|នរណា|ឯណា|ពេលណា|យ៉ាងដូចម្តេច|ហេតុអ្វី|ប៉ុន្មាន|ဘာလဲ|ဘာ|ဘယ်သူ|ဘယ်မှာ|ဘယ်တော့|ဘယ်လို|ဘာကြောင့်|ဘယ်လောက်",
    re.I,
)
_STEMMED = {
    "arabic", "armenian", "czech", "danish", "dutch", "english", "finnish", "french", "german",
    "greek", "hindi", "hungarian", "indonesian", "italian", "norwegian", "persian", "polish",
    "portuguese", "romanian", "russian", "serbian", "spanish", "swedish", "tamil", "turkish",
}  # fmt: skip


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language, 0)


@lru_cache(maxsize=100_000)
def stem(word: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Stem first (stemmers need the accents), fold afterwards; Vietnamese keeps its tones.

    Latin words among letters without a stemmer of their own are taken for English.
    """
    if word[0].isdigit() or _CUT in word:
        return word
    if language == VIETNAMESE:
        return word
    if language not in _STEMMED:
        if not word.isascii():
            return fold(word)
        language = DEFAULT_LANGUAGE
    if language == DEFAULT_LANGUAGE:  # which has no accents: Schrödinger is Schrodinger
        word = BASES.get(word) or fold(word)
    return fold(_stemmer(language).stemWord(word)) or fold(word)


def words(text: str, *, has_parts: bool = True) -> list[str]:
    """Normalised surface words in order; runs without spaces as overlapping groups.

    Marks of Markdown part no word, and signs count as words. `has_parts`: whether `IL-2` counts as
    its parts too, as in a text; a question means the whole.

    A word of more than MAX_TERM characters (a hex dump, a sequence of DNA) is its beginning and a
    hash: it is found as a whole, and fits into an index.
    """
    found: list[str] = []
    spelled = spell_signs(strip_marks(text), has_parts=has_parts)
    for match in _TOKEN.finditer(normalise(spelled)):
        token = match.group()
        if match.lastgroup == "word":
            found.append(token)
        elif match.lastgroup == "figure":
            found.append(match["figure"])
        elif match.lastgroup == "cjk":
            found += _overlap(token, _CJK_GRAM)
        elif match.lastgroup == "unspaced":
            found += _overlap(token, _UNSPACED_GRAM)
        elif match.lastgroup == "acronym":
            found.append(token.replace(".", ""))
        else:
            found += (
                [token.replace(",", "")] if _THOUSANDS.fullmatch(token) else _split_number(token)
            )
    return [word if len(word) <= MAX_TERM else _cut(word) for word in found]


def _cut(word: str) -> str:
    digest = hashlib.blake2b(word.encode(), digest_size=_HASH_BYTES).hexdigest()
    return f"{word[: MAX_TERM - len(_CUT) - len(digest)]}{_CUT}{digest}"


def _overlap(run: str, size: int) -> list[str]:
    return [run[at : at + size] for at in range(len(run) - size + 1)] or [run]


def _split_number(token: str) -> list[str]:
    return [token] if re.fullmatch(r"\d+\.\d+", token) else re.split(r"[.,]", token)


def terms(text: str, language: str = DEFAULT_LANGUAGE) -> list[str]:
    """Index terms of a chunk or a sentence, in order, stop words included.

    A Vietnamese word with tones is followed by itself without them, as it is often typed.
    """
    found = words(text)
    if language != VIETNAMESE:
        return [stem(word, language) for word in found]
    return [term for word in found for term in _with_toneless(word)]


def _with_toneless(word: str) -> tuple[str, ...]:
    if word.isascii() or fold(word) == word:
        return (word,)
    return word, TONELESS_MARK + fold(word)


def names(question: str, language: str = DEFAULT_LANGUAGE) -> set[str]:
    """Terms a question writes as names or figures: capitals after the first word, or digits."""
    found: set[str] = set()
    spelled = spell_signs(strip_marks(question), has_parts=False)
    for at, word in enumerate(_RAW_WORD.findall(spelled)):
        if (at and word[0].isupper()) or word[0].isdigit() or sum(map(str.isupper, word)) > 1:
            found.update(terms(word, language))
    return found


def query_words(
    question: str, languages: Iterable[str] = (DEFAULT_LANGUAGE,)
) -> tuple[tuple[str, ...], ...]:
    """Content words of a question in order, each as its terms in the given languages.

    All its words, where nothing else is left. A question is analysed once, though retrieval,
    ranking and answering all ask for its words.
    """
    return _analyse_question(question, tuple(languages))


@lru_cache(maxsize=256)
def _analyse_question(question: str, languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    surface = words(_FRAMES.sub(" ", question), has_parts=False)
    ignored = stopwords(detect_language(question)) - _capitals(question)
    is_toneless = VIETNAMESE in languages and question.isascii()
    if is_toneless and _is_vietnamese(surface):
        ignored |= TONELESS
    content = [word for word in surface if word not in ignored] or surface
    named = {word.lower() for word in _CAPITALISED.findall(question)}
    decades = find_decades(question)
    spelled = []
    for word in content:
        spellings = [word, *decades.get(word, ()), *respell_number(word, (ENGLISH, *languages))]
        if word in named or "german" in languages:
            spellings += _respell_name(word)
        variants = [stem(one, name) for one in spellings for name in languages]
        if is_toneless:
            variants.append(TONELESS_MARK + word)
        spelled.append(tuple(dict.fromkeys(variants)))
    return tuple(dict.fromkeys(spelled))


def _capitals(question: str) -> set[str]:
    """Words that capitals make names: WHO, IT, US, the I of "World War I"."""
    if question.isupper():
        return set()
    numerals = {match.group(1) for match in _NUMERAL.finditer(question)}
    return {word.lower() for word in [*_ALL_CAPITALS.findall(question), *numerals]}


def _respell_name(word: str) -> list[str]:
    """Goedel and Gödel, each for the other."""
    bare = re.sub(r"(?<![aeiouq])([aou])e", r"\1", word)
    full = word.translate(_UMLAUTS)
    return [other for other in (bare, full) if other != word]


def _is_vietnamese(surface: list[str]) -> bool:
    """Whether a question without any accent is Vietnamese: two in five words are its stop words."""
    return 5 * sum(word in TONELESS for word in surface) >= 2 * len(surface)


def query_terms(question: str) -> list[str]:
    """Content terms of a question in order, in English."""
    return [first for first, *_ in query_words(question)]
