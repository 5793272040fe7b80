"""The custom user."""

import hashlib
import uuid
import zoneinfo
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from learningaier.api.scopes import Scope
from learningaier.cache import keys
from learningaier.cache.invalidation import invalidate
from learningaier.core.fields import ValidatedCharField
from learningaier.core.ownership import OwnedModel, OwnedQuerySet

DEFAULT_DAY_START, MAX_DAY_START = 4, 23  # o'clock: who studies past midnight is in the day before


def validate_timezone(name: str) -> None:
    """Raises: ValidationError unless `name` is a time zone of the IANA database."""
    if name not in zoneinfo.available_timezones() - {"localtime"}:  # PostgreSQL has no such zone
        raise ValidationError("“%(name)s” is not an IANA time zone.", params={"name": name})


def _own_limit(what: str) -> "models.PositiveIntegerField[int | None, int | None]":
    """A limit of one user's own; the field is named like the setting it stands in for."""
    return models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=f"{what} a minute; empty: the same as everyone",
    )


def renew_account(user_id: uuid.UUID) -> None:
    """Let every process read the account and its tokens again.

    Now, lest a process that dies at its commit leave the old account; and at the commit.
    """
    version_key = keys.auth_version(user_id)
    invalidate(version_key)
    transaction.on_commit(lambda: invalidate(version_key))


class User(AbstractUser):
    """A person: a learner, an operator, or both.

    `firebase_uid` ties the account to Firebase; local accounts have none and a password instead.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    firebase_uid = models.CharField(max_length=128, unique=True, null=True, blank=True)
    display_name = models.CharField(max_length=150, blank=True)
    timezone = ValidatedCharField(max_length=64, default="UTC", validators=[validate_timezone])
    day_starts_at = models.PositiveSmallIntegerField(
        default=DEFAULT_DAY_START,
        db_default=DEFAULT_DAY_START,
        validators=[MaxValueValidator(MAX_DAY_START)],
        help_text="the hour at which a study day begins",
    )
    study_language = models.CharField(max_length=16, default="en")
    preferred_language = models.CharField(
        max_length=16, default="en", db_default="en", help_text="of the interface"
    )
    llm_model = models.CharField(
        max_length=128, blank=True, db_default="", help_text="of LLM_MODELS; empty: LLM_MODEL"
    )
    signed_out_at = models.DateTimeField(
        null=True, editable=False, help_text="tokens and sessions from before have ended"
    )
    rate_limit_rag_chat = _own_limit("questions and chat messages")
    rate_limit_analytics = _own_limit("analytics requests")
    rate_limit_document_upload = _own_limit("uploads")

    class Meta:
        ordering = ["-date_joined", "-id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let no cached account or signed-in token outlive the change."""
        super().save(*args, **kwargs)
        renew_account(self.pk)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and let no cached account outlive it."""
        renew_account(self.pk)
        return super().delete(*args, **kwargs)

    def get_full_name(self) -> str:
        """The name to show; the user name where the person gave none."""
        return self.display_name or self.username

    def get_short_name(self) -> str:
        """Like the full name: people have one display name here."""
        return self.get_full_name()

    def clean(self) -> None:
        """Keep an empty Firebase uid out of the unique column."""
        super().clean()
        self.firebase_uid = self.firebase_uid or None

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's time zone: where their days begin and end."""
        return zoneinfo.ZoneInfo(self.timezone)

    def token_fingerprint(self) -> str:
        """What ends every local token of this user when it changes: the password.

        And the moment at which the user has signed out everywhere. It needs no key, as the token
        is signed; so a new SECRET_KEY ends no token by itself.
        """
        return hashlib.sha256(self._secrets().encode()).hexdigest()[:16]

    def accepts_sign_in_of(self, moment: int) -> bool:
        """Whether a sign-in (seconds since 1970) still counts; of an ended second none does."""
        return self.signed_out_at is None or moment > int(self.signed_out_at.timestamp())

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session of the admin must know; Django asks here for each of its keys."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, self._secrets(), secret=secret, algorithm="sha256").hexdigest()

    def _secrets(self) -> str:
        """The password; what it was before an account could sign out, where it never has."""
        ended = self.signed_out_at
        return self.password if ended is None else f"{self.password}{ended.timestamp():.6f}"


class AccessTokenQuerySet(OwnedQuerySet["AccessToken"]):
    """Personal access tokens."""

    def revoke(self) -> int:
        """Delete these, and let no process believe them any more. Returns: how many there were."""
        owners = set(self.values_list("owner_id", flat=True))
        count, _ = self.delete()
        for owner_id in owners:
            renew_account(owner_id)
        return count


class AccessToken(OwnedModel):
    """A personal access token of a script or a plugin. Its secret is stored hashed alone.

    `digest`: SHA-256 of the secret, which has 190 random bits and needs no slow hash.
    `last_used_at`: written once a minute at most.
    """

    name = models.CharField(max_length=100)
    scope = models.CharField(max_length=6, choices=[(one.value, one.value) for one in Scope])
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="access_token_newest"),
        ]

    def __str__(self) -> str:
        return self.name
