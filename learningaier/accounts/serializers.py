"""The shapes of accounts in the API."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils import timezone
from rest_framework import serializers

from learningaier.accounts.models import AccessToken, User
from learningaier.accounts.usage import count_usage
from learningaier.api.scopes import Scope
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer

MAX_PASSWORD = 1000  # characters
SCOPES = [one.value for one in Scope]
DEFAULT_TOKEN_AGE = timedelta(days=365)
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)  # BCP 47


class CredentialsSerializer(StrictSerializer[Any]):
    """What a local account signs in with."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False)


class RegistrationSerializer(StrictSerializer[Any]):
    """A new local account."""

    username = serializers.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    password = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False)
    email = serializers.EmailField(required=False, allow_blank=True, default="")
    display_name = serializers.CharField(
        max_length=150, required=False, allow_blank=True, default=""
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The password must not be short, common, all digits, or like the account's own fields."""
        person = {name: value for name, value in attrs.items() if name != "password"}
        check_password_rules(attrs["password"], User(**person), field="password")
        return attrs


class RegisteredSerializer(StrictSerializer[Any]):
    """The same answer whether the name was free or taken."""

    success = serializers.BooleanField()
    detail = serializers.CharField()


class NewPasswordSerializer(StrictSerializer[Any]):
    """The present password, and the one that is to take its place."""

    current_password = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False)
    new_password = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As of a new account."""
        user = self.context["request"].user
        check_password_rules(attrs["new_password"], user, field="new_password")
        return attrs


def check_password_rules(password: str, user: User, *, field: str) -> None:
    """Raises: ValidationError (400) with what is wrong with the password, under its field."""
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        raise serializers.ValidationError({field: error.messages}) from error


class ProfileSerializer(StrictModelSerializer[User]):
    """The caller's own account; languages are BCP 47 tags, `timezone` an IANA name.

    `llm_model`: who phrases answers, one of `llm_models`; empty: the operator's choice.
    """

    llm_models = serializers.SerializerMethodField()
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
            "preferred_language",
            "llm_model",
            "llm_models",
            "usage",
        ]
        read_only_fields = ["id", "email"]

    def get_usage(self, user: User) -> dict[str, int]:
        """What the account holds, by kind."""
        return count_usage(user)

    def get_llm_models(self, _user: User) -> list[str]:
        """What may be chosen here."""
        return list(settings.LLM_MODELS)

    def validate_llm_model(self, name: str) -> str:
        """One of those that the operator lets choose from, or none."""
        if name and name not in settings.LLM_MODELS:
            offered = ", ".join(settings.LLM_MODELS) or "none"
            raise serializers.ValidationError(f"Choose one of the models offered here: {offered}.")
        return name

    def validate_preferred_language(self, tag: str) -> str:
        """The tag, as `study_language` is kept."""
        return self.validate_study_language(tag)

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


class AccessTokenSerializer(StrictModelSerializer[AccessToken]):
    """A personal access token, without its secret.

    `scope`: read; review, which rates cards too; write, which does all but manage the account.
    `expires_at`: a year from now unless it is given; null: never.
    """

    scope = serializers.ChoiceField(choices=SCOPES)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)

    class Meta:
        model = AccessToken
        fields = ["id", "name", "scope", "expires_at", "last_used_at", "created_at"]
        read_only_fields = ["last_used_at"]

    def validate_expires_at(self, moment: datetime | None) -> datetime | None:
        """A time that is still to come."""
        if moment is not None and moment <= timezone.now():
            raise serializers.ValidationError("This time has passed.")
        return moment

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A token lasts for a year where nobody says how long."""
        return {"expires_at": timezone.now() + DEFAULT_TOKEN_AGE, **attrs}


class NewAccessTokenSerializer(AccessTokenSerializer):
    """A fresh token with its secret, which is shown this once."""

    secret = serializers.SerializerMethodField()

    class Meta(AccessTokenSerializer.Meta):
        fields = [*AccessTokenSerializer.Meta.fields, "secret"]

    def get_secret(self, _token: AccessToken) -> str:
        """What to send as the bearer token."""
        return str(self.context["secret"])
