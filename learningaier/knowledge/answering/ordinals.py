"""Questions for one item of a list: the third phase, the last step."""

import re

import numpy as np
from numpy.typing import NDArray

from learningaier.knowledge.retrieval.ranking import Query
from learningaier.knowledge.text.analyzer import terms

_WORDS = (
    ("first", "erste", "premier", "première", "primero", "primera", "primer", "一"),
    ("second", "zweite", "deuxième", "segundo", "segunda", "二"),
    ("third", "dritte", "troisième", "tercero", "tercera", "tercer", "三"),
    ("fourth", "vierte", "quatrième", "cuarto", "cuarta", "四"),
    ("fifth", "fünfte", "cinquième", "quinto", "quinta", "五"),
    ("sixth", "sechste", "sixième", "sexto", "sexta", "六"),
    ("seventh", "siebte", "septième", "séptimo", "séptima", "七"),
    ("eighth", "achte", "huitième", "octavo", "octava", "八"),
    ("ninth", "neunte", "neuvième", "noveno", "novena", "九"),
    ("tenth", "zehnte", "dixième", "décimo", "décima", "十"),
)
_LAST = ("last", "final", "letzte", "dernier", "dernière", "último", "última")
_PLACES = {word: place for place, listed in enumerate(_WORDS) for word in listed}
_BEFORE_LAST = (
    r"second[ -]to[ -]last|second[ -]last|next[ -]to[ -]last|penultimate|vorletzte[nrsm]?"
    r"|倒[数數]第二"
)
_ORDINAL = re.compile(
    rf"(?P<before>{_BEFORE_LAST})"
    rf"|\b(?P<last>{'|'.join(_LAST)})[nrsm]?\b|(?P<hanlast>最[后後]|倒[数數]第一)"
    rf"|\b(?P<word>{'|'.join(word for word in _PLACES if len(word) > 1)})[nrsm]?\b"
    r"|\b(?P<figure>\d{1,2})(?:st|nd|rd|th|\.|º|ª|e|ème)(?=\s)"
    r"|第\s?(?P<han>[一二三四五六七八九十]|\d{1,2})(?:[个個种種步项項条條位]|阶段)?",
    re.I,
)


def find_ordinal(question: str) -> tuple[int, str] | None:
    """Which item a question asks for, from 0 or, from the end, from -1; and the words for it."""
    found = _ORDINAL.search(question)
    if found is None:
        return None
    said = found.group()
    if found["before"]:
        return -2, said
    if found["last"] or found["hanlast"]:
        return -1, said
    number = found["figure"] or found["han"] or ""
    if number.isdigit():
        return (int(number) - 1, said) if int(number) else None
    return _PLACES[(found["word"] or number).lower()], said


def mask_ordinal(query: Query, said: str) -> NDArray[np.bool_]:
    """The words of a question that say which item is asked for."""
    listed = {*terms(said)}
    is_han = (not said.isascii() and "第" in said) or "最" in said or "倒" in said
    return np.array(
        [
            not listed.isdisjoint(variants) or (is_han and not set(said).isdisjoint(variants[0]))
            for variants in query.words
        ],
        np.bool_,
    )
