"""What happens to accounts."""

import uuid
from typing import TypedDict, Unpack

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from learningaier.accounts.identity import Identity, IdentityError
from learningaier.accounts.models import User
from learningaier.core.fields import set_fields


class ProfileFields(TypedDict, total=False):
    """What a profile may change of; `email` follows Firebase alone."""

    email: str
    display_name: str
    timezone: str
    day_starts_at: int
    study_language: str


def find_or_create_firebase_user(*, identity: Identity) -> User:
    """The account of a Firebase identity, made on first sight; two first requests make one.

    Its email follows Firebase's, where alone it can be changed.
    Raises: IdentityError where an operator has closed the account.
    """
    user = User.objects.filter(firebase_uid=identity.uid).first() or _create(identity)
    if not user.is_active:
        raise IdentityError("The account is closed.", "account_closed")
    email = _storable_email(identity)
    if email and user.email != email:
        update_profile(user=user, email=email)
    return user


def update_profile(*, user: User, **fields: Unpack[ProfileFields]) -> User:
    """Change these fields and no others: an operator may be closing the account meanwhile."""
    set_fields(user, fields)
    user.save(update_fields=[*fields])
    return user


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
