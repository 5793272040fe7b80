"""Firestore, read page by page: the one module that imports its SDK for data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.exceptions import GoogleAuthError
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter


class FirestoreDown(Exception):
    """Firestore can't be read; the text says why. It ends the import, unlike what one row holds."""


PAGE = 100  # documents in memory at once, of at most 1 MiB each
SECONDS = 60.0  # for a page
CONVERSATIONS = "conversations"


@dataclass(frozen=True)
class Row:
    """A document of Firestore. `uid`: of the account that it belongs to, as it says itself."""

    collection: str
    id: str
    uid: Any
    values: Mapping[str, Any]


Page = list[Row]


class Firestore:
    """The database of a project. `uid`: of one account, None for all of them."""

    def __init__(self, project: str, *, uid: str | None = None) -> None:
        self.uid = uid
        self._project = project
        self._client = _connect(project)

    def read_profiles(self) -> Iterator[Page]:
        """The profiles; their ids are the accounts'."""
        profiles = self._client.collection("profiles")
        if self.uid is None:
            yield from _pages(profiles, lambda one: one.id)
            return
        with _Errors():
            found = profiles.document(self.uid).get(timeout=SECONDS)
        if found.exists:
            yield [Row("profiles", found.id, found.id, found.to_dict())]

    def read(self, collection: str) -> Iterator[Page]:
        """A collection whose rows name their account by `user_id`."""
        query = self._client.collection(collection)
        if self.uid is not None:
            query = query.where(filter=FieldFilter("user_id", "==", self.uid))
        yield from _pages(query, _user_id)

    def read_where(self, collection: str, field: str, value: str) -> Iterator[Page]:
        """The rows of a collection in which a field has this value."""
        query = self._client.collection(collection).where(filter=FieldFilter(field, "==", value))
        yield from _pages(query, _user_id)

    def read_conversations(self) -> Iterator[Page]:
        """`users/{uid}/conversations`, of all accounts or of one."""
        if self.uid is None:
            query = self._client.collection_group(CONVERSATIONS)
        else:
            query = self._client.collection("users", self.uid, CONVERSATIONS)
        yield from _pages(query, lambda one: one.reference.path.split("/")[-3])

    def read_messages(self, conversation: Row) -> Iterator[Page]:
        """The messages of a conversation, by their ids."""
        path = ("users", conversation.uid, CONVERSATIONS, conversation.id, "messages")
        yield from _pages(self._client.collection(*path), lambda _: conversation.uid)

    def find(self, collection: str, key: str) -> Row | None:
        """One row by its id."""
        with _Errors():
            found = self._client.collection(collection).document(key).get(timeout=SECONDS)
        return Row(collection, found.id, _user_id(found), found.to_dict()) if found.exists else None


class _Errors:
    """Turns what the SDK raises into our own error."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, GoogleAPICallError | RetryError | GoogleAuthError):
            sentence = "Firestore can't be read right now. Start again: what is here stays."
            raise FirestoreDown(f"{sentence} ({type(error).__name__})") from error


def _connect(project: str) -> Any:
    path = settings.FIREBASE_CREDENTIALS
    try:
        client: Any = firestore.Client
        return client.from_service_account_json(path, project=project) if path else client(project)
    except (GoogleAuthError, OSError, ValueError) as error:
        name = type(error).__name__
        raise FirestoreDown(
            f"FIREBASE_CREDENTIALS can't be used for Firestore ({name})."
        ) from error


def _user_id(snapshot: Any) -> Any:
    return (snapshot.to_dict() or {}).get("user_id")


def _pages(query: Any, uid_of: Any) -> Iterator[Page]:
    ordered = query.order_by("__name__").limit(PAGE)
    last = None
    while True:
        with _Errors():
            asked = ordered if last is None else ordered.start_after(last)
            found = list(asked.stream(timeout=SECONDS))
        if found:
            yield [_as_row(one, uid_of) for one in found]
            last = found[-1]
        if len(found) < PAGE:
            return


def _as_row(snapshot: Any, uid_of: Any) -> Row:
    collection = snapshot.reference.parent.id
    return Row(collection, snapshot.id, uid_of(snapshot), snapshot.to_dict() or {})
