"""Whether a sentence holds the kind of thing that a question asks for: a number, a date, a name."""

import re

from learningaier.knowledge.text.analyzer import query_terms, stem, words
from learningaier.knowledge.text.folding import fold, normalise

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_COUNTS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?|thousands?"
    "|millions?|billions?|half|third|quarter|twice|once|single|several|first|second"
)
_KINDS = (
    (
        re.compile(
            r"\bhow (?:many|much|long|old|far|large|big|tall|high|fast|often|deep|wide|heavy)\b"
            r"|\b(?:what|which) (?:percent|number|portion|proportion|amount|fraction|population)"
            r"|\bpercent"
        ),
        re.compile(rf"\d|\b(?:{_COUNTS})\b", re.I),
    ),
    (
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b"),
        re.compile(
            rf"\b(?:1\d{{3}}|20\d\d)s?\b|\b(?:{_MONTHS})\b|\bcentur|\bdecade"
            r"|\b\d+ (?:AD|BCE?|CE)\b",
            re.I,
        ),
    ),
    (
        re.compile(r"\bstands? for\b|\bacronym|\babbreviat|\bshort for\b"),
        re.compile(r"\([A-Z][\w-]*[A-Z]s?\)|\b[A-Z]{2,}s? \("),
    ),
    (
        re.compile(r"\bwhy\b|\bwhat (?:caused|causes|reason)"),
        re.compile(
            r"\b(?:because|due to|since|so that|in order to|therefore|as a result"
            r"|result(?:ed|s)? (?:in|from)|caus\w+|led to|reason|thus|to avoid)\b",
            re.I,
        ),
    ),
    (  # a date, in other languages
        re.compile(
            r"\bwann\b|\bwelche[msn] (?:jahr|datum|jahrhundert)"
            r"|\bcuándo\b|\bqué (?:año|fecha|siglo|día|mes|década)"
            r"|\bquand\b|\bquelle (?:année|date)|\bquando\b|\b(?:che|quale|que) an[no]o?\b"
            r"|\bcând\b|\bce (?:an|dată|secol|zi|lună)\b"
            r"|\bкогда\b|\bкак(?:ом|ой|ого) (?:год|век|числ|дат)"
            r"|\bπότε\b|\bποι[οα]ν? (?:έτος|χρον|ημερομηνία|αιών)"
            r"|\bne zaman\b|\bhangi (?:yıl|tarih|yüzyıl|ay|gün)"
            r"|\b(?:khi|năm|ngày|thế kỷ) nào\b|\bbao giờ\b"
            r"|مت[ىي]|اي (?:عام|سنة|قرن|تاريخ)|कब(?= |\?|$)|किस (?:वर्ष|साल|सन|तारीख|शताब्दी)"
            r"|เมื่อ(?:ไหร่|ไร|ใด)|ปี(?:ใด|ไหน)|何时|什么时候|哪一?年|何年|几月|哪天"
        ),
        re.compile(
            r"\d|jahrhundert|siglo|siècle|secol|século|\bвек|αιών|yüzyıl|thế kỷ"
            r"|قرن|शताब्दी|ศตวรรษ|世[纪紀]",
            re.I,
        ),
    ),
    (  # a number, in other languages
        re.compile(
            r"\bwie ?viele?\b|\bwie (?:hoch|groß|lang|alt|weit|oft)\b|\bprozent"
            r"|\bcuánt[oa]s?\b|\bporcentaje\b|\bcombien\b|\bquant[iaeo]s?\b"
            r"|\bc[âa][tț](?:i|e|ă)\b|\bprocent"
            r"|\bсколько\b|\bпроцент|\bπόσ(?:οι|ες|α|ους|ων)\b|\bποσοστό"
            r"|\bkaç\b|\byüzde\b|\bbao nhiêu\b|\bmấy\b"
            r"|(?:^|\W)كم\W|(?:نسبة|عدد)|कितन[ाेी]|प्रतिशत|กี่|เท่า(?:ไร|ไหร่|ใด)|多少|几"
        ),
        re.compile(
            r"\d|\b(?:ein[esr]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hälfte)\b"
            r"|\b(?:un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|mitad|deux|trois)\b"
            r"|\b(?:doi|două|trei|patru|cinci|șase|șapte|opt|nouă|zece|jumătate)\b"
            r"|hundert|tausend|million|cien|\bmil\b|\bmii\b|\bsut"
            r"|\b(?:од[ин]|дв[аеу]|тр[ие]|четыр|пят|шест|сем[ьи]|вос[еь]м|девят|десят|сто\b|тысяч"
            r"|миллион|половин|трет)"
            r"|\b(?:ένα|μία|δύο|τρ[εί]|τέσσερ|πέντε|έξι|επτά|οκτώ|εννέα|δέκα|εκατ|χίλι|μισ)"
            r"|\b(?:bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz|on|yüz|bin|milyon|yarı)"
            r"|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|trăm|nghìn|triệu|nửa)\b"
            r"|واحد|اثن|ثلاث|اربع|خمس|ست[ةه]?\b|سبع|ثمان|تسع|عشر|مئ|مائ|الف|مليون|نصف"
            r"|एक|दो|तीन|चार|पा[ंँ]च|छह|सात|आठ|नौ|दस|सौ|हजार|लाख|करोड़|आध"
            r"|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน|ล้าน|ครึ่ง"
            r"|[一二三四五六七八九十百千万亿半两]",
            re.I,
        ),
    ),
)
_FIGURES = (*_KINDS[:2], *_KINDS[-2:])  # the kinds that ask for a number or a date
_NAMED = re.compile(
    r"\bwho(?:m|se)?\b|\bwhere\b|\b(?:what|which) (?:country|city|state|town|region|place"
    r"|location|continent|nation|river|street|area|district|countries|cities)\b"
)
_NAME = re.compile(r"(?<=[\w,;:)\]] )[\"'(\u201c]?([A-Z][\w'\u2019-]+)")
# Languages whose capitals stand for names, as in English.
_NAMED_ELSEWHERE = re.compile(
    r"\bquién(?:es)?\b|\bd[óo]nde\b|\bcine\b|\bcui\b|\bunde\b|\bкто\b|\bкем\b|\bкого\b|\bкому\b"
    r"|\bгде\b|\bποιος\b|\bποιοι\b|\bποιον\b|\bπού\b|\bkim(?:dir|in|e|i|ler)?\b"
    r"|\bnerede\b|\bai\b|\bở đâu\b"
)
_CAPITAL = re.compile(
    r"(?<=[\w,;:)\]] )[\"'(\u201c\u00ab]?([A-Z\u00c0-\u00de\u0102\u0110\u0130\u015e\u0218\u021a"
    r"\u0386-\u03ab\u0410-\u042f][\w'\u2019-]+)"
)
_SHARED_STEM = 4  # letters by which a name of the question is known again


def answer_type_match(question: str, sentence: str) -> float:
    """1 if the sentence holds the kind of thing asked for, 0 if not, 0.5 where nobody can tell."""
    asked = normalise(question)
    for kind, evidence in _KINDS:
        if kind.search(asked):
            return 1.0 if evidence.search(_readable(sentence)) else 0.0
    if _NAMED.search(asked):
        known = set(query_terms(question))
        named = (word for name in _NAME.findall(sentence) for word in words(name))
        return 1.0 if any(stem(word) not in known for word in named) else 0.0
    if _NAMED_ELSEWHERE.search(asked):
        beginnings = {fold(word)[:_SHARED_STEM] for word in words(question)}
        names = (fold(word)[:_SHARED_STEM] for word in words(" ".join(_CAPITAL.findall(sentence))))
        return 1.0 if any(name not in beginnings for name in names) else 0.0
    return 0.5


def lacks_figure(question: str, sentence: str) -> bool:
    """Whether a number or a date is asked for, and the sentence has none in any language."""
    asked, text = normalise(question), _readable(sentence)
    if not any(kind.search(asked) for kind, _ in _FIGURES):
        return False
    return not any(evidence.search(text) for _, evidence in _FIGURES)


def _readable(sentence: str) -> str:
    """Letters and figures as patterns have them; capitals tell abbreviations, so those stay."""
    return sentence if sentence.isascii() else f"{sentence} {normalise(sentence)}"
