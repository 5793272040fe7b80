"""In which folders the materials of notes lie, by the ids of all folders from the top down."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from learningaier.knowledge.index.writer import forget_answers
from learningaier.knowledge.models import Material


def place_materials(owner_id: UUID, note_ids: Sequence[UUID], folder_ids: Sequence[UUID]) -> None:
    """Note that these notes lie in another folder now: `folder_ids` from the top down."""
    notes = Material.objects.filter(owner_id=owner_id, note_id__in=note_ids, kind="note")
    notes.update(folder_ids=list(folder_ids))
    forget_answers(owner_id, *note_ids)


def move_materials(
    owner_id: UUID, moved: UUID, folder_ids: Sequence[UUID], note_ids: Sequence[UUID]
) -> None:
    """Note that a folder lies elsewhere, with all that is below it, among it these notes.

    `folder_ids`: from the top down to the folder that has moved.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE knowledge_material SET folder_ids = "
            "%s::uuid[] || folder_ids[array_position(folder_ids, %s) + 1:] "
            "WHERE owner_id = %s AND folder_ids @> ARRAY[%s]::uuid[]",
            [list(folder_ids), moved, owner_id, moved],
        )
    forget_answers(owner_id, *note_ids)
