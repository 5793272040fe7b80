"""Accounts in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from learningaier.accounts.models import AccessToken, AccessTokenQuerySet, User
from learningaier.accounts.services import sign_out_everywhere
from learningaier.accounts.sign_in import limit_guesses, remember_address
from learningaier.cache.jobs import clear_user_cache
from learningaier.core.admin import ReadOnlyAdmin
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
    readonly_fields = ["id", "firebase_uid", "last_login", "date_joined", "signed_out_at"]
    ordering = ["-date_joined"]
    actions = ["clear_cache", "sign_out"]
    fieldsets = [
        (None, {"fields": ["id", "username", "password", "firebase_uid"]}),
        (
            "Person",
            {
                "fields": [
                    "email",
                    "display_name",
                    "timezone",
                    "study_language",
                    "preferred_language",
                    "llm_model",
                ]
            },
        ),
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
        ("Times", {"fields": ["last_login", "date_joined", "signed_out_at"]}),
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

    @admin.action(description="End all tokens and sessions of the selected users")
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For an account that somebody else may have got hold of."""
        for user in queryset:
            sign_out_everywhere(user=user)
        self.message_user(request, f"{queryset.count()} users are signed out everywhere.")


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnlyAdmin[AccessToken]):
    """Personal access tokens: seen and revoked; nobody can see a secret."""

    list_display = ["name", "owner", "scope", "created_at", "expires_at", "last_used_at"]
    list_filter = ["scope", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["=id", "name", "=owner__username", "=owner__email"]
    fields = ["id", "owner", "name", "scope", "created_at", "expires_at", "last_used_at"]
    actions = ["revoke"]

    @admin.action(description="Revoke the selected tokens")
    def revoke(self, request: HttpRequest, queryset: AccessTokenQuerySet) -> None:
        """The next call with one of them is 401."""
        self.message_user(request, f"{queryset.revoke()} tokens are revoked.")


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
