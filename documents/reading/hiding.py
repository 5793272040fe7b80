"""Which elements of a page a browser does not show."""

import re
from typing import Any

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_RULE = re.compile(r"@(?:media|supports|container|page|font-face|import|keyframes)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)


def find_hidden(root: Any) -> set[Any]:
    """The elements that attributes, inline styles or the page's own simple rules hide."""
    rules = _hiding_rules(root)
    hidden = set()
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        style = element.get("style")
        if (
            element.get("hidden") is not None
            or (element.tag == "dialog" and element.get("open") is None)
            or (style and _HIDING.search(style))
            or (rules and any(_matches(element, *rule) for rule in rules))
        ):
            hidden.add(element)
    return hidden


def _hiding_rules(root: Any) -> list[tuple[str, frozenset[str], frozenset[str]]]:
    """Tag, ids and classes of each rule that hides; print and small screens don't count."""
    rules = []
    for sheet in root.iter("style", "{*}style"):
        css = _COMMENT.sub("", "".join(sheet.itertext()))
        css = css if (sheet.get("media") or "all") in {"all", "screen"} else ""
        for selectors, body in _RULE.findall(_AT_RULE.split(css)[0]):
            if not _HIDING.search(body):
                continue
            for selector in selectors.split(","):
                found = _SELECTOR.fullmatch(selector.strip())
                if found and selector.strip():
                    parts = re.findall(r"[.#][\w-]+", found[2])
                    ids = frozenset(part[1:] for part in parts if part[0] == "#")
                    classes = frozenset(part[1:] for part in parts if part[0] == ".")
                    rules.append(((found[1] or "").lower(), ids, classes))
    return rules


def _matches(element: Any, tag: str, ids: frozenset[str], classes: frozenset[str]) -> bool:
    if tag and element.tag.rpartition("}")[2].lower() != tag:
        return False
    if not ids <= {element.get("id") or ""}:
        return False
    return classes <= set((element.get("class") or "").split())
