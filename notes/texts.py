"""A note's text in the languages of its learner: what a change of some of them comes to.

A note has one text of its own, `content`, in its primary language, and translations. Clients write
it by either name (`content`, `content_md_en`), and send back what they were given beside what they
changed; so of two names of one text the one that differs from what is stored is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from notes.languages import base_of, find_tag, tell_language

MAX_TRANSLATIONS = 20
MAX_TRANSLATED = 4_000_000  # characters of all translations of a note


class TextConflict(Exception):
    """What was sent contradicts itself; `field` is the one to mend."""

    def __init__(self, field: str, sentence: str):
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True)
class Texts:
    """A note's texts. `is_told`: a person has said which language `content` is in."""

    language: str
    content: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)
    is_told: bool = False

    def in_language(self, language: str) -> str | None:
        """The text in a language, None if there is none."""
        if base_of(self.language) == language:
            return self.content
        tag = find_tag(language, self.translations)
        return None if tag is None else self.translations[tag]


@dataclass(frozen=True)
class Change:
    """What was sent: only what is not None was.

    `language`: "" to have it told by the text again. `texts`: by language, None to take one away.
    `others`: all translations but those into `named` languages, anew.
    """

    title: str = ""
    content: str | None = None
    language: str | None = None
    texts: Mapping[str, str | None] = field(default_factory=dict)
    others: Mapping[str, str | None] | None = None
    named: tuple[str, ...] = ("en", "zh")


def apply_change(texts: Texts, change: Change) -> Texts:
    """The texts after a change; of a new note, the change of none. Raises: TextConflict."""
    is_blank = not (texts.content or texts.translations or texts.is_told)
    if is_blank and not change.content and not change.language:
        texts = _choose_language(texts, change)
    elif change.language and change.language != texts.language:
        texts = _take_language(texts, change)
    elif change.language == "":
        texts = replace(texts, is_told=False)
    content, is_named = _find_content(texts, change)
    texts = replace(
        texts,
        content=content,
        is_told=texts.is_told or is_named,
        translations=_find_translations(texts, change),
    )
    return texts if texts.is_told else _detect(texts, change.title)


def _choose_language(texts: Texts, change: Change) -> Texts:
    """The primary language of a note whose first text comes by its language's name."""
    written = [language for language, text in change.texts.items() if text]
    if not written:
        return texts
    by_title = find_tag(tell_language(change.title), written)
    return replace(texts, language=by_title or sorted(written)[-1], is_told=True)


def _take_language(texts: Texts, change: Change) -> Texts:
    """Another primary language: its translation becomes the text; without one it is a correction.

    So what is in which language stays as it is, unless it was wrong.
    """
    assert change.language
    known = dict(texts.translations)
    tag = find_tag(change.language, known)
    content = texts.content
    if tag is not None:
        content = known.pop(tag)
        known[texts.language] = texts.content
    elif content and _text_in(change.texts, change.language):
        known[texts.language], content = content, ""
    return Texts(change.language, content, {tag: text for tag, text in known.items() if text}, True)


def _text_in(texts: Mapping[str, str | None], language: str) -> str | None:
    return texts.get(base_of(language)) or None


def _find_content(texts: Texts, change: Change) -> tuple[str, bool]:
    """The note's own text, and whether it was sent by its language's name."""
    name = base_of(texts.language)
    if name not in change.texts:
        return (texts.content if change.content is None else change.content), False
    named, field_name = change.texts[name], f"content_md_{name}"
    if change.content is None or change.content == texts.content:
        if named is None and texts.content:
            raise TextConflict(field_name, "This is the note's own text. Send an empty one.")
        return named or "", named != texts.content
    if named in (None, texts.content, change.content):
        return change.content, False
    raise TextConflict(field_name, "This and `content` are one text; they contradict each other.")


def _find_translations(texts: Texts, change: Change) -> dict[str, str]:
    own = base_of(texts.language)
    found = dict(texts.translations)
    if change.others is not None:
        found = {tag: text for tag, text in found.items() if base_of(tag) in change.named}
        for tag, text in change.others.items():
            if base_of(tag) == own:
                raise TextConflict("translations", f"The note itself is in {tag}: send `content`.")
            found[tag] = text or ""
    for language, text in change.texts.items():
        if language != own:
            found[find_tag(language, found) or language] = text or ""
    found = {tag: text for tag, text in found.items() if text}
    if len(found) > MAX_TRANSLATIONS or sum(map(len, found.values())) > MAX_TRANSLATED:
        most = f"{MAX_TRANSLATIONS} translations and {MAX_TRANSLATED} characters of them"
        raise TextConflict("translations", f"A note has at most {most}.")
    return found


def _detect(texts: Texts, title: str) -> Texts:
    """The language told by the text, unless that is the language of a translation."""
    language = tell_language(texts.content or title)
    if find_tag(language, texts.translations) is not None:
        return texts
    return replace(texts, language=language)
