"""Which lines are code, and code as a whole block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learningaier.knowledge.text.code import FENCE, closes_fence, fence_code, find_code


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("a\n```\nb\n\nc\n```\nd", ".xxxxx."),
        ("~~~~\n~~~\n~~~~\nd", "xxx."),
        ("```py\n~~~\n```\nd", "xxx."),
        ("1. a\n   ```\n   b\n   ```\n2. c", ".xxx."),
        ("```inline``` code\nb", ".."),
        ("Run:\n\n    a\n\n      b\n\nc", "..xxx.."),
        ("Run:\n\n\ta\nc", "..x."),
        ("Run.\n\n    a", "..."),
        ("Run:\n    a", ".."),
        ("Run:\n\n    - a\n    - b", "...."),
        ("Run:\n\n    a\tb\n    c\td", "...."),
        ("Run:\n\n    | a | b |", "..."),
    ],
)
def test_fenced_lines_and_those_indented_after_a_colon_are_code(text: str, marks: str) -> None:
    assert find_code(text.split("\n")) == [mark == "x" for mark in marks]


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("```c\na\n```", "```c\na\n```"),
        ("```c\na", "```c\na\n```"),
        ("a\n```", "```\na\n```"),
        ("~~~\na", "~~~\na\n~~~"),
        ("    a\n      b", "```\na\n  b\n```"),
        ("  ```\n  a\n    b\n  ```", "```\na\n  b\n```"),
        ("a\n```c\nb", "````\na\n```c\nb\n````"),
    ],
)
def test_code_is_shown_between_fences(text: str, block: str) -> None:
    assert fence_code(text) == block


@given(st.lists(st.sampled_from(["```", "~~~~", "````c", "a", "  b", ""]), min_size=1, max_size=8))
def test_a_block_opens_once_and_closes_at_its_end(lines: list[str]) -> None:
    shown = fence_code("\n".join(lines)).split("\n")
    fence = FENCE.match(shown[0])
    assert fence is not None
    assert closes_fence(shown[-1], fence.group(1))
    assert len(shown) > 1
