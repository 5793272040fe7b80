from django.apps import AppConfig


class NotesConfig(AppConfig):
    """The notes that a learner writes."""

    name = "notes"

    def ready(self) -> None:
        """Have notes that were left unindexed indexed; let deleted ones be restored."""
        from learningaier.jobs import schedule  # noqa: PLC0415  apps must be loaded first
        from learningaier.knowledge.index import reanalysis  # noqa: PLC0415
        from learningaier.knowledge.models import Material  # noqa: PLC0415
        from learningaier.knowledge.names import register_ids, register_names  # noqa: PLC0415
        from learningaier.sync import trash  # noqa: PLC0415
        from notes.indexing import index_note_again  # noqa: PLC0415
        from notes.jobs import enqueue_pending_notes  # noqa: PLC0415
        from notes.models import Folder, Note  # noqa: PLC0415
        from notes.services import notes as services  # noqa: PLC0415

        register_ids("note", Note)
        register_names("folder", lambda owner, name: Folder.objects.owned_by(owner).find(name))
        schedule.every(15, enqueue_pending_notes)
        reanalysis.register_kind(Material.Kind.NOTE, index_note_again)
        trash.register_kind(
            services.TRASH_KIND, restore=services.restore_note, purge=services.purge_note
        )
