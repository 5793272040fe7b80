from django.apps import AppConfig


class CacheConfig(AppConfig):
    """Values that carry the version of what they were computed from."""

    name = "learningaier.cache"
    label = "cache"
