"""Numbers of a spreadsheet as the cell shows them: per cents, dates, leading zeros, currencies.

The codes are those of Excel (ECMA-376, 18.8.30 and 18.8.31), which other programs write too.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

# fmt: off
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}
# fmt: on
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(AM/PM|A/P)|(General)|([yYmMdDhHsS]+)|(\.0+(?=[^0-9#?E]|$))'
    r"|([0#?][0#?,]*(?:\.[0#?]*,*)?(?:E[+-]0+)?|\.[0#?]+)|(/)|(%)|(.)",
    re.DOTALL,
)
_MONTHS = ("January February March April May June July August September October November "
           "December").split()  # fmt: skip
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MAX_DENOMINATOR = {1: 9, 2: 99, 3: 999}


def format_value(value: float, code: str, *, epoch: datetime = datetime(1899, 12, 30)) -> str:  # noqa: DTZ001
    """A number under a format's code. `epoch`: the day 0 of the file's dates."""
    section, value = _choose_section(value, code)
    if not section and ";" in code:
        return ""  # a part that is empty hides its numbers
    if section.strip().casefold() in {"", "general", "@"}:
        return format_general(value)
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", section)
    if re.search(r"[yYdDhHsS]|m|M(?!$)", bare.replace("General", "")) or re.search(
        r"\[[hHmMsS]+\]", section
    ):
        return _format_date(value, section, epoch)
    return _format_number(value, section)


def format_general(value: float) -> str:
    """A number without a format: up to eleven digits, as a cell of usual width shows it."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.10g}"
    return text.replace("e", "E") if "e" in text else text


def _choose_section(value: float, code: str) -> tuple[str, float]:
    """The part of a code that is for this number: positive; negative; zero. A negative one written
    by a part of its own has its sign there."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    conditions = [re.match(r"\s*(?:\[[^\]<>=]*\])*\[([<>=]+)(-?[\d.]+)\]", one) for one in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, condition[1], float(condition[2])):
                return section, value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _holds(value: float, sign: str, limit: float) -> bool:
    return {
        "<": value < limit, ">": value > limit, "<=": value <= limit, ">=": value >= limit,
        "=": value == limit, "<>": value != limit,
    }.get(sign, False)  # fmt: skip


def _format_number(value: float, section: str) -> str:
    percents = len(re.findall(r'%(?=(?:[^"]*"[^"]*")*[^"]*$)', section))
    amount = Decimal(repr(value)) * (Decimal(100) ** percents)
    if fraction := re.search(r"([0#?]+)?\s*([0#?]+)\s*/\s*([0#?]+|\d+)", section):
        return _format_fraction(float(amount), section, fraction)
    section = _part_digits(amount, section)
    out, is_written, sign = [], False, "-" if amount < 0 else ""
    for match in _TOKEN.finditer(section):
        literal, escaped, bracket, _, general, _, small, digits, slash, percent, other = (
            match.groups()
        )
        if literal is not None or escaped is not None:
            out.append(literal if literal is not None else escaped)
        elif bracket is not None:
            out.append(_currency(bracket))
        elif general:
            out.append(format_general(float(amount)))
        elif (digits or small) and not is_written:
            is_written = True
            out.append(sign + _format_digits(abs(amount), digits or small))
        elif percent or slash or other:
            out.append(percent or slash or ("" if other in ",@" else other))
    return "".join(out).strip() if is_written or "General" in section else "".join(out)


def _part_digits(amount: Decimal, section: str) -> str:
    """A code such as `000-00-0000`, which parts a number's figures, with all but the first group
    of them filled in as they are; any other code as it is.
    """
    groups = [match for match in _TOKEN.finditer(section) if match[8]]
    if len(groups) < 2 or any(set(group[8]) - set("0#?") for group in groups):
        return section
    places = [len(group[8]) for group in groups[1:]]
    figures = f"{abs(amount).quantize(Decimal(1), rounding=ROUND_HALF_UP):f}"
    figures = figures.zfill(sum(places) + 1)
    out, end = [], len(section)
    for group, length in zip(reversed(groups), [*reversed(places), 0], strict=True):
        own, figures = (figures[-length:], figures[:-length]) if length else (figures, "")
        shown = own if length else _format_digits(Decimal(own), group[8])
        out.append(section[group.end() : end])
        out.append(f'"{shown}"')
        end = group.start()
    return section[:end] + "".join(reversed(out))


def _currency(bracket: str) -> str:
    return bracket[1:].partition("-")[0] if bracket.startswith("$") else ""


def _format_digits(amount: Decimal, pattern: str) -> str:
    mantissa, has_exponent, exponent = pattern.partition("E")
    thousands = len(mantissa) - len(mantissa.rstrip(","))
    amount = amount / (Decimal(1000) ** thousands)
    whole, _, part = mantissa.rstrip(",").partition(".")
    places = len(part)
    if has_exponent and len(whole) > 1 and amount:
        step = len(whole)  # such a code shows powers of a thousand, and the like, alone
        shift = amount.adjusted() // step * step
        head, sign = f"{amount.scaleb(-shift):.{places}f}", "-" if shift < 0 else "+"
        return f"{head}E{sign}{abs(shift):0{len(exponent) - 1}d}"
    if has_exponent:
        text = f"{amount:.{places}E}"
        head, _, power = text.partition("E")
        return f"{head}E{power[0]}{power[1:].lstrip('0').zfill(len(exponent) - 1)}"
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    left, _, right = f"{rounded:f}".partition(".")
    least = part.count("0") if "0" in part else 0
    while len(right) > least and right.endswith("0"):
        right = right[:-1]
    width = whole.replace(",", "").count("0")
    left = left.lstrip("0").zfill(width) if width or left != "0" else ""
    if "," in whole:
        left = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", left)
    return f"{left}.{right}" if right or (places and "." in mantissa and least) else left or "0"


def _format_fraction(value: float, section: str, match: re.Match[str]) -> str:
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole = int(value) if match[1] else 0
    rest = value - whole
    if match[3].isdecimal() and match[3].strip("0"):
        bottom = int(match[3])
        top = round(rest * bottom)
    else:
        most = _MAX_DENOMINATOR.get(len(match[3]), 999)
        top, bottom = min(
            ((round(rest * below), below) for below in range(1, most + 1)),
            key=lambda pair: (abs(rest - pair[0] / pair[1]), pair[1]),
        )
    if top == bottom and match[1]:
        whole, top = whole + 1, 0
    shown = [str(whole)] if whole or not top else []
    return sign + " ".join([*shown, *([f"{top}/{bottom}"] if top else [])])


def _format_date(value: float, section: str, epoch: datetime) -> str:  # noqa: C901  a case a token
    is_elapsed = re.search(r"\[[hHmMsS]+\]", section) is not None
    fraction = re.search(r"[sS]\.?(0+)", section)
    unit = 10 ** (6 - min(len(fraction[1]), 3)) if fraction else 1_000_000
    microseconds = int(Decimal(repr(value)) * 86_400_000_000 / unit + Decimal("0.5")) * unit
    try:
        moment = epoch + timedelta(microseconds=microseconds)
    except OverflowError:
        return format_general(value)
    if value < 60 and not is_elapsed and epoch.year == 1899:
        moment += timedelta(days=1) if value >= 1 else timedelta(0)
    has_half = re.search(r"AM/PM|A/P", section, re.IGNORECASE) is not None
    out: list[str] = []
    previous = ""
    tokens = list(_TOKEN.finditer(section))
    for at, match in enumerate(tokens):
        literal, escaped, bracket, half, _, letters, small, digits, slash, _, other = match.groups()
        if literal is not None or escaped is not None:
            out.append(literal if literal is not None else escaped)
        elif bracket is not None:
            out.append(_elapsed(bracket, microseconds))
            previous = bracket[:1].lower() if bracket[:1].lower() in "hms" else previous
        elif half:
            out.append(("AM" if moment.hour < 12 else "PM")[: 1 if half == "A/P" else 2])
        elif letters:
            following = next((one[6] for one in tokens[at + 1 :] if one[6]), "")
            out.append(_date_part(letters.lower(), moment, previous, following.lower(), has_half))
            previous = letters[0].lower()
        elif (small or digits) and (small or digits).startswith("."):
            places = len(small or digits) - 1
            out.append(f".{moment.microsecond:06d}"[: places + 1])
        elif slash or other or digits:
            out.append(slash or other or digits)
    return "".join(out).strip()


def _elapsed(bracket: str, microseconds: int) -> str:
    seconds = microseconds // 1_000_000
    size = {"h": 3600, "m": 60, "s": 1}.get(bracket[:1].lower())
    if size is None or set(bracket.lower()) - set("hms"):
        return _currency(bracket)
    return str(seconds // size).zfill(len(bracket))


def _date_part(letters: str, at: datetime, previous: str, following: str, has_half: bool) -> str:
    kind, count = letters[0], len(letters)
    if kind == "y":
        return f"{at.year:04d}" if count > 2 else f"{at.year % 100:02d}"
    if kind == "d":
        day = _DAYS[at.weekday()]
        return {1: str(at.day), 2: f"{at.day:02d}", 3: day[:3]}.get(count, day)
    if kind == "h":
        hour = (at.hour % 12 or 12) if has_half else at.hour
        return f"{hour:02d}" if count > 1 else str(hour)
    if kind == "s":
        return f"{at.second:02d}" if count > 1 else str(at.second)
    if previous == "h" or following.startswith("s"):
        return f"{at.minute:02d}" if count > 1 else str(at.minute)
    month = _MONTHS[at.month - 1]
    return {1: str(at.month), 2: f"{at.month:02d}", 3: month[:3], 5: month[0]}.get(count, month)
