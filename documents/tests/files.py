"""Small real files, made by hand."""

import io
import zipfile
from collections.abc import Sequence

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def make_pdf(pages: Sequence[Sequence[str]], *, is_encrypted: bool = False) -> bytes:
    """A PDF of pages of lines. Encrypted, it names keys that no password opens."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects.append(font)
    kids = []
    for lines in pages:
        shown = b" T* ".join(b"(" + _escape(line) + b") Tj" for line in lines)
        content = b"BT /F1 11 Tf 14 TL 60 780 Td " + shown + b" ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(b"%d 0 R" % (len(objects) + 1))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _assemble(objects, is_encrypted=is_encrypted)


def _escape(line: str) -> bytes:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("latin-1")


def _assemble(objects: Sequence[bytes], *, is_encrypted: bool) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    keys = b""
    if is_encrypted:
        keys = (
            b" /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
            b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /Length 40 /O <%s> /U <%s> >>"
            % (b"ab" * 32, b"cd" * 32)
        )
    trailer = b"trailer\n<< /Size %d /Root 1 0 R%s >>\n" % (len(objects) + 1, keys)
    out.write(trailer + b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def make_docx(paragraphs: Sequence[str]) -> bytes:
    """A Word file of plain paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    entries = {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{DOCUMENT_TYPE}"/></Types>'
        ),
        "_rels/.rels": _relations("officeDocument", ["word/document.xml"]),
        "word/document.xml": (
            f'{HEAD}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        ),
    }
    return make_zip(entries)


def make_pptx(slides: Sequence[str]) -> bytes:
    """A presentation of slides with a sentence each."""
    numbers = range(1, len(slides) + 1)
    entries = {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": _relations("officeDocument", ["ppt/presentation.xml"]),
        "ppt/presentation.xml": (
            f'{HEAD}<p:presentation xmlns:p="{SLIDES}" xmlns:r="{OFFICE}"><p:sldIdLst>'
            + "".join(f'<p:sldId id="{255 + at}" r:id="rId{at}"/>' for at in numbers)
            + "</p:sldIdLst></p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": _relations(
            "slide", [f"slides/slide{at}.xml" for at in numbers]
        ),
    }
    for at, text in enumerate(slides, 1):
        entries[f"ppt/slides/slide{at}.xml"] = (
            f'{HEAD}<p:sld xmlns:p="{SLIDES}" xmlns:a="{DRAWING}"><p:cSld><p:spTree><p:sp>'
            f'<p:nvSpPr><p:cNvPr id="2" name="T"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>'
            f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody>"
            "</p:sp></p:spTree></p:cSld></p:sld>"
        )
    return make_zip(entries)


def _relations(kind: str, targets: Sequence[str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, target in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{links}</Relationships>'


def make_zip(entries: dict[str, str]) -> bytes:
    """An archive of texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()
