# ruff: noqa: SLF001  the table of readers names its class's own methods
"""What stands in a paragraph of Word: text, tabs, breaks, symbols, fields, notes' marks, boxes."""

from typing import Any

from documents.reading.formulas import as_formula, from_omml
from documents.reading.numbering import format_number
from documents.reading.numbers import as_number
from documents.reading.symbols import REPLACEMENT, from_private_use, from_symbol_font
from documents.reading.text import Line
from documents.reading.word_styles import VAL, Styles, W, child_of, is_on, value_of

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_CHECK = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_CHARACTERS = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}  # fmt: skip
_SKIPPED = frozenset(
    [W + name for name in ("del", "moveFrom", "rPr", "pPr", "instrText", "delText", "delInstrText",
                           "sdtPr", "rt", "footnoteRef", "endnoteRef", "annotationRef")]
)  # fmt: skip
_MOVED = 3
_SCRIPTS = {"superscript": "super", "subscript": "sub"}


class Runs:
    """Reads paragraphs one after the other; notes are numbered in the order of their marks."""

    def __init__(self, styles: Styles, breaks: str) -> None:
        self._styles = styles
        self._breaks = breaks
        self._has_break = False
        self._script = self._style = ""
        self._line = Line()
        self._boxes: list[Any] = []
        self._graphics: list[Any] = []
        self.notes: dict[str, dict[str, str]] = {"footnote": {}, "endnote": {}, "comment": {}}
        self.pictures = 0
        self.unknown_symbols = 0

    def read(self, paragraph: Any, style: str) -> tuple[str, list[Any], list[Any]]:
        """The words of a paragraph; its text boxes; its charts and diagrams.

        A form feed in the words is where a new page begins.
        """
        outer = self._line, self._boxes, self._graphics, self._style
        self._line, self._boxes, self._graphics, self._style = Line(), [], [], style
        properties = child_of(paragraph, "pPr")
        if self._breaks == "hand" and is_on(properties, "pageBreakBefore"):
            self._break_page()
        for child in paragraph:
            self._read(child)
        text, boxes, graphics = self._line.take(), self._boxes, self._graphics
        self._line, self._boxes, self._graphics, self._style = outer
        return text, boxes, graphics

    def take_page_break(self) -> bool:
        """Whether a new page has begun since this was last asked."""
        found, self._has_break = self._has_break, False
        return found

    def choose(self, alternatives: Any) -> Any:
        """Of alternative contents the one to show: the first with words, else the first."""
        options = [child for child in alternatives if isinstance(child.tag, str)]
        for option in options:
            if next(option.iter(f"{W}t", f"{_VML}textpath", _PICTURE), None) is not None:
                return option
        return options[0] if options else alternatives

    def _break_page(self) -> None:
        self._has_break = True
        self._line.write("\f")

    def _read(self, element: Any) -> None:
        tag = element.tag
        if tag in _SKIPPED:
            return
        if tag == f"{W}t":
            self._write(element.text or "")
        elif tag in _CHARACTERS:
            self._line.write(_CHARACTERS[tag])
        elif tag == f"{W}r":
            self._read_run(element)
        elif reader := _READERS.get(tag):
            reader(self, element)
        else:
            for child in element:
                self._read(child)

    def _read_run(self, run: Any) -> None:
        properties = child_of(run, "rPr")
        if self._is_hidden(properties):
            return
        outer = self._script
        if properties is not None:
            value = value_of(properties, "vertAlign") or self._styles.script(
                value_of(properties, "rStyle")
            )
            self._script = _SCRIPTS.get(value, "") or _script_of_position(properties)
        for child in run:
            self._read(child)
        self._script = outer

    def _is_hidden(self, properties: Any) -> bool:
        own = is_on(properties, "vanish")
        if own is not None:
            return own
        style = value_of(properties, "rStyle") if properties is not None else ""
        return self._styles.is_hidden(style) or self._styles.is_hidden(self._style)

    def _write(self, text: str) -> None:
        self._line.write(from_private_use(text, ""), self._script)

    def _read_break(self, element: Any) -> None:
        if element.get(f"{W}type") == "page":
            self._break_page() if self._breaks == "hand" else self._line.write("\n")
        else:
            self._line.write("\n")

    def _read_rendered_break(self, _element: Any) -> None:
        if self._breaks == "rendered":
            self._break_page()

    def _read_symbol(self, element: Any) -> None:
        try:
            code = int(element.get(f"{W}char", ""), 16)
        except ValueError:
            return
        font = element.get(f"{W}font", "")
        is_private = code >= 0xF000 or font.casefold().startswith(("symbol", "wing", "web"))
        shown = from_symbol_font(code, font) if is_private else chr(code)
        self.unknown_symbols += shown == REPLACEMENT
        self._line.write(shown, self._script)

    def _read_note(self, element: Any) -> None:
        kind = element.tag.rpartition("}")[2].removesuffix("Reference")
        notes = self.notes[kind]
        key = element.get(f"{W}id", "")
        if element.get(f"{W}customMarkFollows") in {"1", "true"}:
            notes.setdefault(key, "")
            return
        if key not in notes:
            number = len([mark for mark in notes.values() if mark]) + 1
            notes[key] = f"[{format_number(number, 'i')}]" if kind == "endnote" else str(number)
        self._line.write(notes[key], "note")

    def _read_comment(self, element: Any) -> None:
        self.notes["comment"].setdefault(element.get(f"{W}id", ""), "")

    def _read_alternatives(self, element: Any) -> None:
        self._read(self.choose(element))

    def _read_box(self, element: Any) -> None:
        self._boxes.append(element)

    def _read_drawing(self, element: Any) -> None:
        self._graphics.append(element)
        for child in element:
            self._read(child)

    def _read_word_art(self, element: Any) -> None:
        self._line.write(f" {element.get('string', '')} ")

    def _read_picture(self, _element: Any) -> None:
        self.pictures += 1

    def _read_object(self, element: Any) -> None:
        """Something of another program, such as an old equation: what it shows is a picture."""
        self.pictures += 1
        for box in element.iter(f"{W}txbxContent"):
            self._boxes.append(box)

    def _read_formula(self, element: Any) -> None:
        self._line.write(as_formula(from_omml(element)))

    def _read_ruby(self, element: Any) -> None:
        """A word with its pronunciation above it: the word, then the pronunciation in brackets."""
        for child in element.iter(f"{W}rubyBase"):
            for run in child:
                self._read(run)
        above = "".join(
            text.text or "" for rt in element.iter(f"{W}rt") for text in rt.iter(f"{W}t")
        )
        if above.strip():
            self._line.write(f"({above.strip()})")

    def _read_field_data(self, element: Any) -> None:
        """A form's box or choice, which has no text of its own."""
        box = element.find(f"{W}checkBox")
        if box is not None:
            state = is_on(box, "checked")
            is_ticked = is_on(box, "default") if state is None else state
            self._line.write("☒" if is_ticked else "☐")
        choices = element.find(f"{W}ddList")
        if choices is not None:
            entries = [entry.get(VAL, "") for entry in choices.iter(f"{W}listEntry")]
            chosen = as_number(
                value_of(choices, "result") or value_of(choices, "default") or "0", -1
            )
            if 0 <= chosen < len(entries):
                self._line.write(entries[chosen])


def _script_of_position(properties: Any) -> str:
    """Whether letters are moved up or down by hand, by at least a point and a half."""
    moved = as_number(value_of(properties, "position"), 0)  # in half points
    return "" if abs(moved) < _MOVED else "super" if moved > 0 else "sub"


_READERS = {
    f"{W}br": Runs._read_break,
    f"{W}lastRenderedPageBreak": Runs._read_rendered_break,
    f"{W}sym": Runs._read_symbol,
    f"{W}footnoteReference": Runs._read_note,
    f"{W}endnoteReference": Runs._read_note,
    f"{W}commentReference": Runs._read_comment,
    f"{MC}AlternateContent": Runs._read_alternatives,
    f"{W}txbxContent": Runs._read_box,
    f"{W}drawing": Runs._read_drawing,
    f"{W}ruby": Runs._read_ruby,
    f"{W}ffData": Runs._read_field_data,
    f"{_VML}textpath": Runs._read_word_art,
    f"{W}object": Runs._read_object,
    f"{_VML}imagedata": Runs._read_picture,
    _PICTURE: Runs._read_picture,
    f"{_MATH}oMath": Runs._read_formula,
}
