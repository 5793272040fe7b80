"""What a text that was read lacks or may have wrong: codes, each with a sentence for the learner.

Free of Django, as the extracting child process reads it too.
"""

from dataclasses import dataclass
from enum import StrEnum

MAX_WARNINGS = 50  # of a document; what is beyond is counted in the last one


class WarningCode(StrEnum):
    """The codes of a document's `warnings`."""

    PART_MISSING = "part_missing"
    PAGE_NOT_READ = "page_not_read"
    PICTURES_NOT_READ = "pictures_not_read"
    OCR_UNCERTAIN = "ocr_uncertain"
    TEXT_DAMAGED = "text_damaged"
    CHARACTERS_REPLACED = "characters_replaced"
    ENCODING_GUESSED = "encoding_guessed"
    MORE_WARNINGS = "more_warnings"


SENTENCES = {
    WarningCode.PART_MISSING: "A part of this document could not be read.",
    WarningCode.PAGE_NOT_READ: "This page is a picture in which no text could be read.",
    WarningCode.PICTURES_NOT_READ: "There are pictures here whose contents were not read.",
    WarningCode.OCR_UNCERTAIN: (
        "This was read from a picture, and some of it is not certain. Compare it with the original."
    ),
    WarningCode.TEXT_DAMAGED: (
        "Letters are missing or wrong in this file's own text. Compare it with the original."
    ),
    WarningCode.CHARACTERS_REPLACED: (
        "Some characters of this file are damaged and were replaced by \N{REPLACEMENT CHARACTER}."
    ),
    WarningCode.ENCODING_GUESSED: (
        "This file does not say how its letters are encoded, and they may have been read wrongly."
    ),
    WarningCode.MORE_WARNINGS: "There are more places like these.",
}


@dataclass(frozen=True)
class ReadingWarning:
    """Something that was lost, or may be wrong. `page`: its number from 1, or None."""

    code: WarningCode
    page: int | None = None
    message: str = ""

    def as_json(self) -> dict[str, str | int | None]:
        """As the API shows it."""
        sentence = self.message or SENTENCES[self.code]
        return {"code": self.code.value, "page": self.page, "message": sentence}


def limit_warnings(warnings: list[ReadingWarning]) -> list[ReadingWarning]:
    """Each warning once, in the order of the pages, and not more than a person would read."""
    unique = sorted(dict.fromkeys(warnings), key=lambda warning: warning.page or 0)
    if len(unique) <= MAX_WARNINGS:
        return unique
    more = len(unique) - MAX_WARNINGS + 1
    last = ReadingWarning(WarningCode.MORE_WARNINGS, message=f"There are {more} more warnings.")
    return [*unique[: MAX_WARNINGS - 1], last]
