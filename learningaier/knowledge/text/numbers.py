"""Ways to write one number: 4 and four, II and 2, 1970s and the 70s."""

import re
from collections.abc import Iterable

from learningaier.knowledge.text.folding import normalise

_LISTED = {
    "english": """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty
    """,
    "german": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "french": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    "spanish": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "italian": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "portuguese": "zero um dois três quatro cinco seis sete oito nove dez onze doze",
    "dutch": "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "romanian": "zero unu două trei patru cinci șase șapte opt nouă zece unsprezece doisprezece",
    "turkish": "sıfır bir iki üç dört beş altı yedi sekiz dokuz on",
    "russian": "ноль один два три четыре пять шесть семь восемь девять десять",
    "greek": "μηδέν ένα δύο τρία τέσσερα πέντε έξι επτά οκτώ εννέα δέκα έντεκα δώδεκα",
    "arabic": "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة",
    "hindi": "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस",
    "vietnamese": "0 một hai ba bốn 5 sáu bảy tám chín mười",
}
# Vietnamese words for 0 and 5 mean "not" and "year" far more often, so those stay figures.
_WORDS = {language: normalise(listed).split() for language, listed in _LISTED.items()}
# Single letters tell too much else, and `vi` is an editor.
_ROMAN_OF = {
    2: "ii", 3: "iii", 4: "iv", 7: "vii", 8: "viii", 9: "ix", 11: "xi", 12: "xii", 13: "xiii",
    14: "xiv", 15: "xv", 16: "xvi", 17: "xvii", 18: "xviii", 19: "xix", 20: "xx", 21: "xxi",
}  # fmt: skip
_ROMAN = {letters: number for number, letters in _ROMAN_OF.items()}

# What follows a figure and is no part of it: 1970s, 2nd, 1980er, and a case ending after an
# apostrophe, as in Turkish.
FIGURE_ENDING = r"(?:s|st|nd|rd|th|er|ern|ers)(?![^\W_])|'[^\W\d_]+"
_DECADE = re.compile(
    r"(?<!\d)['\u2019]?((?:1\d|20)?[0-9]0)"
    r"(?:['\u2019]?s\b|er[ns]?\b|['\u2019]l[aei]r|\s?年代|-[хтй]|-е\b|\s?के दशक)"
    r"|\b(?:años|anii|anni|années|anos|jaren|thập (?:niên|kỷ)|δεκαετία\w*(?: του)?)"
    r" ['\u2019]?((?:1\d|20)?[2-9]0)\b",
    re.I,
)
CENTURIES = ("18", "19")  # that a decade without one may be of


def respell_number(word: str, languages: Iterable[str]) -> list[str]:
    """Other ways to write a small number, in these languages; none of what is no number."""
    listed = [_WORDS[language] for language in languages if language in _WORDS]
    if word.isdigit():
        number = int(word) if len(word) <= 2 else -1
        found = [numbers[number] for numbers in listed if 0 <= number < len(numbers)]
        return [*found, _ROMAN_OF[number]] if number in _ROMAN_OF else found
    if word in _ROMAN:
        return [str(_ROMAN[word])]
    return [str(numbers.index(word)) for numbers in listed if word in numbers]


def find_decades(question: str) -> dict[str, list[str]]:
    """The decades that a question names, each with its years; 70 may be of two centuries."""
    named = {first or second for first, second in _DECADE.findall(question)}
    return {
        decade: [year for tens in _find_tens(decade) for year in _list_years(tens)]
        for decade in named
    }


def _find_tens(decade: str) -> list[str]:
    return [decade[:3]] if len(decade) == 4 else [century + decade[0] for century in CENTURIES]


def _list_years(tens: str) -> list[str]:
    return [f"{tens}{digit}" for digit in range(10)]
