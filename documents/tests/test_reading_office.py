"""Word, PowerPoint and spreadsheets as a reader sees them: small files made by hand."""

import io
import zipfile

import pytest

from documents.reading.sheets import read_sheets
from documents.reading.slides import read_slides
from documents.reading.word import read_word
from documents.tests.files import (
    DRAWING,
    HEAD,
    OFFICE,
    RELATIONS,
    SLIDES,
    WORD,
    make_pptx,
    make_zip,
)

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MARKUP = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs):
    return f"<w:p>{''.join(runs)}</w:p>"


def relations(*links):
    found = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, kind, target in links
    )
    return f'<Relationships xmlns="{RELATIONS}">{found}</Relationships>'


def word(tmp_path, body, notes=()):
    """Read a body with parts of notes: (kind, XML). Returns: text and codes of warnings."""
    entries = {
        "word/document.xml": (
            f'{HEAD}<w:document xmlns:w="{WORD}" {MATH}><w:body>{body}</w:body></w:document>'
        ),
        "word/_rels/document.xml.rels": relations(*((k, k, f"{k}.xml") for k, _ in notes)),
    }
    for kind, content in notes:
        entries[f"word/{kind}.xml"] = f'<w:{kind} xmlns:w="{WORD}">{content}</w:{kind}>'
    return shown(tmp_path, read_word, make_zip(entries))


def shown(tmp_path, read, content):
    path = tmp_path / "original"
    path.write_bytes(content)
    reading = read(path)
    return reading.text, [warning.code.value for warning in reading.warnings]


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Fig. 1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
FRACTION = (
    "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den>"
    "</m:f></m:oMath>"
)
NESTED = (
    f"<w:tbl><w:tr><w:tc>{paragraph(run('outer'))}<w:tbl><w:tr><w:tc>{paragraph(run('one'))}</w:tc>"
    f"<w:tc>{paragraph(run('two'))}</w:tc></w:tr></w:tbl><w:p/></w:tc>"
    f"<w:tc>{paragraph(run('right'))}</w:tc></w:tr></w:tbl>"
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph(run("seen"), run(" hidden", "<w:vanish/>")), "seen"),
        (paragraph(run("on", '<w:vanish w:val="0"/>')), "on"),
        (paragraph("<w:ins>", run("new"), "</w:ins>"), "new"),
        (
            paragraph("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>", run("one "))
            + paragraph(run("paragraph")),
            "one paragraph",
        ),
        (paragraph("<w:sdt><w:sdtContent>", run("Ada"), "</w:sdtContent></w:sdt>"), "Ada"),
        (
            "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>" + paragraph(run("A")) + "</w:tc><w:tc>"
            + paragraph(run("B")) + "</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
            "A\tB",
        ),
        (
            "<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr>" + paragraph(run("gone"))
            + "</w:tc><w:tc>" + paragraph(run("kept")) + "</w:tc></w:tr></w:tbl>",
            "kept",
        ),
        (NESTED, "outer one two\tright"),
        (
            paragraph("<w:r><w:ruby><w:rt>", run("とう"), "</w:rt><w:rubyBase>", run("東"),
                      "</w:rubyBase></w:ruby></w:r>"),
            "東(とう)",
        ),
        (paragraph(run("So "), FRACTION), r"So $\frac{a}{b}$"),
        (paragraph(FIELD), "Fig. 1"),
        (paragraph(run("x"), run("2", '<w:position w:val="6"/>')), "x²"),
        (paragraph(run("H"), run("2", '<w:vertAlign w:val="subscript"/>'), run("O")), "H₂O"),
        (paragraph('<w:bdo w:val="rtl">', run("שלום"), "</w:bdo>", "<w:smartTag>", run(" x"),
                   "</w:smartTag>"), "שלום x"),
    ],
)  # fmt: skip
def test_word_shows_what_a_reader_sees(tmp_path, body, text):
    assert word(tmp_path, body) == (text, [])


def test_notes_and_comments_of_word_follow_the_text(tmp_path):
    body = paragraph(
        run("Cells divide"), '<w:r><w:footnoteReference w:id="2"/></w:r>',
        '<w:r><w:commentReference w:id="0"/></w:r>', run(". End."),
    )  # fmt: skip
    notes = [
        ("footnotes", f'<w:footnote w:id="2">{paragraph(run("See X."))}</w:footnote>'),
        ("comments", f'<w:comment w:id="0">{paragraph(run("Check this."))}</w:comment>'),
    ]
    assert word(tmp_path, body, notes)[0] == "Cells divide ¹. End.\n\n1 See X.\n\nCheck this."


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (paragraph(run("x"), "<w:r><w:object/></w:r>"), "pictures_not_read"),
        (paragraph(run("x")) + "<w:altChunk/>", "part_missing"),
        (paragraph(run("x"), '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'), ""),
        (paragraph(run("x"), '<w:r><w:sym w:font="Wingdings" w:char="F0D5"/></w:r>'),
         "text_damaged"),
    ],
)  # fmt: skip
def test_what_word_shows_and_the_text_lacks_is_said(tmp_path, body, code):
    assert word(tmp_path, body)[1] == ([code] if code else [])


def test_the_strict_form_of_office_files_is_read(tmp_path):
    strict = "http://purl.oclc.org/ooxml"
    link = f'<Relationship Id="a" Type="{strict}/officeDocument/relationships/officeDocument"'
    entries = {
        "_rels/.rels": (
            f'<Relationships xmlns="{RELATIONS}">{link} Target="w/d.xml"/></Relationships>'
        ),
        "w/d.xml": f'<w:document xmlns:w="{strict}/wordprocessingml/main"><w:body>'
        f"{paragraph(run('Cells'))}</w:body></w:document>",
    }
    assert shown(tmp_path, read_word, make_zip(entries)) == ("Cells", [])


def workbook(rows, code="", sheets=""):
    """A sheet of rows; `code`: the format of cells with `s="1"`."""
    formats = f'<numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts>' if code else ""
    sheets = sheets or '<sheet name="S" sheetId="1" r:id="a"/>'
    return make_zip(
        {
            "_rels/.rels": relations(("a", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": (
                f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": relations(
                ("a", "worksheet", "one.xml"), ("s", "styles", "styles.xml")
            ),
            "xl/one.xml": f'<worksheet xmlns="{SHEET}">{rows}</worksheet>',
            "xl/styles.xml": (
                f'<styleSheet xmlns="{SHEET}">{formats}<cellXfs><xf numFmtId="0"/>'
                '<xf numFmtId="170"/></cellXfs></styleSheet>'
            ),
        }
    )


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("0%", "0.5", "50%"),
        ("000-00-0000", "123456789", "123-45-6789"),
        ("(###) ###-####", "5551234567", "(555) 123-4567"),
        ("##0.0E+0", "12345", "12.3E+3"),
        ("# ?/?", "1.25", "1 1/4"),
        ("[$€-407] #,##0.00", "1234.5", "€ 1,234.50"),
        ("#,##0.00 [$€-1]", "-1234.5", "-1,234.50 €"),
        ("[&gt;=1000]0.0,&quot;k&quot;;0", "1500", "1.5k"),
        ("h:mm AM/PM", "0.75", "6:00 PM"),
        ("[mm]:ss", "0.05", "72:00"),
        ("dddd, d. mmmm yyyy", "45351", "Thursday, 29. February 2024"),
        ("hh&quot;h&quot;mm", "0.5", "12h00"),
        ("0.0&quot;%&quot;", "5", "5.0%"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(tmp_path, code, value, text):
    rows = f'<sheetData><row><c r="A1" s="1"><v>{value}</v></c></row></sheetData>'
    assert shown(tmp_path, read_sheets, workbook(rows, code)) == (f"S\n\n{text}", [])


def cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_what_is_hidden_in_a_sheet_is_left_out_and_merged_cells_keep_their_places(tmp_path):
    rows = (
        '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        f'<row r="1">{cell("A1", "a")}{cell("B1", "hidden")}{cell("D1", "d")}</row>'
        f'<row r="2" hidden="1">{cell("A2", "hidden")}</row>'
        f'<row r="3">{cell("C3", "c")}</row></sheetData>'
        '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    )
    assert shown(tmp_path, read_sheets, workbook(rows)) == ("S\n\na\t\td\n\tc", [])


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="e"><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c t="str"><f>A1</f><v>made</v></c>', "made"),
        ('<c t="d"><v>2024-02-29T00:00:00</v></c>', "2024-02-29"),
        ('<c t="s"><v>²</v></c><c><v>1</v></c>', "1"),
    ],
)
def test_a_cell_of_each_type_is_read(tmp_path, xml, text):
    rows = f"<sheetData><row>{xml}</row></sheetData>"
    assert shown(tmp_path, read_sheets, workbook(rows)) == (f"S\n\n{text}", [])


def test_a_number_that_its_format_hides_is_not_shown(tmp_path):
    rows = '<sheetData><row><c s="1"><v>5</v></c></row></sheetData>'
    assert shown(tmp_path, read_sheets, workbook(rows, ";;;")) == ("", [])


def test_a_formula_without_its_result_and_a_sheet_that_is_missing_are_said(tmp_path):
    rows = "<sheetData><row><c><f>1+1</f></c><c><v>3</v></c></row></sheetData>"
    sheets = '<sheet name="S" r:id="a"/><sheet name="Gone" r:id="z"/>'
    text, codes = shown(tmp_path, read_sheets, workbook(rows, sheets=sheets))
    assert (text, codes) == ("S\n\n3", ["part_missing", "part_missing"])


def slide(tmp_path, tree):
    with zipfile.ZipFile(io.BytesIO(make_pptx(["X"]))) as archive:
        entries = {name: archive.read(name).decode() for name in archive.namelist()}
    entries["ppt/slides/slide1.xml"] = (
        f'<p:sld xmlns:p="{SLIDES}" xmlns:a="{DRAWING}" {MATH} {MARKUP}><p:cSld><p:spTree>{tree}'
        "</p:spTree></p:cSld></p:sld>"
    )
    return shown(tmp_path, read_slides, make_zip(entries))


def shape(paragraphs, placeholder="", top=0, hidden=""):
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="T" {hidden}/><p:cNvSpPr/><p:nvPr>{placeholder}'
        f'</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="{top}"/></a:xfrm></p:spPr>'
        f"<p:txBody><a:bodyPr/>{paragraphs}</p:txBody></p:sp>"
    )


def line(text, properties="", marks=""):
    return f"<a:p><a:pPr>{marks}</a:pPr><a:r><a:rPr {properties}/><a:t>{text}</a:t></a:r></a:p>"


NUMBERED = '<a:buAutoNum type="arabicPeriod"/>'
CHOICE = (
    "<mc:AlternateContent><mc:Choice><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></mc:Choice>"
    "<mc:Fallback><a:r><a:t>in place of it</a:t></a:r></mc:Fallback></mc:AlternateContent>"
)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (shape(line("below"), top=900000) + shape(line("Title"), '<p:ph type="title"/>', 990000),
         "Title\n\nbelow"),
        (shape(line("x") + line("2")), "x\n\n2"),
        (shape('<a:p><a:r><a:t>x</a:t></a:r><a:r><a:rPr baseline="30%"/><a:t>2</a:t></a:r></a:p>'),
         "x²"),
        (shape('<a:p><a:r><a:rPr baseline="3 000"/><a:t>damaged</a:t></a:r></a:p>'), "damaged"),
        (shape(line("one", marks=NUMBERED) + line("two", marks=NUMBERED)), "1. one\n2. two"),
        (shape(line("hidden"), hidden='hidden="1"') + shape(line("seen")), "seen"),
        (f"<p:grpSp>{shape(line('in a group'))}</p:grpSp>", "in a group"),
        (shape(f"<a:p>{CHOICE}</a:p>"), "$x$"),
    ],
)  # fmt: skip
def test_a_slide_is_read_as_it_is_shown(tmp_path, tree, text):
    assert slide(tmp_path, tree) == (text, [])


def test_a_picture_of_a_slide_is_said(tmp_path):
    assert slide(tmp_path, f"<p:pic/>{shape(line('t'))}") == ("t", ["pictures_not_read"])
