"""The encoding of a page that names it: a mark, a label in its head, or what its bytes say."""

import re

import webencodings

from documents.reading.encodings import Decoded, decode_text, has_mark, is_utf8
from documents.reading.wide import guess_wide

_HEAD_BYTES = 64 * 1024  # a label stands further down in no page
_NO_MARKUP = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|title|textarea|noscript|template)\b.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_META = re.compile(rb"<meta\s((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>?", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_IN_CONTENT = re.compile(rb"charset\s*=\s*[\"']?\s*([^\s;\"']+)", re.IGNORECASE)
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
_FEW = 0.01  # share of characters that may be damaged under a label that is believed


def decode_html(data: bytes) -> Decoded:
    """The text of a page, by its label as WHATWG reads labels: `iso-8859-1` is windows-1252."""
    if has_mark(data) or guess_wide(data):
        return decode_text(data)
    encoding = find_label(data[:_HEAD_BYTES])
    if not encoding or is_utf8(data):
        return decode_text(data)
    text = data.decode(encoding, errors="replace")
    replaced = text.count("\ufffd")
    if replaced > _FEW * len(text) or encoding == "utf-8":
        return decode_text(data)
    return Decoded(text, replaced=replaced)


def find_label(head: bytes) -> str:
    """The codec that a page's head names; empty without a label that WHATWG's table knows."""
    for labelled in _labels(head):
        found = webencodings.lookup(labelled.decode("ascii", errors="ignore"))
        if found is not None:
            return "utf-8" if found.name.startswith("utf-16") else str(found.codec_info.name)
    return ""


def _labels(head: bytes) -> list[bytes]:
    labels = []
    for meta in _META.finditer(_NO_MARKUP.sub(b" ", head)):
        attributes = {
            match[1].lower(): match[2] or match[3] or match[4] or b""
            for match in _ATTRIBUTE.finditer(meta[1])
        }
        if b"charset" in attributes:
            labels.append(attributes[b"charset"].strip())
        elif attributes.get(b"http-equiv", b"").strip().lower() == b"content-type":
            within = _IN_CONTENT.search(attributes.get(b"content", b""))
            labels += [within[1]] if within else []
    declared = _DECLARATION.match(head)
    return [*labels, declared[1]] if declared else labels
