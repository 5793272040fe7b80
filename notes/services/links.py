"""Links between notes, kept equal to the texts."""

from collections.abc import Iterable

from notes.models import Note, NoteLink
from notes.wikilinks import find_links


def renew_links(note: Note) -> None:
    """Make a note's links those of its text. A link that is known keeps the note that it found."""
    titles = find_links([note.content, *note.translations.values()])
    known = {link.title_key: link for link in NoteLink.objects.filter(source=note)}
    gone = [link.pk for key, link in known.items() if key not in titles]
    NoteLink.objects.filter(pk__in=gone).delete()
    fresh = [key for key in titles if key not in known or known[key].target_id is None]
    targets = _find_targets(note, fresh)
    links = [
        NoteLink(
            pk=known[key].pk if key in known else None,
            owner_id=note.owner_id,
            source=note,
            target=targets.get(key) if key in fresh else known[key].target,
            title=title,
            title_key=key,
            position=place,
        )
        for place, (key, title) in enumerate(titles.items())
    ]
    fields = ["target", "title", "position"]
    NoteLink.objects.bulk_update([link for link in links if link.title_key in known], fields)
    NoteLink.objects.bulk_create([link for link in links if link.title_key not in known])


def _find_targets(note: Note, keys: Iterable[str]) -> dict[str, Note]:
    """The notes of these titles: of several one in the same folder, else the oldest."""
    notes = Note.objects.filter(owner_id=note.owner_id, title_key__in=list(keys))
    found: dict[str, Note] = {}
    rows = notes.only("title_key", "in_folder_id", "created_at").order_by("created_at", "pk")
    for row in sorted(rows, key=lambda one: one.in_folder_id != note.in_folder_id):
        found.setdefault(row.title_key, row)
    return found


def adopt_links(note: Note) -> None:
    """Let links that have found no note find this one, by its title."""
    waiting = NoteLink.objects.filter(owner_id=note.owner_id, title_key=note.title_key)
    waiting.filter(target=None).update(target=note)
