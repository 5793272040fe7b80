"""Formulas of Word (OMML) and of web pages (MathML) as LaTeX, letters as they are."""

from collections.abc import Callable, Iterable
from typing import Any

_SPECIAL = str.maketrans({"%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$"})
_BIG = {"∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint", "∭": r"\iiint", "∮": r"\oint",
        "⋃": r"\bigcup", "⋂": r"\bigcap", "∐": r"\coprod", "lim": r"\lim"}  # fmt: skip
_ACCENTS = {"̂": "hat", "^": "hat", "ˆ": "hat", "̃": "tilde", "~": "tilde", "˜": "tilde",
            "̄": "bar", "¯": "bar", "‾": "bar", "̅": "bar", "_": "bar", "⃗": "vec", "→": "vec",
            "̇": "dot", "˙": "dot", "̈": "ddot", "¨": "ddot", "⏞": "overbrace", "⏟": "underbrace",
            "̌": "check", "ˇ": "check"}  # fmt: skip
_FUNCTIONS = frozenset("sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln exp lim "
                       "max min sup inf det dim ker gcd".split())  # fmt: skip
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064\u200b")
_OMML_PROPERTIES = "Pr"


def as_formula(latex: str) -> str:
    """LaTeX marked as such in a text; empty for an empty formula."""
    latex = " ".join(latex.split())
    return f"${latex}$" if latex else ""


def from_mathml(element: Any) -> str:
    """LaTeX of a `math` element; its own annotation in TeX counts where it has one."""
    for child in element.iter():
        if _name(child) == "annotation" and "tex" in (child.get("encoding") or "").lower():
            return (
                "".join(child.itertext())
                .strip()
                .removeprefix(r"{\displaystyle")
                .removesuffix(
                    "}" if (child.text or "").strip().startswith(r"{\displaystyle") else ""
                )
            )
    return _mathml(element)


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _group(latex: str) -> str:
    return f"{{{latex.strip()}}}"


def _text(text: str) -> str:
    text = "".join(character for character in text if character not in _INVISIBLE).strip()
    if text in _FUNCTIONS:
        return f"\\{text} "
    return text.translate(_SPECIAL).replace("{", r"\{").replace("}", r"\}")


def _join(elements: Iterable[Any], convert: Callable[[Any], str]) -> str:
    return "".join(map(convert, elements))


def _script(base: str, low: str, high: str) -> str:
    base = _BIG.get(base.strip().removeprefix("\\"), base)
    return (
        base.strip()
        + (f"_{_group(low)}" if low.strip() else "")
        + (f"^{_group(high)}" if high.strip() else "")
        + (" " if base.startswith("\\") else "")
    )


def _mathml(element: Any) -> str:
    name = _name(element)
    children = [child for child in element if _name(child)]
    if name in {"annotation", "annotation-xml", "mphantom", "mprescripts", "none", "maligngroup"}:
        return ""
    if name in {"mi", "mn", "mo", "ms"}:
        return _text("".join(element.itertext()))
    if name == "mtext":
        words = "".join(element.itertext())
        return rf"\text{{{words}}}" if words.strip() else " "
    if name == "mspace":
        return " "
    parts = [_mathml(child) for child in children]
    return _MATHML.get(name, _mathml_row)(element, parts)


def _mathml_row(_element: Any, parts: list[str]) -> str:
    return "".join(parts)


def _pad(parts: list[str], count: int) -> list[str]:
    return [*parts, *[""] * count][:count]


def _mathml_over(element: Any, parts: list[str]) -> str:
    base, over = _pad(parts, 2)
    accent = _ACCENTS.get(over.strip())
    if accent and (element.get("accent") != "false"):
        return rf"\{accent}{_group(base)}"
    return _script(base, "", over) if _is_big(base) else rf"\overset{_group(over)}{_group(base)}"


def _mathml_under(_element: Any, parts: list[str]) -> str:
    base, under = _pad(parts, 2)
    return _script(base, under, "") if _is_big(base) else rf"\underset{_group(under)}{_group(base)}"


def _is_big(base: str) -> bool:
    return base.strip() in _BIG or base.strip().removeprefix("\\") in {*_BIG, "max", "min", "sup"}


def _mathml_fenced(element: Any, parts: list[str]) -> str:
    between = (element.get("separators", ",").strip() or ",")[0]
    return str(element.get("open", "(")) + between.join(parts) + str(element.get("close", ")"))


def _mathml_table(_element: Any, parts: list[str]) -> str:
    return r"\begin{matrix} " + r" \\ ".join(parts) + r" \end{matrix}"


_MATHML: dict[str, Callable[[Any, list[str]], str]] = {
    "msup": lambda _, parts: _script(_pad(parts, 2)[0], "", _pad(parts, 2)[1]),
    "msub": lambda _, parts: _script(_pad(parts, 2)[0], _pad(parts, 2)[1], ""),
    "msubsup": lambda _, parts: _script(*_pad(parts, 3)),
    "munderover": lambda _, parts: _script(*_pad(parts, 3)),
    "mfrac": lambda _, parts: rf"\frac{_group(_pad(parts, 2)[0])}{_group(_pad(parts, 2)[1])}",
    "msqrt": lambda _, parts: rf"\sqrt{_group(''.join(parts))}",
    "mroot": lambda _, parts: rf"\sqrt[{_pad(parts, 2)[1]}]{_group(_pad(parts, 2)[0])}",
    "mover": _mathml_over,
    "munder": _mathml_under,
    "mfenced": _mathml_fenced,
    "mtable": _mathml_table,
    "mtr": lambda _, parts: " & ".join(parts),
}


def from_omml(element: Any) -> str:
    """LaTeX of Word's `m:oMath` or `m:oMathPara`."""
    name = _name(element)
    if name == "t":
        return _text(element.text or "") if (element.text or "").strip() else " "
    if name.endswith(_OMML_PROPERTIES) or name == "rPr":
        return ""
    convert = _OMML.get(name)
    return convert(element) if convert else _join(element, from_omml)


def _part(element: Any, name: str) -> str:
    return "".join(from_omml(child) for child in element if _name(child) == name)


def _property(element: Any, name: str, default: str) -> str:
    """The value of a property, such as the sign of a sum; `default` where none is given."""
    for properties in element:
        if _name(properties).endswith(_OMML_PROPERTIES):
            for child in properties:
                if _name(child) == name:
                    values = list(child.attrib.values())
                    return str(values[0]) if values else ""
    return default


def _omml_radical(element: Any) -> str:
    degree = _part(element, "deg").strip()
    return rf"\sqrt{f'[{degree}]' if degree else ''}{_group(_part(element, 'e'))}"


def _omml_nary(element: Any) -> str:
    sign = _property(element, "chr", "∫")
    head = _script(_BIG.get(sign, sign), _part(element, "sub"), _part(element, "sup"))
    return f"{head.strip()} {_part(element, 'e')}"


def _omml_delimiter(element: Any) -> str:
    parts = [from_omml(child) for child in element if _name(child) == "e"]
    opening, closing = _property(element, "begChr", "("), _property(element, "endChr", ")")
    return opening + _property(element, "sepChr", "|").join(parts) + closing


def _omml_accent(element: Any) -> str:
    accent = _ACCENTS.get(_property(element, "chr", "̂"), "hat")
    return rf"\{accent}{_group(_part(element, 'e'))}"


def _omml_limit(element: Any) -> str:
    base, limit = _part(element, "e"), _part(element, "lim")
    if _name(element) == "limUpp":
        return _script(base, "", limit)
    return _script(base, limit, "")


def _omml_matrix(element: Any) -> str:
    rows = [
        " & ".join(from_omml(cell) for cell in row if _name(cell) == "e")
        for row in element
        if _name(row) == "mr"
    ]
    return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"


_OMML: dict[str, Callable[[Any], str]] = {
    "f": lambda element: rf"\frac{_group(_part(element, 'num'))}{_group(_part(element, 'den'))}",
    "sSup": lambda element: _script(_part(element, "e"), "", _part(element, "sup")),
    "sSub": lambda element: _script(_part(element, "e"), _part(element, "sub"), ""),
    "sSubSup": lambda element: _script(
        _part(element, "e"), _part(element, "sub"), _part(element, "sup")
    ),
    "sPre": lambda element: (
        "{}" + _script("", _part(element, "sub"), _part(element, "sup")) + _part(element, "e")
    ),
    "rad": _omml_radical,
    "nary": _omml_nary,
    "d": _omml_delimiter,
    "acc": _omml_accent,
    "bar": lambda element: rf"\bar{_group(_part(element, 'e'))}",
    "limLow": _omml_limit,
    "limUpp": _omml_limit,
    "m": _omml_matrix,
    "eqArr": lambda element: r" \\ ".join(
        from_omml(child) for child in element if _name(child) == "e"
    ),
    "func": lambda element: f"{_part(element, 'fName').strip()} {_part(element, 'e')}",
}
