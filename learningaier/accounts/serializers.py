"""The shapes of accounts in the API."""

import re
from typing import Any

from rest_framework import serializers

from learningaier.accounts.models import User
from learningaier.accounts.usage import count_usage
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)  # BCP 47


class CredentialsSerializer(StrictSerializer[Any]):
    """What a local account signs in with."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class ProfileSerializer(StrictModelSerializer[User]):
    """The caller's own account; `study_language` is a BCP 47 tag, `timezone` an IANA name."""

    usage = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "display_name",
            "timezone",
            "day_starts_at",
            "study_language",
            "usage",
        ]
        read_only_fields = ["id", "email"]

    def get_usage(self, user: User) -> dict[str, int]:
        """What the account holds, by kind."""
        return count_usage(user)

    def validate_study_language(self, tag: str) -> str:
        """The tag with its language in small letters, by which the texts' language is chosen."""
        if not LANGUAGE_TAG.fullmatch(tag):
            raise serializers.ValidationError(f"“{tag}” is not a language tag like en or pt-BR.")
        language, dash, rest = tag.partition("-")
        return language.lower() + dash + rest


class TokenSerializer(StrictSerializer[Any]):
    """A fresh token and whom it speaks for."""

    token = serializers.CharField()
    user = ProfileSerializer()
