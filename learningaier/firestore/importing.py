"""The whole import: each collection after those to which it refers."""

from learningaier.firestore.cards import import_cards
from learningaier.firestore.conversations import import_conversations
from learningaier.firestore.documents import import_documents
from learningaier.firestore.folders import import_folders
from learningaier.firestore.notes import import_notes
from learningaier.firestore.profiles import import_profiles
from learningaier.firestore.report import Report
from learningaier.firestore.reviews import import_reviews
from learningaier.firestore.runs import Run
from learningaier.firestore.source import Firestore

ALL = (
    import_profiles,
    import_folders,
    import_notes,
    import_documents,
    import_cards,
    import_reviews,
    import_conversations,
)


def import_all(*, source: Firestore, report: Report, is_dry: bool = False) -> None:
    """Take over what is not here yet. Killed at any moment, it goes on when it is started again.

    Raises: FirestoreDown; what is here by then stays.
    """
    run = Run(source, report, is_dry=is_dry)
    for import_collection in ALL:
        import_collection(run)
