"""Text out of pictures: PP-OCR's models, which come with rapidocr, and Tesseract where it must be.

rapidocr reads Chinese, Japanese and the languages in Latin letters. For others, Tesseract reads if
OCR_LANGUAGES names them and their data is installed.
"""

import asyncio
import io
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from documents.reading.layout import Piece, write_page

MAX_SIDE = 2600  # pixels; larger pictures are made smaller
CERTAIN = 0.9  # mean confidence above which a reading is not called uncertain
_LONG, _DOUBTFUL = 12, 0.75  # letters of a line, and the confidence below which it is doubtful
_FLIPPED = 0.9  # confidence of a line's direction
_LANGUAGE_FOLDERS = (  # where the system packages of Tesseract put their language data
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
# Tesseract's codes of languages that PP-OCR's models read too.
_BUILT_IN = frozenset(
    "eng chi_sim chi_tra jpn fra deu spa ita por nld dan swe nor fin isl pol ces slk slv hrv hun "
    "ron tur est lav lit cat eus glg afr ind msa tgl swa gle cym sqi bos srp_latn uzb vie".split()
)


@dataclass(frozen=True)
class Recognized:
    """What a picture says. `confidence`: 0 to 1, the mean over its letters."""

    text: str
    confidence: float
    pieces: tuple[Piece, ...] = ()
    has_doubtful_line: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether it can be taken as it is."""
        return self.confidence >= CERTAIN and not self.has_doubtful_line


def recognize(image: Any, languages: str) -> Recognized:
    """The text of an upright or turned picture (a PIL image in RGB).

    `languages`: Tesseract's codes joined by `+`.
    """
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    others = [name for name in languages.split("+") if name not in _BUILT_IN]
    installed = find_tesseract_languages("+".join(others)) if others else ""
    if installed:
        return _read_with_tesseract(image, find_tesseract_languages(languages))
    return _read_with_rapidocr(image)


@cache
def _engine() -> Any:
    """The models, loaded once a process."""
    from rapidocr import RapidOCR  # noqa: PLC0415  takes a second, and few files need it

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Rec.rec_batch_num": 2,  # more take more memory and no less time
            "EngineConfig.onnxruntime.intra_op_num_threads": os.cpu_count() or 1,
        }
    )


def _read_with_rapidocr(image: Any) -> Recognized:
    import numpy as np  # noqa: PLC0415  as above
    from rapidocr.main import RapidOCRError  # noqa: PLC0415

    engine = _engine()
    for _ in range(3):  # as found, on its side, on its head
        pixels = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
        prepared, record = engine.preprocess_img(pixels)
        try:
            lines, found = engine.detect_and_crop(prepared, record)
        except RapidOCRError:  # there are no lines
            return Recognized("", 0.0)
        # The engine would turn each line that it takes to be on its head, and long lines of an
        # upright page are among them. So the lines only vote on how the page lies.
        directions = engine.cls_and_rotate(list(lines))[1]
        turn = _turn_of(found.boxes, directions.cls_res)
        if not turn:
            break
        image = image.rotate(turn, expand=True)
    read = engine.recognize_txt(list(lines))
    result = engine.build_final_output(pixels, found, directions, read, lines, record)
    pieces = tuple(
        _as_piece(box, text)
        for box, text in zip(_or_empty(result, "boxes"), _or_empty(result, "txts"), strict=True)
    )
    return Recognized(write_page(pieces), _mean(result), pieces, _has_doubtful_line(result))


def _or_empty(result: Any, name: str) -> Any:
    found = getattr(result, name, None)
    return () if found is None else found


def _mean(result: Any) -> float:
    """The confidence over all lines, long ones counting more."""
    texts, scores = _or_empty(result, "txts"), _or_empty(result, "scores")
    letters = sum(map(len, texts))
    total = sum(len(text) * score for text, score in zip(texts, scores, strict=True))
    return total / letters if letters else 0.0


def _has_doubtful_line(result: Any) -> bool:
    """Whether a line of some length may be wrong, however well the others are read."""
    lines = zip(_or_empty(result, "txts"), _or_empty(result, "scores"), strict=True)
    return any(len(text) >= _LONG and score < _DOUBTFUL for text, score in lines)


def _turn_of(boxes: Any, directions: Any) -> int:
    """By how many degrees, against the clock, the picture must be turned to stand upright."""
    if boxes is None or len(boxes) == 0:
        return 0
    heights = [max(point[1] for point in box) - min(point[1] for point in box) for box in boxes]
    widths = [max(point[0] for point in box) - min(point[0] for point in box) for box in boxes]
    lying = sum(h for h, w in zip(heights, widths, strict=True) if h > 1.5 * w)
    standing = sum(w for h, w in zip(heights, widths, strict=True) if w > 1.5 * h)
    if lying > standing:
        return 90
    flipped = sum(label == "180" and score > _FLIPPED for label, score in directions or ())
    return 180 if flipped * 2 > len(boxes) else 0


def _as_piece(box: Any, text: str) -> Piece:
    across, down = [float(point[0]) for point in box], [float(point[1]) for point in box]
    return Piece(min(across), min(down), max(across), max(down), text)


def find_tesseract_languages(languages: str) -> str:
    """Those of the wanted languages whose data are there, joined by `+`."""
    folders = [os.environ.get("TESSDATA_PREFIX", ""), *_LANGUAGE_FOLDERS]
    folder = next((Path(name) for name in folders if name and Path(name).is_dir()), None)
    if folder is None:
        return ""
    os.environ["TESSDATA_PREFIX"] = str(folder)  # so that Tesseract looks where we did
    wanted = languages.split("+")
    return "+".join(name for name in wanted if (folder / f"{name}.traineddata").is_file())


def _read_with_tesseract(image: Any, languages: str) -> Recognized:
    """Through xberg, which carries Tesseract itself."""
    import xberg  # noqa: PLC0415  130 MB that few files need

    packed = io.BytesIO()
    image.save(packed, "PNG")
    config = xberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        ocr=xberg.OcrConfig(backend="tesseract", language=languages.split("+")),
    )
    source: Any = cast("Any", xberg.ExtractInput).from_bytes(packed.getvalue(), "image/png")
    try:
        found = asyncio.run(xberg.extract(source, config)).results
    except xberg.XbergError:
        return Recognized("", 0.0)
    text = "\n\n".join(one.content for one in found)
    return Recognized(text, CERTAIN if text.strip() else 0.0)
