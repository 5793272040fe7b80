from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The people who use the service, and how they prove who they are."""

    name = "learningaier.accounts"
    label = "accounts"
