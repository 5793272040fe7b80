"""What notes from before lack: folders of their paths, languages, reading times, links.

Frozen copies of today's rules, as migrations know no live code. Running it twice changes nothing.
"""

import math
import re
import unicodedata

from django.db import migrations

MAX_DEPTH = 20
MAX_LINKS = 500
BATCH = 200
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
CHARACTER = re.compile(f"[{CJK}]")
WORD = re.compile(r"\S{1,64}")
LINK = re.compile(r"\[\[([^\[\]\n|#]{1,300})(?:#[^\[\]\n|]{0,300})?(?:\|[^\[\]\n]{0,300})?\]\]")
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
TAGS = {
    "arabic": "ar",
    "chinese": "zh",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "greek": "el",
    "hindi": "hi",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "vietnamese": "vi",
}


def fold(name):
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    return unicodedata.normalize("NFC", plain.casefold())


def carry_notes(apps, schema_editor):
    """In batches, each in a transaction of its own."""
    notes = apps.get_model("notes", "Note").objects.order_by("pk")
    last = None
    while batch := list((notes.filter(pk__gt=last) if last else notes)[:BATCH]):
        last = batch[-1].pk
        languages = find_languages(apps, batch)
        for note in batch:
            note.title_key = fold(note.title)
            note.reading_time_seconds = estimate_seconds(note.content)
            note.primary_language = languages.get(note.pk, "en")
            place_note(apps, note)
        fields = ["title_key", "reading_time_seconds", "primary_language", "in_folder", "folder"]
        notes.bulk_update(batch, fields)
    last = None
    linking = notes.filter(content__contains="[[")
    while batch := list((linking.filter(pk__gt=last) if last else linking)[:BATCH]):
        last = batch[-1].pk
        for note in batch:
            link_note(apps, note)


def find_languages(apps, batch):
    materials = apps.get_model("knowledge", "Material").objects
    known = materials.filter(pk__in=[note.pk for note in batch]).values_list("pk", "language")
    return {pk: TAGS.get(language, "en") for pk, language in known}


def estimate_seconds(text):
    spaced, characters = CHARACTER.subn(" ", text)
    return math.ceil((len(WORD.findall(spaced)) + characters) * 60 / 250)


def place_note(apps, note):
    """The folder of the note's path, made where it is missing; deeper ones end in the last."""
    names = [name for name in (part.strip() for part in note.folder.split("/")) if name]
    if note.in_folder_id or not names:
        note.folder = note.folder if note.in_folder_id else ""
        return
    folders = apps.get_model("notes", "Folder").objects.filter(owner_id=note.owner_id)
    parent, above, path = None, [], []
    for name in [*names[: MAX_DEPTH - 1], " ".join(names[MAX_DEPTH - 1 :])]:
        if name:
            parent, _ = folders.get_or_create(
                owner_id=note.owner_id,
                parent=parent,
                name_key=fold(name),
                defaults={"name": name},
            )
            above.append(parent.pk)
            path.append(parent.name)
    note.in_folder, note.folder = parent, "/".join(path)
    materials = apps.get_model("knowledge", "Material").objects
    materials.filter(pk=note.pk).update(folder_ids=above)


def link_note(apps, note):
    links = apps.get_model("notes", "NoteLink").objects
    notes = apps.get_model("notes", "Note").objects.filter(owner_id=note.owner_id)
    found = {}
    for match in LINK.finditer(CODE.sub("", note.content)):
        title = " ".join(match.group(1).split())
        if title and len(found) < MAX_LINKS:
            found.setdefault(fold(title), title)
    for position, (key, title) in enumerate(found.items()):
        same = notes.filter(title_key=key, deleted_at=None).order_by("created_at", "pk")
        links.get_or_create(
            source=note,
            title_key=key,
            defaults={
                "owner_id": note.owner_id,
                "title": title,
                "position": position,
                "target": same.filter(in_folder=note.in_folder_id).first() or same.first(),
            },
        )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notes", "0007_note_indexes"),
        ("knowledge", "0003_folders"),
    ]

    operations = [migrations.RunPython(carry_notes, migrations.RunPython.noop)]
