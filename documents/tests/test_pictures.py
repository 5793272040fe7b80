"""Pictures of all kinds: many pages, layers of transparency, turned by a camera or a scanner."""

import io

import pypdfium2
import pytest
from PIL import Image

from documents.reading.images import read_image
from documents.tests.files import make_pdf

ROTATED = {3: 180, 6: 90, 8: -90}  # the camera's mark, and how far its picture is turned


def picture(words):
    """A strip of white paper with words on it."""
    page = pypdfium2.PdfDocument(make_pdf([[words]]))[0]
    image = page.render(scale=200 / 72).to_pil().convert("RGB")
    return image.crop((0, 0, image.width, image.height // 4))


def read(tmp_path, image, kind, **options):
    path = tmp_path / "original"
    image.save(path, kind, **options)
    reading = read_image(path, "eng")
    return reading.text, [warning.code.value for warning in reading.warnings]


@pytest.fixture(scope="module")
def first():
    return picture("CELLS DIVIDE AT NOON")


@pytest.mark.parametrize("kind", ["TIFF", "WEBP"])
def test_all_pages_of_a_picture_are_read(tmp_path, first, kind):
    second = picture("PLANTS NEED LIGHT")
    text, warnings = read(tmp_path, first, kind, save_all=True, append_images=[second])
    assert "CELLS DIVIDE" in text
    assert text.index("CELLS DIVIDE") < text.index("PLANTS NEED")
    assert warnings == []


@pytest.mark.parametrize("ink", [0, 255], ids=["black", "white"])
def test_words_on_a_transparent_ground_are_read(tmp_path, first, ink):
    alpha = first.convert("L").point(lambda value: 255 - value)
    image = Image.merge("LA", [Image.new("L", first.size, ink), alpha]).convert("RGBA")
    assert "CELLS DIVIDE" in read(tmp_path, image, "PNG")[0]


@pytest.mark.parametrize("mark", [3, 6, 8])
def test_a_photo_is_read_the_way_its_camera_was_held(tmp_path, first, mark):
    exif = Image.Exif()
    exif[0x112] = mark
    turned = first.rotate(ROTATED[mark], expand=True)
    assert "CELLS DIVIDE" in read(tmp_path, turned, "JPEG", exif=exif)[0]


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK"])
def test_a_picture_of_any_depth_is_read(tmp_path, first, mode):
    assert "CELLS" in read(tmp_path, first.convert(mode), "TIFF")[0]


def test_a_picture_without_words_has_no_text(tmp_path):
    blank = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(blank, "PNG")
    path = tmp_path / "original"
    path.write_bytes(blank.getvalue())
    assert not read_image(path, "eng").text.strip()
