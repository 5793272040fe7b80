"""Plain text, Markdown and CSV: kept as written, whatever their encoding."""

from pathlib import Path

from documents.decoding import clean_text
from documents.reading.encodings import Decoded, decode_text
from documents.reading.text import Reading
from documents.warnings import ReadingWarning, WarningCode


def read_plain(path: Path) -> Reading:
    """The text of a file that is nothing but text."""
    decoded = decode_text(path.read_bytes())
    text = clean_text(decoded.text)
    return Reading(text, [(None, 0, len(text))], warn_of_decoding(decoded))


def warn_of_decoding(decoded: Decoded) -> list[ReadingWarning]:
    """What is doubtful about a text that was decoded."""
    warnings = []
    if decoded.replaced:
        warnings.append(ReadingWarning(WarningCode.CHARACTERS_REPLACED))
    if decoded.is_guess:
        warnings.append(ReadingWarning(WarningCode.ENCODING_GUESSED))
    return warnings
