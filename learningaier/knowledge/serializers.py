"""The shapes of questions, answers and sources in the API."""

from typing import Any

from rest_framework import serializers

LONGEST_QUESTION = 1000  # characters
MOST_SOURCES, USUAL_SOURCES = 20, 5


class SourceSerializer(serializers.Serializer[Any]):
    """A passage that an answer stands on; `quote` is there word for word, at `start` to `end`."""

    chunk_id = serializers.UUIDField()
    note_id = serializers.UUIDField(allow_null=True)
    document_id = serializers.UUIDField(allow_null=True)
    doc_id = serializers.UUIDField(allow_null=True)
    position = serializers.IntegerField()
    page = serializers.IntegerField(allow_null=True)
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    score = serializers.FloatField()
    preview = serializers.CharField()
    quote = serializers.CharField()
    title = serializers.CharField()


class CitationSerializer(SourceSerializer):
    """A source of an answer; `supports` are the spans of the answer that stand on it."""

    supports = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    )


class QuestionSerializer(serializers.Serializer[Any]):
    """A question to the library or to one note."""

    question = serializers.CharField(max_length=LONGEST_QUESTION)
    note_id = serializers.UUIDField(required=False, allow_null=True)
    top_k = serializers.IntegerField(min_value=1, max_value=MOST_SOURCES, default=USUAL_SOURCES)


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer with its sources, or the word that the library does not hold one."""

    answer = serializers.CharField()
    sources = CitationSerializer(many=True)
    status = serializers.ChoiceField(choices=["answered", "not_found"])
    cached = serializers.BooleanField()
    degraded = serializers.BooleanField()
    model = serializers.CharField()


class SearchSerializer(serializers.Serializer[Any]):
    """What to search for."""

    q = serializers.CharField(max_length=LONGEST_QUESTION)
    note_id = serializers.UUIDField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=50, default=10)
