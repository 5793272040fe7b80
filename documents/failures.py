"""Why a document could not be processed: the API's codes, each with a sentence for the learner.

Free of Django, as the extracting child process reads it too.
"""

from enum import StrEnum


class Failure(StrEnum):
    """The codes of a document's `error`."""

    PASSWORD_PROTECTED = "password_protected"  # noqa: S105  a code, no secret
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"


SENTENCES = {
    Failure.PASSWORD_PROTECTED: (
        "This document is protected by a password. Upload a copy without one."
    ),
    Failure.UNREADABLE: "This document can't be read. It may be damaged.",
    Failure.EMPTY: "There is no text in this document.",
    Failure.TOO_LARGE: "This document has more text than can be processed. Split it into parts.",
    Failure.UNSUPPORTED_TYPE: "This kind of file can't be read.",
    Failure.TIMEOUT: "Reading this document took too long. Try again, or split it into parts.",
    Failure.OUT_OF_MEMORY: "Reading this document took too much memory. Split it into parts.",
}
NO_OCR = "This document has no text of its own, and an OCR engine to read its images is missing."
TOO_MANY_PASSAGES = "Indexing this document took too long. Split it into parts."
OUR_FAULT = "Processing failed several times for reasons on our side. Try again later."


class ExtractionError(Exception):
    """No text can be had from a document; `message` is a sentence for the learner."""

    def __init__(self, failure: Failure, message: str = "") -> None:
        self.failure = failure
        self.message = message or SENTENCES[failure]
        super().__init__(failure.value)
