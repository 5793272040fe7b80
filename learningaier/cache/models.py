"""What Redis has to be told once it is back."""

from django.db import models


class LostInvalidation(models.Model):
    """A version that could not be renewed, as Redis did not answer.

    Kept in the database, so that the change is not forgotten with the process that made it: Redis
    may come back with the old value still in it.
    """

    version_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.version_key
