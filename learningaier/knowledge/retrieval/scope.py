"""What a question may see of its owner's library."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from learningaier.knowledge.models import Material


@dataclass(frozen=True)
class Scope:
    """Everything of an owner, or the part for which all that is given holds.

    `note_id`: the note with its documents. `ids`: any of these notes (with their documents) and
    documents. `folders`, `tags`: notes in any of the folders or below them, with any of the tags,
    and their documents; of no folder, nothing.
    """

    owner_id: UUID
    note_id: UUID | None = None
    ids: tuple[UUID, ...] = ()
    folders: tuple[UUID, ...] | None = None
    tags: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the library is left out."""
        is_narrowed = self.note_id or self.ids or self.folders is not None or self.tags
        return not is_narrowed

    def material_ids(self) -> list[UUID] | None:
        """The notes and documents in the scope; None stands for the whole library."""
        if self.is_whole:
            return None
        owned = Material.objects.filter(owner_id=self.owner_id)
        chosen = owned
        if self.note_id:
            chosen = chosen.filter(note_id=self.note_id)
        if self.ids:
            chosen = chosen.filter(Q(pk__in=self.ids) | Q(note_id__in=self.ids))
        for condition in self._labels():
            labelled = owned.filter(condition).values("pk")
            chosen = chosen.filter(Q(pk__in=labelled) | Q(note_id__in=labelled))
        return list(chosen.values_list("pk", flat=True))

    def _labels(self) -> list[Q]:
        conditions = []
        if self.folders is not None:
            conditions.append(Q(folder_ids__overlap=list(self.folders)))
        if self.tags:
            conditions.append(Q(tags__overlap=list(self.tags)))
        return conditions
