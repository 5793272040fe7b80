"""Extractive answers keep the Markdown of what they quote, and `supports` points at it."""

import re
from typing import Any

import pytest

from conftest import ApiClient

FENCED = """```python
def greet(name):
    # two   spaces

    print(f"Hello {name}")
```"""
TABLE = """| Planet | Moons | Radius |
|:-------|------:|:------:|
| Mars | 2 | 3389 km |
| Jupiter | 95 | 69911 km |"""
NESTED = """- nucleus
  - nucleolus
  - chromatin
- chloroplast"""
STEPS = """1. Prophase
2. Metaphase
   - plates align
3. Anaphase"""
FORMULA = r"""$$
x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$"""
BRACKETS = """\\[
e^{i\\pi} + 1 = 0
\\]"""
OUTER = f"````markdown\n{FENCED}\n````"

TILDES = "~~~rust\na\n    .b()\n~~~"
TASKS = "- [x] read\n- [ ] **solve**"

# What leads to the block, the block as it stands in the note, the question, the block as answered.
CASES = {
    "fenced code": ("You print a greeting in Python like this:", FENCED, FENCED),
    "code between tildes": ("The sum in Rust:", TILDES, TILDES),
    "a fence within a fence": ("A fenced block in a README is written:", OUTER, OUTER),
    "indented code": (
        "To list files by size in the shell run:",
        "    ls -l |\n      sort -k5",
        "```\nls -l |\n  sort -k5\n```",
    ),
    "a nested list": ("The parts of a plant cell are:", NESTED, NESTED),
    "a numbered list": ("The steps of mitosis are:", STEPS, STEPS),
    "an indented list": ("The oceans are:", "    - Pacific\n    - Arctic", "- Pacific\n- Arctic"),
    "tasks": ("To prepare for the exam:", TASKS, TASKS),
    "a formula": ("The quadratic formula gives the roots:", FORMULA, FORMULA),
    "a formula in brackets": ("Euler's identity joins five constants:", BRACKETS, BRACKETS),
    "formulas in a list": (
        "Maxwell's equations in vacuum are:",
        "- $\\nabla \\cdot E = 0$\n- $\\nabla \\cdot B = 0$",
        "- $\\nabla \\cdot E = 0$\n- $\\nabla \\cdot B = 0$",
    ),
}  # fmt: skip


def ask(api: ApiClient, content: str, question: str) -> dict[str, Any]:
    """The answer of a note that has this content."""
    note = api.post("/api/notes/", {"title": "Note", "content": content}).json()
    asked = {"question": question, "note_id": note["id"], "top_k": 20}
    answer = api.post("/api/notes/ai-qa", asked).json()
    assert answer["status"] == "answered", answer
    check_supports(answer, content)
    return answer


def check_supports(answer: dict[str, Any], content: str) -> None:
    """Each support says what its quote says, and no word of the answer is without one."""
    left = list(answer["answer"])
    for source in answer["sources"]:
        assert content[source["start"] : source["end"]] == source["quote"]
        for start, end in source["supports"]:
            assert bare(answer["answer"][start:end]) in bare(source["quote"])
            left[start:end] = " " * (end - start)
    assert "".join(left).strip() == ""


def bare(text: str) -> str:
    """The text without white space, fences and the lines below headers."""
    return re.sub(r"\s|^[`~]{3,}\w*$|^[|:-]+$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_what_leads_to_a_block_is_answered_with_it(
    api: ApiClient, case: str, line_break: str
) -> None:
    lead, block, shown = CASES[case]
    content = f"# Notes\n\n{lead}\n\n{block}\n\nBees make honey from nectar."
    answer = ask(api, content.replace("\n", line_break), lead.rstrip(":"))
    assert answer["answer"].replace("\r\n", "\n") == f"{lead}\n\n{shown}"


def test_a_row_is_answered_below_its_header_with_the_columns_alignment(api: ApiClient) -> None:
    answer = ask(api, f"# Planets\n\n{TABLE}\n", "How many moons does Jupiter have?")
    lines = TABLE.split("\n")
    assert answer["answer"] == "\n".join([*lines[:2], lines[3]])


def test_emphasis_links_code_and_formulas_in_a_sentence_stay(api: ApiClient) -> None:
    said = "The **photon** has the *energy* $E = h \\nu$, as [Planck](https://x.org) and `E()` say."
    assert ask(api, said, "What energy has the photon?")["answer"] == said


def test_a_part_of_long_code_is_a_whole_block(api: ApiClient) -> None:
    code = "\n".join(f"static const long factorial_{n} = {n}L;" for n in range(60))
    content = f"The factorials in C are declared so:\n\n```c\n{code}\n```\n\nBees make honey."
    answer = ask(api, content, "How are the factorials in C declared?")["answer"]
    fences = [line for line in answer.split("\n") if line.startswith("```")]
    assert fences in (["```c", "```"], ["```c", "```", "```", "```"])
    assert answer.endswith("\n```")


def test_what_follows_a_longer_fence_is_no_code(api: ApiClient) -> None:
    content = f"A fenced block is written:\n\n{OUTER}\n\nBees make honey from nectar."
    answer = ask(api, content, "What do bees make honey from?")
    assert answer["answer"] == "Bees make honey from nectar."
