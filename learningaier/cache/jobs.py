"""Work on the cache that a request does not wait for."""

from learningaier.cache import scan


def clear_user_cache(user_id: str) -> None:
    """Delete everything that is cached of a user; a second time finds nothing."""
    client = scan.operator_client()
    for pattern in scan.patterns_of("all", user_id):
        for batch in scan.find_keys(client, pattern):
            client.unlink(*batch)
