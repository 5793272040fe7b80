"""What a question and a sentence say is not so."""

import re
from collections.abc import Sequence

from learningaier.knowledge.retrieval.ranking import Query
from learningaier.knowledge.text.analyzer import terms

# Before what they deny, as far as DENIED words on; in Chinese and Thai as far as so many letters.
_BEFORE = (
    r"\b(?:not(?! only| just)|never|cannot|neither|nor|no(?! longer than| more than|\.)|none"
    r"|\w+n['\u2019]t|nunca|jamás|tampoco|não|non|не|нет|никогда|ни|δεν|δε|μην|ποτέ"
    r"|không(?!\s*\?)|chẳng|chưa|nu|niciodată|لا|لم|لن|ليس|ليست)\b"
)
_HAN = r"不(?![同过過断斷久仅僅但管论論少佳足良利满滿])|没(?!收)|沒(?!收)|未(?![来來])|并非|並非"
_THAI = r"ไม่"
# Behind it, or around it: known by the clause that they stand in.
_ELSEWHERE = (
    r"\b(?:nicht(?! nur)|kein\w*|nie|niemals|weder|jamais|pas|aucune?|niet|geen|nooit|değil|asla)\b"
    r"|नहीं|ません|ない(?=[。、？]|$)|않|아니"
)
_NEGATION = re.compile(
    rf"(?P<before>{_BEFORE})|(?P<han>{_HAN})|(?P<thai>{_THAI})|(?P<elsewhere>{_ELSEWHERE})", re.I
)
DENIED, DENIED_HAN, DENIED_THAI = 3, 4, 12
_CLAUSE_ENDS = re.compile(
    r"[;；。,，:：]|\b(?:but|whereas|while|although|sondern|aber|während|mais|pero|sino|но|а)\b|但|而"
)
_YES_OR_NO = re.compile(
    r"\W*(?:do|does|did|is|are|was|were|can|could|has|have|had|will|would|should|must|may"
    r"|ist|sind|war|waren|hat|haben|kann|können|wird|werden|muss|darf)\b"
    r"|.*[吗嗎]|.*\bkhông\s*\?|.*\bm[ıiuü]\w*\s*\?|هل\b|\W*क्या\b",
    re.I,
)
_WHAT = re.compile(r"\W*[Ww]as\s+[^\W\dA-Z]\w+t\b", re.U)  # German: "Was senkt …"


def is_yes_or_no(question: str) -> bool:
    """Whether a question asks whether something is so, and not what is."""
    return _YES_OR_NO.match(question) is not None and not _WHAT.match(question)


def is_text_negated(text: str) -> bool:
    """Whether a text has a word of negation."""
    return _NEGATION.search(text) is not None


def is_negated(text: str, query: Query, language: str) -> bool:
    """Whether a text in this language denies something that a question speaks about."""
    wanted = {variant for variants in query.words for variant in variants}
    clauses: Sequence[str] = ()
    for found in _NEGATION.finditer(text):
        if found.lastgroup == "elsewhere":
            clauses = clauses or _find_clauses(text, wanted, language)
            if any(_NEGATION.search(clause) for clause in clauses[:1]):
                return True
        elif not wanted.isdisjoint(terms(_read_denied(text, found), language)):
            return True
    return False


def _read_denied(text: str, found: re.Match[str]) -> str:
    """What stands behind a negation."""
    rest = text[found.end() : found.end() + 200]
    if found.lastgroup == "before":
        return " ".join(rest.split()[:DENIED])
    return rest[: DENIED_HAN if found.lastgroup == "han" else DENIED_THAI]


def _find_clauses(text: str, wanted: set[str], language: str) -> list[str]:
    """The clauses of a text, the one that speaks most about these terms first."""
    clauses = [clause for clause in _CLAUSE_ENDS.split(text) if clause.strip()] or [text]
    return sorted(clauses, key=lambda clause: -len(wanted.intersection(terms(clause, language))))
