"""What happens to accounts."""

import uuid
from datetime import datetime
from typing import TypedDict, Unpack

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from learningaier.accounts.access_tokens import digest_secret, make_secret
from learningaier.accounts.identity import Identity, IdentityError
from learningaier.accounts.models import AccessToken, User
from learningaier.core.errors import QuotaReached
from learningaier.core.fields import set_fields

MAX_ACCESS_TOKENS = 50  # of an account


class ProfileFields(TypedDict, total=False):
    """What a profile may change of; `email` follows Firebase alone."""

    email: str
    display_name: str
    timezone: str
    day_starts_at: int
    study_language: str
    preferred_language: str
    llm_model: str


def find_or_create_firebase_user(*, identity: Identity) -> User:
    """The account of a Firebase identity, made on first sight; two first requests make one.

    Its email follows Firebase's, where alone it can be changed.
    Raises: IdentityError where an operator has closed the account.
    """
    user = User.objects.filter(firebase_uid=identity.uid).first() or _create(identity)
    if not user.is_active:
        raise IdentityError("The account is closed.", "account_closed")
    if not user.accepts_sign_in_of(identity.signed_in_at):
        raise IdentityError("You have signed out everywhere since.", "token_revoked")
    email = _storable_email(identity)
    if email and user.email != email:
        update_profile(user=user, email=email)
    return user


def update_profile(*, user: User, **fields: Unpack[ProfileFields]) -> User:
    """Change these fields and no others: an operator may be closing the account meanwhile."""
    set_fields(user, fields)
    user.save(update_fields=[*fields])
    return user


def register_user(*, username: str, password: str, email: str, display_name: str) -> None:
    """A local account; nothing where the name is taken, in whatever case.

    The password is hashed either way, so that neither the answer nor its time tells who is here.
    """
    hashed = make_password(password)
    if User.objects.filter(username__iexact=username).exists():
        return
    fields = {"email": email, "display_name": display_name, "password": hashed}
    try:
        with transaction.atomic():
            User.objects.create(username=username, **fields)
    except IntegrityError:
        return


def change_password(*, user: User, password: str) -> None:
    """Set a new password, which ends all local tokens and all sessions of the admin."""
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def sign_out_everywhere(*, user: User) -> None:
    """End all tokens and sessions of an account, personal access tokens too, on every process."""
    AccessToken.objects.owned_by(user).delete()
    user.signed_out_at = timezone.now()
    user.save(update_fields=["signed_out_at"])


def create_access_token(
    *, owner: User, name: str, scope: str, expires_at: datetime | None
) -> tuple[AccessToken, str]:
    """A personal access token. Returns: its row, and the secret, which nobody can read again.

    Raises: QuotaReached (409).
    """
    held = AccessToken.objects.owned_by(owner).count()
    if held >= MAX_ACCESS_TOKENS:
        raise QuotaReached(
            f"You have {held} tokens, which is the most.", used=held, limit=MAX_ACCESS_TOKENS
        )
    secret = make_secret(owner.pk)
    token = AccessToken.objects.create(
        owner=owner, name=name, scope=scope, expires_at=expires_at, digest=digest_secret(secret)
    )
    return token, secret


def _create(identity: Identity) -> User:
    try:
        with transaction.atomic():
            # Not named by the uid: it may have characters that no user name has, and then an
            # operator could not save the account. Nobody signs in by this name.
            pk = uuid.uuid4()
            return User.objects.create(
                pk=pk,
                username=f"firebase-{pk}",
                password=make_password(None),
                firebase_uid=identity.uid,
                email=_storable_email(identity),
                display_name=identity.display_name[:150],
            )
    except IntegrityError:
        return User.objects.get(firebase_uid=identity.uid)


def _storable_email(identity: Identity) -> str:
    """The email as it is; none where it is longer than an address can be."""
    return identity.email if len(identity.email) <= 254 else ""
