"""Formats as a reader sees them: small files made by hand."""

import pytest

from documents.failures import ExtractionError
from documents.reading.epub import read_epub
from documents.reading.html import read_markup
from documents.reading.number_formats import format_value
from documents.reading.rtf import read_rtf
from documents.reading.text import join_blocks, join_rows, lower_text, raise_text
from documents.reading.word import read_word
from documents.tests.files import HEAD, OFFICE, WORD, make_docx, make_zip

CONTAINER = '<container><rootfiles><rootfile full-path="a/b.opf"/></rootfiles></container>'

DELETED = (
    "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>here</w:t></w:r></w:p>"
)
TABLE = (
    "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>b|</w:t></w:r></w:p></w:tc></w:tr>"
    "<w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


def page(markup):
    return join_blocks(read_markup(markup)[0])


def word(tmp_path, body):
    path = tmp_path / "file.docx"
    path.write_bytes(make_docx([f"</w:t></w:r></w:p>{body}<w:p><w:r><w:t>"]))
    return read_word(path).text


@pytest.mark.parametrize(
    ("before", "raised", "text"),
    [
        ("10", "11", "^11"),
        ("10", "-3", "^-3"),
        ("2", "n+1", "^{n+1}"),
        ("m", "3", "³"),
        ("s", "−1", "⁻¹"),
        ("Miller", "3", " ³"),
        ("cells.", "12", " ¹²"),
        ("1", "st", "st"),
        ("e", "-kt", "^{-kt}"),
    ],
)
def test_what_is_raised_stays_apart_from_what_it_stands_on(before, raised, text):
    assert raise_text(before, raised) == text


def test_what_is_lowered_is_marked():
    assert [lower_text("H", "2"), lower_text("k", "max")] == ["₂", "_{max}"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>a<p>b</p>c</div>", "a\n\nb\n\nc"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "• a\n  • b\n• c"),
        ("<ol start=3 type=a><li>x<li value=7>y</ol>", "c. x\ng. y"),
        ("<table><tr><th>a<th>b<tr><td rowspan=2>1<td>2<tr><td>3</table>", "a\tb\n1\t2\n\t3"),
        ("<style>.x{display:none}</style><p class=x>gone</p><p>seen", "seen"),
        ("<p>see <a href='/wiki/A'>the <b>cell</b></a><sup><a href='#n'>3</a></sup></p>",
         "see the cell ³"),
        ("<dl><dt>t<dd>d</dl><blockquote>q</blockquote>", "t\n\nd\n\nq"),
        ("<p>a<br>b</p><pre>x\n  y</pre>", "a\nb\n\nx\n  y"),
        ("<p>10<sup>11</sup> cells", "10^11 cells"),
    ],
)  # fmt: skip
def test_all_that_a_browser_shows_is_read_once(markup, text):
    assert page(markup) == text


def test_a_page_nested_without_end_is_read():
    assert page("<div>" * 1500 + "deep" + "</div>" * 1500) == "deep"


def test_formulas_become_latex():
    assert page("<math><mfrac><mi>a</mi><msqrt><mi>b</mi></msqrt></mfrac></math>") == (
        r"$\frac{a}{\sqrt{b}}$"
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r></w:p>", "a\tb\nc"),
        ("<w:p><w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r></w:p>", "a-b"),
        ('<w:p><w:r><w:sym w:font="Symbol" w:char="F061"/></w:r></w:p>', "α"),
        (DELETED, "here"),
        (TABLE, "\tb|\n1\t2"),
    ],
)  # fmt: skip
def test_word_is_read_as_it_is_shown(tmp_path, body, text):
    assert word(tmp_path, body) == text


def test_a_list_of_word_is_read_with_its_numbers(tmp_path):
    numbers = (
        f'{HEAD}<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    items = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{name}</w:t></w:r></w:p>"
        for level, name in [(0, "mix"), (1, "salt"), (1, "water"), (0, "heat")]
    )
    path = tmp_path / "list.docx"
    relation = f'<Relationship Id="n" Type="{OFFICE}/numbering" Target="numbering.xml"/>'
    path.write_bytes(
        make_zip(
            {
                "word/document.xml": (
                    f'{HEAD}<w:document xmlns:w="{WORD}"><w:body>{items}</w:body></w:document>'
                ),
                "word/numbering.xml": numbers,
                "word/_rels/document.xml.rels": (
                    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                    f'relationships">{relation}</Relationships>'
                ),
            }
        )
    )
    assert read_word(path).text == "1. mix\n  a) salt\n  b) water\n2. heat"


def test_a_chapter_that_is_missing_is_named(tmp_path):
    path = tmp_path / "book.epub"
    chapters = '<item id="1" href="one%20a.xhtml"/><item id="2" href="gone.xhtml"/>'
    spine = '<spine><itemref idref="1"/><itemref idref="2"/></spine>'
    path.write_bytes(
        make_zip(
            {
                "META-INF/container.xml": CONTAINER,
                "a/b.opf": f"<package><manifest>{chapters}</manifest>{spine}</package>",
                "a/one a.xhtml": "<html><body><p>First &amp; only</p></body></html>",
            }
        )
    )
    reading = read_epub(path)
    assert reading.text == "First & only"
    assert [warning.code for warning in reading.warnings] == ["part_missing"]
    assert "gone.xhtml" in reading.warnings[0].message


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.125, "0.0%", "12.5%"),
        (42, "000000", "000042"),
        (0.604166667, "hh:mm", "14:30"),
        (1.25, "[h]:mm", "30:00"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (45351, "d mmmm yyyy", "29 February 2024"),
        (6.02214076e23, "0.00E+00", "6.02E+23"),
        (0.1 + 0.2, "General", "0.3"),
        (0, '0;-0;"none"', "none"),
        (1234567, '0.0,,"M"', "1.2M"),
    ],
)
def test_a_number_is_read_as_its_cell_shows_it(value, code, shown):
    assert format_value(value, code) == shown


def test_rtf_is_read_as_it_is_shown(tmp_path):
    path = tmp_path / "file.rtf"
    path.write_bytes(rb"{\rtf1\ansi co\_op\~x {\deleted gone}\u-10179?\u-8704? H{\sub 2}O\par}")
    assert read_rtf(path).text == "co-op\xa0x 😀 H₂O"


def test_rows_keep_their_columns():
    assert join_rows([["", "a b", ""], ["1\n2", "", ""]]) == "\ta b\n1 2\t"


def test_what_is_no_archive_is_unreadable(tmp_path):
    path = tmp_path / "file.docx"
    path.write_bytes(b"PK\x03\x04 garbage")
    with pytest.raises(ExtractionError, match="unreadable"):
        read_word(path)
