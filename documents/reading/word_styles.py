"""What Word's styles and lists say of a paragraph: its number, whether it is hidden or raised."""

from functools import cache
from typing import Any

from documents.reading.numbering import Counters, Level
from documents.reading.numbers import as_number, find_number
from documents.reading.packages import Archive

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_OFF = frozenset({"0", "false", "off", "none"})
MAX_BASES = 20  # styles that a style may be based on, one on the other


def is_on(properties: Any, name: str) -> bool | None:
    """A switch such as `vanish`; None where it is not mentioned."""
    found = child_of(properties, name)
    return None if found is None else found.get(VAL, "true") not in _OFF


def child_of(parent: Any, path: str) -> Any:
    """The first element of a name below one that may be missing; of several, each below the last.

    A third of the time that lxml's `find` takes, and files have 10,000 of paragraphs and runs.
    """
    for tag in _qualified(path):
        parent = next(parent.iterchildren(tag), None) if parent is not None else None
    return parent


@cache
def _qualified(path: str) -> tuple[str, ...]:
    return tuple(W + name for name in path.split("/"))


def value_of(parent: Any, path: str) -> str:
    """The `w:val` of an element below, or empty."""
    found = child_of(parent, path)
    return str(found.get(VAL, "")) if found is not None else ""


class Styles:
    """The styles of a file by their ids; each is resolved once, as thousands of runs ask."""

    def __init__(self, root: Any) -> None:
        self.is_hidden = cache(self._is_hidden)
        self.script = cache(self._script)
        self.numbering = cache(self._numbering)
        self.is_heading = cache(self._is_heading)
        self._styles = {} if root is None else {
            style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")
        }  # fmt: skip

    def _chain(self, style_id: str) -> list[Any]:
        chain: list[Any] = []
        while style_id in self._styles and len(chain) < MAX_BASES:
            chain.append(self._styles[style_id])
            style_id = value_of(chain[-1], "basedOn")
        return chain

    def _is_hidden(self, style_id: str) -> bool:
        """Whether text of this style is not shown."""
        for style in self._chain(style_id):
            found = is_on(style.find(f"{W}rPr"), "vanish")
            if found is not None:
                return found
        return False

    def _script(self, style_id: str) -> str:
        """Whether letters are raised or lowered: `superscript`, `subscript` or empty."""
        found = (value_of(style, "rPr/vertAlign") for style in self._chain(style_id))
        return next((value for value in found if value), "")

    def _numbering(self, style_id: str) -> tuple[str, str]:
        """List and level that the style gives to a paragraph; empty where it does not say."""
        number = level = ""
        for style in self._chain(style_id):
            number = number or value_of(style, "pPr/numPr/numId")
            level = level or value_of(style, "pPr/numPr/ilvl")
        return number, level

    def _is_heading(self, style_id: str) -> bool:
        """Whether the style has a place in the outline."""
        return any(
            value_of(style, "pPr/outlineLvl").isdigit()
            or value_of(style, "name").casefold().startswith(("heading", "title"))
            for style in self._chain(style_id)
        )


class Lists:
    """The lists of a file, each counting on."""

    def __init__(self, archive: Archive, name: str, styles: Styles) -> None:
        root = archive.xml(name) if name else None
        self._styles = styles
        self._abstract: dict[str, Any] = {}
        self._nums: dict[str, Any] = {}
        self._counters: dict[str, Counters] = {}
        self._levels: dict[str, dict[int, Level]] = {}
        self._started: set[tuple[str, int]] = set()
        if root is not None:
            self._abstract = {
                one.get(f"{W}abstractNumId", ""): one for one in root.iter(f"{W}abstractNum")
            }
            self._nums = {one.get(f"{W}numId", ""): one for one in root.iter(f"{W}num")}

    def next_mark(self, number: str, depth: int) -> str:
        """Count an item of a list. Returns: its mark, empty where there is no such list."""
        num = self._nums.get(number)
        if num is None:
            return ""
        abstract = value_of(num, "abstractNumId")
        overrides = {as_number(one.get(f"{W}ilvl"), 0): one for one in num.iter(f"{W}lvlOverride")}
        own = any(one.find(f"{W}lvl") is not None for one in overrides.values())
        key = number if own else abstract
        if key not in self._counters:
            self._levels[key] = self._read_levels(abstract, overrides if own else {})
            self._counters[key] = Counters(self._levels[key])
        start = self._restart(number, depth, overrides)
        return self._counters[key].next_mark(depth, start)

    def _restart(self, number: str, depth: int, overrides: dict[int, Any]) -> int | None:
        """Where this list begins anew, at its first item of the level."""
        if (number, depth) in self._started:
            return None
        self._started.add((number, depth))
        return find_number(value_of(overrides.get(depth), "startOverride"))

    def _read_levels(self, abstract: str, overrides: dict[int, Any]) -> dict[int, Level]:
        definition = self._abstract.get(abstract)
        if definition is None:
            return {}
        linked = value_of(definition, "numStyleLink")
        if linked and definition.find(f"{W}lvl") is None:
            number = self._styles.numbering(linked)[0]
            target = value_of(self._nums.get(number), "abstractNumId")
            if target and target != abstract:
                definition = self._abstract.get(target, definition)
        found = {as_number(one.get(f"{W}ilvl"), 0): one for one in definition.findall(f"{W}lvl")}
        for depth, override in overrides.items():
            own = override.find(f"{W}lvl")
            if own is not None:
                found[depth] = own
        return {depth: _as_level(one) for depth, one in found.items()}


def _as_level(element: Any) -> Level:
    kind = value_of(element, "numFmt") or "decimal"
    has_picture = element.find(f"{W}lvlPicBulletId") is not None
    return Level(
        kind="bullet" if has_picture else kind,
        pattern=value_of(element, "lvlText"),
        start=as_number(value_of(element, "start"), 1),
        is_legal=is_on(element, "isLgl") or False,
        restarts_after=find_number(value_of(element, "lvlRestart")),
    )
