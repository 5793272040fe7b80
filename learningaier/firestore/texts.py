"""The texts of a note or a version, in two languages."""

from typing import Any

from learningaier.firestore.values import Fields
from notes.languages import GENERIC, read_tag
from notes.serializers.fields import MAX_CONTENT
from notes.services.fields import ImportedFields

MAX_TITLE = 300
UNTITLED = "Untitled"


def read_texts(fields: Fields) -> ImportedFields:
    """Title, texts and language. `generic` and null have the language told by the text.

    Raises: WrongValue for a text that is none.
    """
    title = fields.optional_text("title", most=MAX_TITLE).strip() or UNTITLED
    texts = {name: fields.text(f"content_md_{name}", most=MAX_CONTENT) for name in ("en", "zh")}
    written: dict[str, Any] = {name: text for name, text in texts.items() if text}
    language = read_tag(fields.optional_text("primary_language")) or GENERIC
    if language in written:
        content = written.pop(language)
        return {
            "title": title,
            "primary_language": language,
            "content": content,
            "texts": written,
        }
    if len(written) == 1:
        return {"title": title, "content": next(iter(written.values()))}
    return {"title": title, "texts": written}
