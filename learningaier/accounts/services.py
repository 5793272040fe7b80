"""What happens to accounts."""

from django.db import IntegrityError, transaction

from learningaier.accounts.identity import Identity, IdentityError
from learningaier.accounts.models import User


def find_or_create_firebase_user(*, identity: Identity) -> User:
    """The account of a Firebase identity, made on first sight; two first requests make one.

    Raises: IdentityError where an operator has closed the account.
    """
    user = User.objects.filter(firebase_uid=identity.uid).first() or _create(identity)
    if not user.is_active:
        raise IdentityError("The account is closed.")
    return user


def _create(identity: Identity) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(
                username=f"firebase:{identity.uid}",
                firebase_uid=identity.uid,
                email=identity.email,
                display_name=identity.display_name[:150],
            )
    except IntegrityError:
        return User.objects.get(firebase_uid=identity.uid)
