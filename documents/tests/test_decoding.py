"""Bytes to stored text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.decoding import clean_text, join_pages
from documents.reading.encodings import decode_text, is_binary
from documents.reading.labels import decode_html

GERMAN = "Größe und Maß: die Zelle atmet. " * 20


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"],
)
def test_text_is_read_in_whatever_encoding_it_has(encoding):
    assert decode_text(GERMAN.encode(encoding)).text == GERMAN


def test_russian_in_an_old_code_page_is_read():
    russian = "Митохондрия является энергетической станцией клетки и производит энергию. " * 20
    assert decode_text(russian.encode("cp1251")).text == russian


def test_bytes_that_fit_no_encoding_still_become_text():
    assert isinstance(decode_text(bytes(range(128, 256)) * 4).text, str)


def test_a_page_in_html_is_read_by_its_own_charset():
    page = "<meta charset='windows-1251'><p>Митохондрия"
    assert decode_html(page.encode("cp1251")).text == page


def test_a_charset_that_does_not_exist_is_passed_over():
    assert "Zelle" in decode_html(b"<meta charset='x-none'><p>Zelle").text


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"words", False), ("words".encode("utf-16-le"), False), (b"\0\1\2\3" * 9, True)],
)
def test_binaries_are_told_from_texts(data, expected):
    assert is_binary(data) is expected


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x1bc\td", "abc\td"),
        ("one\x0ctwo\u2028three", "one\ntwo\nthree"),
        ("mito\x02\r\nchondrion", "mitochondrion"),
        ("Zu\u0308rich", "Zürich"),
        ("\ufeff  words  \n", "words"),
    ],
)
def test_stored_text_is_clean(raw, clean):
    assert clean_text(raw) == clean


@given(st.lists(st.text(), max_size=8))
def test_the_span_of_every_page_is_exact(contents):
    text, spans = join_pages(enumerate(contents, 1))
    assert [text[start:end] for _, start, end in spans] == [clean_text(page) for page in contents]
    assert [number for number, _, _ in spans] == list(range(1, len(contents) + 1))


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)
