"""Links that a learner writes: `[[Title]]`, `[[Title|shown]]`, `[[Title#Heading]]`.

Code holds none: what stands between backticks is text.
"""

import re
from collections.abc import Iterable

from notes.names import fold_name

MAX_LINKS = 500  # of a note; the first ones
MAX_TITLE = 300  # characters, as titles have

_CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[\[([^\[\]\n|#]{1,300})(?:#[^\[\]\n|]{0,300})?(?:\|[^\[\]\n]{0,300})?\]\]")


def find_links(texts: Iterable[str]) -> dict[str, str]:
    """The titles that texts link to, by their folded form, in order, each once."""
    found: dict[str, str] = {}
    for text in texts:
        if "[[" not in text:
            continue
        for match in _LINK.finditer(_CODE.sub("", text) if "`" in text or "~~~" in text else text):
            title = " ".join(match.group(1).split())
            if title:
                found.setdefault(fold_name(title), title)
            if len(found) >= MAX_LINKS:
                return found
    return found
