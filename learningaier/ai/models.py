"""What models have cost: tokens a user, day and model, and what is being spent right now."""

from django.conf import settings
from django.db import models


class TokenUsage(models.Model):
    """The tokens of one user with one model on one day (UTC)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    model = models.CharField(max_length=128)
    calls = models.PositiveIntegerField(default=0)
    prompt = models.PositiveBigIntegerField(default=0)
    completion = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "token usage"
        constraints = [
            models.UniqueConstraint(fields=["owner", "day", "model"], name="tokenusage_owner_day")
        ]

    def __str__(self) -> str:
        return f"{self.model} on {self.day}"


class TokenReservation(models.Model):
    """Tokens that a call which is under way may use; nobody else may spend them until then."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tokens = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tokens} until {self.expires_at}"
