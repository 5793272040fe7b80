"""Accounts in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from learningaier.accounts.models import User
from learningaier.accounts.sign_in import limit_guesses, remember_address
from learningaier.cache.jobs import clear_user_cache
from learningaier.jobs.queues import enqueue


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
    actions = ["clear_cache"]
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

    @admin.action(description="Clear the cache of the selected users")
    def clear_cache(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """By a job for each, as finding a user's keys may mean walking through millions."""
        ids = [str(pk) for pk in queryset.values_list("pk", flat=True)]
        taken = sum(enqueue(clear_user_cache, user_id) for user_id in ids)
        if taken < len(ids):
            self.message_user(request, "The queue can't be reached.", messages.ERROR)
        else:
            self.message_user(request, f"The cache of {taken} users is being cleared.")


class AdminSignIn(AdminAuthenticationForm):
    """The admin's login, whose tries are counted by account as those of the API are."""

    def clean(self) -> dict[str, Any]:
        """Check the password. Raises: Ratelimited (429)."""
        name = self.cleaned_data.get("username") or ""
        assert self.request is not None
        limit_guesses(self.request, name)
        cleaned: dict[str, Any] = super().clean()
        remember_address(self.request, name)
        return cleaned


admin.site.login_form = AdminSignIn
