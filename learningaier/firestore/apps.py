from django.apps import AppConfig


class FirestoreConfig(AppConfig):
    """The import of the earlier service's data; it has a command and no tables."""

    name = "learningaier.firestore"
    label = "firestore"
