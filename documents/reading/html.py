"""Web pages and chapters of EPUBs: everything that a browser shows, once, in its order."""

import html
import re
from pathlib import Path
from typing import Any

from lxml import etree

from documents.decoding import clean_text
from documents.reading.formulas import as_formula, from_mathml
from documents.reading.hiding import find_hidden
from documents.reading.html_blocks import PageBlocks
from documents.reading.labels import decode_html
from documents.reading.plain import warn_of_decoding
from documents.reading.text import Block, Reading, join_blocks
from documents.warnings import ReadingWarning, WarningCode

MAX_HIDDEN_SIZE = 32  # pixels of a picture that is a mere ornament
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", re.IGNORECASE)
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)  # libxml2 drops what comes after it
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
# Not the head: libxml2 puts what it does not know, such as <details>, there after a <meta>.
_SKIPPED = frozenset(
    "script style template noscript iframe audio video canvas datalist rp title "
    "noframes noembed progress meter param source track colgroup meta link base".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend "
    "main menu nav ol optgroup option p section summary table ul li caption tr td th tbody thead "
    "tfoot pre listing xmp plaintext search".split()
)
_STYLED_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table)\b", re.IGNORECASE)
_STYLED_RAISED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_SCRIPTS = {"sup": "super", "sub": "sub"}
_ORNAMENT = re.compile(r"\d+")


def read_html(path: Path) -> Reading:
    """The text of a web page, by its own charset."""
    decoded = decode_html(path.read_bytes())
    blocks, has_pictures = read_markup(decoded.text)
    text = clean_text(join_blocks(blocks))
    warnings = warn_of_decoding(decoded)
    if has_pictures:
        warnings.append(ReadingWarning(WarningCode.PICTURES_NOT_READ))
    return Reading(text, [(None, 0, len(text))], warnings)


def read_markup(markup: str, *, is_xml: bool = False) -> tuple[list[Block], bool]:
    """The blocks of a page, and whether it has pictures that say nothing in words.

    `is_xml`: read it by XML's rules if it keeps them.
    """
    root = _parse(markup, is_xml=is_xml)
    if root is None:
        return [], False
    page = _Page(root)
    return page.read(), page.has_pictures


def _parse(markup: str, *, is_xml: bool) -> Any:
    bare = _DECLARATION.sub("", markup, count=1).replace("\0", "")
    if is_xml:
        known = _ENTITY.sub(lambda match: html.unescape(match[0]), _DOCTYPE.sub("", bare, count=1))
        strict = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            return etree.fromstring(known.encode("utf-8", errors="replace"), strict)
        except etree.XMLSyntaxError:
            pass
    bare = _END.sub("", bare)
    lenient = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    try:
        return etree.fromstring(bare.encode("utf-8", errors="replace"), lenient)
    except (etree.XMLSyntaxError, ValueError):
        return None


class _Page:
    """Walks a tree once, without recursion: pages are nested as deep as their makers like."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._hidden = find_hidden(root)
        self._out = PageBlocks()
        self._scripts: list[str] = []
        self.has_pictures = False

    def read(self) -> list[Block]:
        walk = etree.iterwalk(self._root, events=("start", "end", "comment", "pi"))
        skipped = None
        for event, element in walk:
            if event in {"comment", "pi"}:
                self._write(element.tail)
            elif event == "start":
                if self._is_skipped(element) or self._open(element):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self._write(element.text)
            else:
                if element is not skipped:
                    self._close(element)
                skipped = None
                if element is not self._root:
                    self._write(element.tail)
        return self._out.finish()

    def _write(self, text: str | None) -> None:
        if text:
            self._out.write(text, self._scripts[-1] if self._scripts else "")

    def _is_skipped(self, element: Any) -> bool:
        is_skipped = _name(element) in _SKIPPED and not _is_tex(element)
        return is_skipped or element in self._hidden

    def _open(self, element: Any) -> bool:  # noqa: C901  one case a kind of element
        """Begin an element. Returns: whether it has been read whole."""
        name, out = _name(element), self._out
        if name in _BLOCKS or _STYLED_AS_BLOCK.search(element.get("style") or ""):
            out.open_block(name, element)
        elif name == "br":
            out.break_line()
        elif name == "script":
            out.write(as_formula("".join(element.itertext())))
            return True
        elif name == "math":
            out.write(as_formula(from_mathml(element)))
            return True
        elif name in {"img", "image", "input", "select"}:
            self._write_replaced(name, element)
            return True
        elif name == "svg":
            for words in element.iter("{*}text", "text", "{*}foreignObject", "foreignobject"):
                out.write(f" {''.join(words.itertext())} ")
            return True
        elif name in {"q", "rt"}:
            out.write("“" if name == "q" else "(")
        if script := _script_of(name, element):
            self._scripts.append(script)
        return False

    def _close(self, element: Any) -> None:
        name, out = _name(element), self._out
        if name in _BLOCKS or _STYLED_AS_BLOCK.search(element.get("style") or ""):
            out.close_block(name)
        elif name in {"q", "rt"}:
            out.write("”" if name == "q" else ")")
        elif name in {"button", "textarea"}:
            out.write(" ")
        if _script_of(name, element):
            self._scripts.pop()

    def _write_replaced(self, name: str, element: Any) -> None:
        """What stands for an element that has no text of its own."""
        if name == "select":
            options = [one for one in element.iter() if _name(one) == "option"]
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            words = " ".join("".join(one.itertext()) for one in chosen)
            self._out.write(f" {words} ")
        elif name == "input":
            kind = (element.get("type") or "text").lower()
            if kind in {"checkbox", "radio"}:
                self._out.write("☒" if element.get("checked") is not None else "☐")
            elif kind not in {"hidden", "password", "image", "file", "color", "range"}:
                self._out.write(f" {element.get('value') or ''} ")
        elif alt := (element.get("alt") or "").strip():
            self._out.write(alt)
        elif element.get("alt") is None and not _is_ornament(element):
            self.has_pictures = True


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _is_tex(element: Any) -> bool:
    """Whether an element that is not shown itself holds a formula that a script draws."""
    return _name(element) == "script" and (element.get("type") or "").startswith("math/tex")


def _script_of(name: str, element: Any) -> str:
    """Whether an element raises or lowers its text, and whether it is the mark of a note."""
    if name == "a" and "noteref" in " ".join(element.attrib.values()):
        return "note"
    styled = _STYLED_RAISED.search(element.get("style") or "")
    script = _SCRIPTS.get(name) or (_SCRIPTS[styled[1].lower()[:3]] if styled else "")
    if script == "sub" or not script:
        return script or ""
    links = [element, *element.iterancestors()][:3]
    links += list(element.iter("a", "{*}a"))
    return "note" if any("#" in (link.get("href") or "") for link in links) else "super"


def _is_ornament(element: Any) -> bool:
    sizes = [_ORNAMENT.match(element.get(side) or "") for side in ("width", "height")]
    return any(size is not None and int(size[0]) <= MAX_HIDDEN_SIZE for size in sizes)
