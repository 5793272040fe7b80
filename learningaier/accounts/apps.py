from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The people who use the service, and how they prove who they are."""

    name = "learningaier.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the OpenAPI document of the bearer tokens."""
        from learningaier.accounts import schema  # noqa: F401, PLC0415  registers itself
