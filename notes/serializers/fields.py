"""Fields of notes: texts by their languages, figures that are figures."""

import math
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from notes.languages import base_of, read_tag
from notes.texts import Texts

MAX_CONTENT = 1_000_000  # characters; about 400 printed pages
NAMED = {"en", "zh"}
NO_TAG = "This is not a language tag like en or zh-Hant."


class MarkdownField(serializers.CharField):
    """A text in Markdown, with the spaces that it was sent with."""

    def __init__(self, **options: Any) -> None:
        told = {"max_length": MAX_CONTENT, "allow_blank": True, "trim_whitespace": False}
        super().__init__(**{**told, **options})


class TextInLanguageField(MarkdownField):
    """A note's text in one language, whether that is the note's own or a translation."""

    def __init__(self, language: str, **options: Any) -> None:
        self.language = language
        super().__init__(source="*", **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The text under a name of its own, as null says something too."""
        text = None if data is None else super().run_validation(data)
        return {f"text_{self.language}": text}

    def to_representation(self, held: Any) -> str | None:  # type: ignore[override]
        """The text in this language, or None. `held`: a note or a version of one."""
        texts = Texts(held.primary_language, held.content, held.translations)
        return texts.in_language(self.language)


class LanguageTagField(serializers.CharField):
    """A BCP 47 tag like `en`, or `generic`; null has the language told by the text."""

    def to_internal_value(self, data: Any) -> str:
        """The tag with its language in small letters."""
        tag = read_tag(super().to_internal_value(data))
        if tag is None:
            raise serializers.ValidationError(NO_TAG)
        return tag


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class TranslationsField(serializers.DictField):
    """Texts by language, of those that have no field of their own."""

    child = MarkdownField(allow_null=True)

    def to_internal_value(self, data: Any) -> dict[str, str | None]:
        """The texts by their tags. Raises: ValidationError for what is no tag."""
        texts = {read_tag(tag): text for tag, text in super().to_internal_value(data).items()}
        if None in texts:
            raise serializers.ValidationError(NO_TAG)
        return texts  # type: ignore[return-value]  # no None is left

    def to_representation(self, value: Any) -> dict[str, str]:
        """The stored translations but those with a field of their own."""
        return {tag: text for tag, text in value.items() if base_of(tag) not in NAMED}


class FiniteFloatField(serializers.FloatField):
    """A number; neither infinity nor NaN is one."""

    def to_internal_value(self, data: Any) -> float:
        """The number."""
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number
