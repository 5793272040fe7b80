"""Photos and scans: upright, without transparency, all pages of them, read by OCR."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageFile, ImageOps, ImageStat, UnidentifiedImageError

from documents.decoding import has_words, join_pages
from documents.failures import ExtractionError, Failure
from documents.reading.ocr import recognize
from documents.reading.text import Reading
from documents.warnings import ReadingWarning, WarningCode

MAX_PIXELS = 250_000_000  # of one page
MAX_FRAMES = 12  # of an animation that are looked at
MAX_SHEETS = 500  # pages of a TIFF
_BRIGHT = 128  # of 255


def read_image(path: Path, languages: str) -> Reading:
    """The text of a picture; a TIFF of several pages has page numbers.

    Raises: ExtractionError.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(path) as image:
            count = getattr(image, "n_frames", 1)
            is_document = image.format == "TIFF" and count > 1
            warnings: list[ReadingWarning] = []
            frames = list(_read_frames(image, count, is_document, languages, warnings))
    except Image.DecompressionBombError as error:
        raise ExtractionError(Failure.TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, ValueError, TypeError, SyntaxError, EOFError) as error:
        raise ExtractionError(Failure.UNREADABLE) from error
    if is_document:
        text, spans = join_pages(enumerate(frames, 1))
        return Reading(text, spans, warnings)
    text, spans = join_pages([(None, "\n\n".join(dict.fromkeys(filter(has_words, frames))))])
    return Reading(text, spans, warnings)


def _read_frames(
    image: Any, count: int, is_document: bool, languages: str, warnings: list[ReadingWarning]
) -> Iterator[str]:
    wanted = range(min(count, MAX_SHEETS)) if is_document else _some(count)
    if is_document and count > MAX_SHEETS:
        warnings.append(ReadingWarning(WarningCode.PART_MISSING))
    for number in wanted:
        image.seek(number)
        page = number + 1 if is_document else None
        found = recognize(as_upright(image, warnings), languages)
        if not has_words(found.text):
            if is_document:
                warnings.append(ReadingWarning(WarningCode.PAGE_NOT_READ, page))
        elif not found.is_certain:
            warnings.append(ReadingWarning(WarningCode.OCR_UNCERTAIN, page))
        yield found.text


def _some(count: int) -> list[int]:
    """Frames from all over an animation, the first and the last among them."""
    if count <= MAX_FRAMES:
        return list(range(count))
    return [at * (count - 1) // (MAX_FRAMES - 1) for at in range(MAX_FRAMES)]


def as_upright(image: Any, warnings: list[ReadingWarning]) -> Any:
    """A frame in RGB as a viewer shows it; a damaged file gives what there is of it."""
    try:
        image.load()
    except OSError:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            image.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        warnings.append(ReadingWarning(WarningCode.PART_MISSING))
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I") or upright.mode == "F":
        upright = _in_eight_bits(upright)
    if "A" in upright.getbands() or "transparency" in upright.info:
        return _on_paper(upright.convert("RGBA"))
    return upright.convert("RGB")


def _in_eight_bits(image: Any) -> Any:
    low, high = image.convert("F").getextrema()
    scale = 255 / (high - low) if high > low else 1.0
    return image.convert("F").point(lambda value: (value - low) * scale).convert("L")


def _on_paper(image: Any) -> Any:
    """Over white, or over black where the picture itself is bright."""
    opaque = image.getchannel("A").point(lambda value: 255 if value > _BRIGHT else 0)
    is_bright = opaque.getbbox() and ImageStat.Stat(image.convert("L"), opaque).mean[0] > _BRIGHT
    has_hole = image.getchannel("A").getextrema()[0] < _BRIGHT
    paper = Image.new("RGBA", image.size, "black" if is_bright and has_hole else "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")
