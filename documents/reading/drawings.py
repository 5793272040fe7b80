"""Words in the drawings of office files: charts and diagrams (DrawingML)."""

from typing import Any

from documents.reading.numbers import as_number
from documents.reading.packages import Archive
from documents.reading.text import Block, join_rows, one_line

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DIAGRAM_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"


def read_graphic(
    archive: Archive, relations: dict[str, tuple[str, str]], graphic: Any
) -> list[Block]:
    """The words of the chart or diagram that a drawing refers to; none for a picture."""
    blocks: list[Block] = []
    for element in graphic.iter(f"{CHART}chart", f"{_DIAGRAM}relIds"):
        key = element.get(_RELATION_ID) or element.get(_DIAGRAM_DATA) or ""
        root = archive.xml(relations.get(key, ("", ""))[1])
        if root is not None:
            is_chart = element.tag.startswith(CHART)
            blocks += _read_chart(root) if is_chart else _read_diagram(root)
    return blocks


def _read_diagram(root: Any) -> list[Block]:
    """A diagram's boxes, one a line."""
    blocks = []
    for point in root.iter(f"{_DIAGRAM}pt"):
        words = " ".join("".join(p.itertext()) for p in point.iter(f"{DRAWING}p"))
        if words.strip():
            blocks.append(Block(f"• {one_line(words)}", is_item=True))
    return blocks


def _read_chart(root: Any) -> list[Block]:
    """A chart's titles, and its series as a table: categories down, a column a series."""
    titles = [
        one_line("".join(text.text or "" for text in title.iter(f"{DRAWING}t", f"{CHART}v")))
        for title in root.iter(f"{CHART}title")
    ]
    blocks = [Block(title) for title in titles if title]
    table = _series_table(list(root.iter(f"{CHART}ser")))
    return [*blocks, Block(table)] if table else blocks


def _series_table(series: list[Any]) -> str:
    names = [" ".join(_points(one.find(f"{CHART}tx")).values()) for one in series]
    categories: dict[int, str] = {}
    for one in series:
        for kind in ("cat", "xVal"):
            for at, label in _points(one.find(f"{CHART}{kind}")).items():
                categories.setdefault(at, label)
    values = []
    for one in series:
        found = one.find(f"{CHART}val")
        values.append(_points(found if found is not None else one.find(f"{CHART}yVal")))
    places = sorted({*categories, *(at for column in values for at in column)})
    rows = [[categories.get(at, ""), *(column.get(at, "") for column in values)] for at in places]
    return join_rows([["", *names], *rows])


def _points(element: Any) -> dict[int, str]:
    """The cached points of a series' part: place to label. Several levels of labels are joined."""
    if element is None:
        return {}
    points: dict[int, str] = {}
    for point in element.iter(f"{CHART}pt"):
        at, label = as_number(point.get("idx"), 0), "".join(point.itertext()).strip()
        points[at] = f"{label} {points[at]}" if at in points else label
    if not points:
        label = "".join(value.text or "" for value in element.iter(f"{CHART}v"))
        return {0: label} if label else {}
    return {at: _rounded(label) for at, label in points.items()}


def _rounded(label: str) -> str:
    """A number as people write it: no sixteen digits that only a computer's arithmetic has made."""
    try:
        return f"{float(label):.10g}" if "." in label and len(label) > 12 else label
    except ValueError:
        return label
