"""Versions of notes."""

from typing import Any

from rest_framework import serializers

from learningaier.api.serializers import StrictSerializer
from notes.models import NoteVersion
from notes.serializers.fields import TextInLanguageField, TranslationsField


class VersionSerializer(StrictSerializer[Any]):
    """What a note said; `content` is in `primary_language`."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    content = serializers.CharField()
    primary_language = serializers.CharField()
    content_md_en = TextInLanguageField("en", allow_null=True)
    content_md_zh = TextInLanguageField("zh", allow_null=True)
    translations = TranslationsField()
    reason = serializers.ChoiceField(choices=NoteVersion.Reason.choices)
    created_at = serializers.DateTimeField()
