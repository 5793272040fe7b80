"""A password hasher that counts."""

from typing import ClassVar

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    """Knows how many passwords have been hashed."""

    count: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        """Hash a password, and count it."""
        CountingHasher.count += 1
        return super().encode(password, salt)
