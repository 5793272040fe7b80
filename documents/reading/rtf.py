"""RTF as a reader sees it: its code pages, escapes, tables and notes; no deleted or hidden text."""

import codecs
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from documents.decoding import clean_text
from documents.reading.symbols import as_bullet, from_symbol_font
from documents.reading.text import Block, Line, Reading, join_blocks, join_rows, one_line
from documents.warnings import ReadingWarning, WarningCode

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])"
    rb"|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_BINARY = re.compile(rb"(?<!\\)\\bin(\d{1,10}) ?")
_CHARACTERS = {
    "tab": "\t", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "endash": "–", "emdash": "—", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002",
    "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c", "softline": "\n",
}  # fmt: skip
_ESCAPES = {b"~": "\xa0", b"_": "-", b"-": "\xad", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n",
            b"\r": "\n", b"\t": "\t"}  # fmt: skip
_SKIPPED = frozenset(
    "fonttbl colortbl stylesheet info generator listtable listoverridetable rsidtbl themedata "
    "colorschememapping latentstyles datastore xmlnstbl pict objdata fldinst filetbl revtbl "
    "template bkmkstart bkmkend mmathPr nonshppict listpicture pgdsctbl datafield pnseclvl "
    "atrfstart atrfend atnid atnauthor atndate atnref atntime formfield objclass objname "
    "sn sv".split()
)
_KNOWN_STARRED = frozenset(
    ["footnote", "annotation", "shptxt", "fldrslt", "shppict", "cs", "shpinst"]
)
_CHARSETS = {0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
             136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255",
             178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
             254: "cp437", 2: "symbol"}  # fmt: skip
_MARGINS = frozenset("header headerl headerr headerf footer footerl footerr footerf".split())
MAX_DEPTH = 2000  # groups within groups


@dataclass(frozen=True)
class _State:
    """What holds until the group ends."""

    font: int = -1
    skipped: int = 1  # characters that stand for the one by \\u before them
    is_gone: bool = False
    is_hidden: bool = False
    script: str = ""
    place: str = "body"  # or note, margin, mark, fonts, shape


def read_rtf(path: Path) -> Reading:
    """The text of an RTF file."""
    reader = _Rtf()
    reader.parse(path.read_bytes())
    text = clean_text(reader.finish())
    warnings = [ReadingWarning(WarningCode.PICTURES_NOT_READ)] if reader.has_pictures else []
    if "\ufffd" in text:
        warnings.append(ReadingWarning(WarningCode.CHARACTERS_REPLACED))
    return Reading(text, [(None, 0, len(text))], warnings)


@dataclass
class _Place:
    """A stream of paragraphs: the body, the notes, heads and feet of pages."""

    blocks: list[Block] = field(default_factory=list)
    line: Line = field(default_factory=Line)
    cells: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    in_table: bool = False


class _Rtf:
    def __init__(self) -> None:
        self._state = _State()
        self._stack: list[_State] = []
        self._places = {name: _Place() for name in ("body", "note", "margin", "mark")}
        self._charset = "cp1252"
        self._fonts: dict[int, str] = {}
        self._pending = bytearray()  # of a letter in two bytes
        self._to_skip = 0
        self._high = 0  # the first half of a letter beyond 16 bits
        self._is_starred = False
        self._notes = 0
        self.has_pictures = False

    def parse(self, data: bytes) -> None:
        for match in _TOKEN.finditer(_without_binary(data)):
            word, number, byte, symbol, brace, text = match.groups()
            if word:
                self._read_word(word.decode("ascii"), int(number) if number else None)
            elif byte:
                self._read_bytes(bytes([int(byte, 16)]))
            elif symbol:
                self._read_symbol(symbol)
            elif brace:
                self._read_brace(brace)
            elif text:
                self._read_bytes(text)

    def finish(self) -> str:
        self._flush()
        for place in self._places.values():
            self._end_paragraph(place)
            self._end_table(place)
        margins = list(dict.fromkeys(self._places["margin"].blocks))
        return join_blocks([*self._places["body"].blocks, *self._places["note"].blocks, *margins])

    def _read_brace(self, brace: bytes) -> None:
        self._flush()
        if brace == b"{" and len(self._stack) < MAX_DEPTH:
            self._stack.append(self._state)
        elif brace == b"}" and self._stack:
            before, self._state = self._state, self._stack.pop()
            if before.place == "mark" != self._state.place:
                mark = self._places["mark"].line.take().strip()
                self._place.line.write(f"{as_bullet(mark)} " if mark else "")
            elif before.place != self._state.place and before.place in self._places:
                self._end_paragraph(self._places[before.place])
        self._is_starred = False
        self._to_skip = 0

    def _read_symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._is_starred = True
        elif symbol in _ESCAPES:
            self._write(_ESCAPES[symbol])

    def _read_word(self, word: str, number: int | None) -> None:  # noqa: C901
        is_starred, self._is_starred = self._is_starred, False
        if word in {"u", "bin"}:
            self._read_unicode(number or 0) if word == "u" else None
            return
        self._flush()
        if word == "pict" and (not self._state.is_gone or self._state.place == "shape"):
            self.has_pictures = True
        if word in _SKIPPED or (is_starred and word not in _KNOWN_STARRED):
            self._enter(word)
        elif word in _CHARACTERS:
            self._write(_CHARACTERS[word])
        elif word in {"footnote", "annotation"}:
            self._begin_note(word)
        elif word in {"listtext", "pntext"}:
            self._state = replace(self._state, place="mark")
        elif word in _MARGINS:
            self._state = replace(self._state, place="margin")
        elif word in {"par", "sect", "page", "column"}:
            self._end_paragraph(self._place)
        elif word in {"cell", "nestcell", "row", "nestrow", "trowd", "intbl", "pard"}:
            self._read_table_word(word)
        else:
            self._read_format(word, number)

    def _enter(self, word: str) -> None:
        """A group that is no text; of the table of fonts the code pages are wanted."""
        place = {"fonttbl": "fonts", "sv": "shape"}.get(word, self._state.place)
        self._state = replace(self._state, is_gone=True, place=place)

    def _read_format(self, word: str, number: int | None) -> None:  # noqa: C901
        is_on = number != 0
        if word == "ansicpg":
            self._charset = _codec(f"cp{number}")
        elif word in {"mac", "pc", "pca"}:
            self._charset = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word == "f" and number is not None:
            self._state = replace(self._state, font=number)
        elif word == "fcharset" and self._state.place == "fonts":
            self._fonts[self._state.font] = _CHARSETS.get(number or 0, self._charset)
        elif word == "uc":
            self._state = replace(self._state, skipped=number or 0)
        elif word in {"v", "deleted"}:
            self._state = replace(self._state, is_hidden=is_on)
        elif word in {"super", "sub", "nosupersub"}:
            script = "" if word == "nosupersub" or not is_on else word
            self._state = replace(self._state, script=script)
        elif word in {"up", "dn"}:
            script = "" if not is_on or number is None else "super" if word == "up" else "sub"
            self._state = replace(self._state, script=script)
        elif word == "plain":
            self._state = replace(self._state, script="", is_hidden=False)

    def _begin_note(self, word: str) -> None:
        if self._state.is_gone or self._state.is_hidden:
            return
        if word == "footnote":
            self._notes += 1
            self._place.line.write(str(self._notes), "note")
        self._state = replace(self._state, place="note", script="", is_gone=False)
        if word == "footnote":
            self._place.line.write(f"{self._notes} ")

    @property
    def _place(self) -> _Place:
        return self._places.get(self._state.place, self._places["body"])

    def _read_unicode(self, code: int) -> None:
        self._flush()
        code &= 0xFFFF
        self._to_skip = self._state.skipped
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000 and self._high:
            code = 0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00)
        self._high = 0
        if 0xF020 <= code <= 0xF0FF:
            self._put(from_symbol_font(code, "Symbol"))
        else:
            self._put("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))

    def _read_bytes(self, data: bytes) -> None:
        if self._to_skip:
            dropped = min(self._to_skip, len(data))
            self._to_skip -= dropped
            data = data[dropped:]
        if data and not self._state.is_gone:
            self._pending += data

    def _flush(self) -> None:
        if not self._pending:
            return
        data, self._pending = bytes(self._pending), bytearray()
        charset = self._fonts.get(self._state.font, self._charset)
        if charset == "symbol":
            self._put("".join(from_symbol_font(byte, "Symbol") for byte in data))
        else:
            self._put(data.decode(charset, errors="replace"))

    def _write(self, text: str, script: str | None = None) -> None:
        self._flush()
        if self._to_skip:
            self._to_skip -= 1
            return
        self._put(text, script)

    def _put(self, text: str, script: str | None = None) -> None:
        if not self._state.is_gone and not self._state.is_hidden:
            self._place.line.write(text, self._state.script if script is None else script)

    def _read_table_word(self, word: str) -> None:
        place = self._place
        if self._state.is_gone:
            return
        if word in {"cell", "nestcell"}:
            place.cells.append(one_line(place.line.take()))
        elif word in {"row", "nestrow"}:
            place.rows.append(place.cells)
            place.cells = []
        elif word == "pard":
            place.in_table = False
        else:
            place.in_table = True

    def _end_paragraph(self, place: _Place) -> None:
        text = place.line.take()
        if place.cells or (place.in_table and place is self._place and not place.rows):
            place.line.write(f"{text} ")  # a paragraph within a cell
            return
        if text.strip():
            self._end_table(place)
            place.blocks.append(Block(text.strip(" ")))

    def _end_table(self, place: _Place) -> None:
        rows = [*place.rows, place.cells] if place.cells else place.rows
        if rows:
            place.blocks.append(Block(join_rows(rows)))
        place.rows, place.cells = [], []
        rest = place.line.take().strip()
        if rest:
            place.blocks.append(Block(rest))


def _without_binary(data: bytes) -> bytes:
    """A file without the bytes of pictures that stand in it as they are."""
    out, at = [], 0
    while (match := _BINARY.search(data, at)) is not None:
        out.append(data[at : match.end()])
        at = match.end() + int(match[1])
    return b"".join([*out, data[at:]])


def _codec(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
