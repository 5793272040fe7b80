from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The people who use the service, and how they prove who they are."""

    name = "learningaier.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the OpenAPI document of the bearer tokens; forget sessions that have ended."""
        from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415  needs models

        from learningaier.accounts import schema  # noqa: F401, PLC0415  registers itself
        from learningaier.jobs import schedule  # noqa: PLC0415

        schedule.every(24 * 3600, SessionStore.clear_expired)
