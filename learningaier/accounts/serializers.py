"""The shapes of accounts in the API."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from learningaier.accounts.models import User, validate_timezone
from learningaier.accounts.usage import count_usage


class CredentialsSerializer(serializers.Serializer[Any]):
    """What a local account signs in with."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class ProfileSerializer(serializers.ModelSerializer[User]):
    """The caller's own account."""

    usage = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "email", "display_name", "timezone", "study_language", "usage"]
        read_only_fields = ["id", "email"]

    def get_usage(self, user: User) -> dict[str, int]:
        """What the account holds, by kind."""
        return count_usage(user)

    def validate_timezone(self, name: str) -> str:
        """Only what the IANA database knows."""
        try:
            validate_timezone(name)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return name


class TokenSerializer(serializers.Serializer[Any]):
    """A fresh token and whom it speaks for."""

    token = serializers.CharField()
    user = ProfileSerializer()
