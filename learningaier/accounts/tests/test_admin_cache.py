"""Clearing a user's cache from the admin's list of users."""

from collections.abc import Callable

from django.test import Client
from django_redis import get_redis_connection

from conftest import ApiClient
from learningaier.accounts.models import User


def test_the_action_clears_the_selected_users_and_no_other(
    api: ApiClient,
    stranger_api: ApiClient,
    owner: User,
    stranger: User,
    admin_client: Client,
    run_jobs: Callable[[], int],
) -> None:
    for client in (api, stranger_api):
        client.get("/api/analytics/overview")
    redis = get_redis_connection("default")
    assert redis.exists(f"analytics:{owner.pk}:overview", f"auth:{owner.pk}") == 2

    response = admin_client.post(
        "/admin/accounts/user/",
        {"action": "clear_cache", "_selected_action": [str(owner.pk)]},
        follow=True,
    )

    assert "The cache of 1 users is being cleared." in response.content.decode()
    assert run_jobs() == 1
    assert redis.keys(f"*:{owner.pk}*") == [f"limit:analytics:{owner.pk}".encode()]
    assert redis.exists(f"analytics:{stranger.pk}:overview", f"auth:{stranger.pk}") == 2
