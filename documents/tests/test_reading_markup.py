"""Web pages, OpenDocument texts, RTF and texts of all encodings as a reader sees them."""

import pytest

from documents.reading.encodings import decode_text
from documents.reading.epub import read_epub
from documents.reading.html import read_html
from documents.reading.opendocument import read_opendocument
from documents.reading.rtf import read_rtf
from documents.tests.files import make_zip


def shown(tmp_path, read, content):
    path = tmp_path / "original"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    reading = read(path)
    return reading.text, [warning.code.value for warning in reading.warnings]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<details><summary>Why</summary>Because</details>", "Why\n\nBecause"),
        ("<p>a<template>gone</template><noscript>gone</noscript> b", "a b"),
        ("<p hidden>gone</p><p>a<span style='visibility: hidden'>gone</span>", "a"),
        ("<style>.x{display:none} #y{visibility:hidden}</style><p class='a x'>gone<p id=y>gone<p>b",
         "b"),
        ("<dialog>gone</dialog><dialog open>seen</dialog>", "seen"),
        ("<p>a <span aria-hidden=true>seen</span>", "a seen"),
        ("<p>a<pre>  x\n\n  y <b>z</b></pre>", "a\n\n  x\n\n  y z"),
        ("<p>&lt;b&gt; &amp;amp; &#8364; &#x80; AT&T &copy2020", "<b> &amp; € € AT&T ©2020"),
        ("<table><tr><td>o<table><tr><td>1<td>2</table><td>r</table>", "o 1 2\tr"),
        ("<table><caption>C</caption><thead><tr><th>A<th>B<tfoot><tr><td colspan=2>f</table>",
         "C\n\nA\tB\nf"),
        ("<p dir=rtl>שלום <bdi>abc</bdi> עולם", "שלום abc עולם"),
        ("<p>**b** [x](y) # h", "**b** [x](y) # h"),
        ("<p>So <math><msup><mi>c</mi><mn>2</mn></msup></math>", "So $c^{2}$"),
        ("<p>So <script type='math/tex'>z^2</script>", "So $z^2$"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
        ("<ol reversed><li>a<li>b</ol><ol type=I start=4><li>x</ol>", "2. a\n1. b\nIV. x"),
        ("<ol start=²><li>a<li value=--5>b</ol>", "1. a\n2. b"),
        ("<label>Name <input value=Ada></label> <select><option>a<option selected>b</select>",
         "Name Ada b"),
        ("<p>a\0b", "ab"),
        ("<p>a</p></body></html><p>b", "a\n\nb"),
        ("<svg><text>a</text><foreignObject><p>b</p></foreignObject></svg>", "a b"),
        ("<!--[if IE]><p>gone<![endif]--><p>a<!-- gone --> b", "a b"),
    ],
)  # fmt: skip
def test_a_page_is_read_as_a_browser_shows_it(tmp_path, markup, text):
    assert shown(tmp_path, read_html, f"<meta charset=utf-8>{markup}") == (text, [])


def test_a_picture_without_words_is_said_and_one_with_words_is_read(tmp_path):
    assert shown(tmp_path, read_html, "<p>a <img src=x>") == ("a", ["pictures_not_read"])
    assert shown(tmp_path, read_html, "<p>a <img src=x alt='a cell'>") == ("a a cell", [])


@pytest.mark.parametrize(
    ("label", "encoding"),
    [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("shift_jis", "cp932"),
     ("iso-8859-9", "cp1254"), ("gb2312", "gb18030"), ("x-sjis", "cp932"), ("latin2", "iso8859-2")],
)  # fmt: skip
def test_a_label_means_what_it_means_to_browsers(tmp_path, label, encoding):
    words = {"cp1252": "“10 €”", "cp1251": "Клетка", "cp932": "①細胞", "cp1254": "şeker",
             "gb18030": "细胞", "iso8859-2": "źródło"}[encoding]  # fmt: skip
    page = f"<!-- <meta charset=utf-16> --><meta charset='{label}'><p>{words}"
    assert shown(tmp_path, read_html, page.encode(encoding)) == (words, [])


CONTAINER = '<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></container>'


@pytest.mark.parametrize(
    ("entry", "href"),
    [
        ("a b.xhtml", "a%20b.xhtml"),
        ("c%20d.xhtml", "c%2520d.xhtml"),
        ("u\u0308.xhtml", "%C3%BC.xhtml"),
        ("CH1.XHTML", "ch1.xhtml#part"),
        ("t/a.xhtml", "t\\a.xhtml"),
    ],
)
def test_a_chapter_is_found_however_its_name_is_written(tmp_path, entry, href):
    assert shown(tmp_path, read_epub, epub({entry: "<p>one"}, href)) == ("one", [])


def epub(entries, *hrefs):
    items = "".join(f'<item id="i{at}" href="{href}"/>' for at, href in enumerate(hrefs))
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(hrefs)))
    package = f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>"
    found = {f"O/{name}": content for name, content in entries.items()}
    return make_zip({"META-INF/container.xml": CONTAINER, "O/b.opf": package, **found})


def test_a_chapter_that_is_a_picture_is_said(tmp_path):
    book = epub({"a.png": "\x89PNG".encode("latin1"), "b.xhtml": "<p>one"}, "a.png", "b.xhtml")
    assert shown(tmp_path, read_epub, book) == ("one", ["pictures_not_read"])


SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in [("office", "office"), ("text", "text"), ("table", "table"),
                        ("draw", "drawing"), ("style", "style"), ("form", "form")]
)  # fmt: skip


def odt(body, styles="", parts=None):
    content = (
        f'<office:document-content {SPACES} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return make_zip({"content.xml": content, **(parts or {})})


ITALIC = (
    '<style:style style:name="S"><style:text-properties style:text-position="super 58%"/>'
    '</style:style><style:style style:name="H"><style:text-properties text:display="none"/>'
    "</style:style>"
)
LEVELS = (
    '<text:list-style style:name="L">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
    "</text:list-style>"
)
LIST = (
    '<text:list text:style-name="L"><text:list-header><text:p>head</text:p></text:list-header>'
    "<text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>sub</text:p>"
    "</text:list-item></text:list></text:list-item><text:list-item><text:p>two</text:p>"
    "</text:list-item></text:list>"
)
NOTE = (
    "<text:p>Cell<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>See X"
    "</text:p></text:note-body></text:note>.</text:p>"
)
CELL = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
TABLE = (
    "<table:table><table:table-header-rows><table:table-row>"
    + CELL.format(' table:number-columns-spanned="2"', "H")
    + "<table:covered-table-cell/></table:table-row></table:table-header-rows>"
    + f"<table:table-row>{CELL.format('', '1')}{CELL.format('', '2')}</table:table-row>"
    + "</table:table>"
)
DELETED = (
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p>"
    "</text:deletion></text:changed-region></text:tracked-changes><text:p>kept</text:p>"
)
BOX = (
    "<text:p>host<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"
    " goes on</text:p>"
)
REPEATED = (
    '<table:table><table:table-row table:number-rows-repeated="²">'
    '<table:table-cell table:number-columns-repeated="-3"><text:p>c</text:p></table:table-cell>'
    "</table:table-row></table:table>"
)
FORM = (
    '<office:forms><form:form><form:text form:id="c" form:current-value="Ada"/></form:form>'
    '</office:forms><text:p>Name:<draw:control draw:control="c"/></text:p>'
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p>', "a  b\tc\nd"),
        (DELETED, "kept"),
        (LIST, "head\n1. one\n  a) sub\n2. two"),
        (NOTE, "Cell ¹.\n\n1 See X"),
        (TABLE, "H\t\n1\t2"),
        ('<text:p>x<text:span text:style-name="S">2</text:span></text:p>', "x²"),
        ('<text:p>a<text:span text:style-name="H">gone</text:span>b</text:p>', "ab"),
        (BOX, "host goes on\n\nbox"),
        (FORM, "Name: Ada"),
        (REPEATED, "c"),
    ],
)  # fmt: skip
def test_an_opendocument_text_is_read_as_it_is_shown(tmp_path, body, text):
    assert shown(tmp_path, read_opendocument, odt(body, ITALIC + LEVELS)) == (text, [])


def test_a_picture_of_an_opendocument_text_is_said(tmp_path):
    body = '<text:p>x<draw:frame><draw:image xlink:href="a.png"/></draw:frame></text:p>'
    assert shown(tmp_path, read_opendocument, odt(body)) == ("x", ["pictures_not_read"])


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (rb"caf\'e9 \u8364? a\_b\~c \endash \ldblquote x\rdblquote", "café € a-b\xa0c –“x”"),
        (rb"\ansicpg1251 \'cf\'f0\'e8", "При"),
        (rb"{\fonttbl{\f1\fcharset204 A;}{\f2\fcharset128 B;}}\f1\'cf\f2\'93\'fa", "П日"),
        (rb"{\uc2\u945 ??b}\uc0\u946 c", "αbβc"),
        (rb"a{\v gone}b{\deleted gone}c", "abc"),
        (rb"\trowd a\cell b\cell\row\trowd c\cell d\cell\row x\par", "a\tb\nc\td\n\nx"),
        (rb"Cell\chftn{\footnote\chftn  See X.} end", "Cell ¹ end\n\n1  See X."),
        (rb"{\listtext 1.\tab}one\par{\pntext\'b7\tab}two\par", "1. one\n\n• two"),
        (rb'{\field{\*\fldinst HYPERLINK "u"}{\fldrslt link}} x', "link x"),
        (rb"a{\shp{\*\shpinst{\sp{\sn gone}{\sv 1}}{\shptxt box\par}}} b", "abox\n\nb"),
        (rb"{\header head}body", "body\n\nhead"),
        (rb"x{\*\annotation a note}y", "xy\n\na note"),
    ],
)
def test_an_rtf_is_read_as_it_is_shown(tmp_path, content, text):
    assert shown(tmp_path, read_rtf, rb"{\rtf1\ansi " + content + b"}") == (text, [])


def test_the_bytes_of_a_picture_are_no_text(tmp_path):
    content = rb"{\rtf1\ansi a{\pict\bin9 }}}gone{\'" + b"}b{\\sv{\\pict 00}}}"
    assert shown(tmp_path, read_rtf, content) == ("ab", ["pictures_not_read"])


SENTENCES = {
    "cp1252 latin1 mac_roman cp850": "Über die Größe der Wärme: Bäume müssen Blätter öffnen.",
    "cp1250 iso8859-2": "Zażółć gęślą jaźń, źródło wiedzy i światło są ważne.",
    "cp1254 iso8859-9": "Işık ve gölge: öğrenciler çalışıyor, şehir güneşli.",
    "cp1251 koi8-r cp866 iso8859-5 mac_cyrillic": "Клетка делится, и энергия переходит в тепло.",
    "cp1253 iso8859-7": "Το κύτταρο διαιρείται και η ενέργεια γίνεται θερμότητα.",
    "cp1255": "התא מתחלק והאנרגיה הופכת לחום.",
    "cp1256": "تنقسم الخلية وتتحول الطاقة إلى حرارة.",
    "cp1257": "Ląstelė dalijasi, šviesa ir žemė yra ąžuolų mėgstama vieta.",
    "cp1258": "Tê\u0301 bào phân chia và năng lươ\u0323ng trơ\u0309 thành nhiê\u0323t.",
    "cp874": "เซลล์แบ่งตัวและพลังงานกลายเป็นความร้อน",
    "cp932 euc_jp iso2022_jp": "細胞は分裂し、エネルギーは熱になります。",
    "gb18030 hz": "细胞分裂，能量转化为热量。植物需要阳光和水。",
    "big5": "細胞分裂，能量轉化為熱量。植物需要陽光和水。",
    "cp949 euc_kr": "세포는 분열하고 에너지는 열이 됩니다.",
}
WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"]


@pytest.mark.parametrize("repeated", [1, 40], ids=["short", "long"])
@pytest.mark.parametrize(
    ("encoding", "sentence"),
    [(name, text) for names, text in SENTENCES.items() for name in [*names.split(), *WIDE]],
)
def test_a_text_of_any_encoding_is_read_without_a_mark(encoding, sentence, repeated):
    text = "\n".join([sentence] * repeated)
    assert decode_text(text.encode(encoding)).text == text


@pytest.mark.parametrize("zeros", [1, 3])
def test_zero_bytes_in_utf8_do_not_make_it_something_else(zeros):
    text = "Die Wärme der Zelle\0" * zeros + " geht über."
    assert decode_text(text.encode()).text == text
