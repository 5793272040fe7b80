"""Accounts in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from learningaier.accounts.models import User


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    """Accounts, with what ties them to Firebase read-only: a hand edit would lock its owner out."""

    list_display = [
        "username",
        "email",
        "display_name",
        "timezone",
        "is_active",
        "is_staff",
        "date_joined",
    ]
    list_filter = ["is_active", "is_staff", "is_superuser", "study_language", "date_joined"]
    search_fields = ["=id", "username", "email", "display_name", "=firebase_uid"]
    readonly_fields = ["id", "firebase_uid", "last_login", "date_joined"]
    ordering = ["-date_joined"]
    fieldsets = [
        (None, {"fields": ["id", "username", "password", "firebase_uid"]}),
        ("Person", {"fields": ["email", "display_name", "timezone", "study_language"]}),
        (
            "Rights",
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (
            "Limits",
            {
                "fields": [
                    "rate_limit_rag_chat",
                    "rate_limit_analytics",
                    "rate_limit_document_upload",
                ]
            },
        ),
        ("Times", {"fields": ["last_login", "date_joined"]}),
    ]
