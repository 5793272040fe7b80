"""Reading a model's statements out of whatever it writes around them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learningaier.knowledge.answering.statements import Citation, Statement, StatementReader

ONE = '{"text": "A b.", "citations": [{"passage": 1, "quote": "a \\"b\\" }{"}]}'
READ = Statement("A b.", (Citation(1, 'a "b" }{'),))


def read(text: str, size: int = 1) -> list[Statement]:
    reader = StatementReader()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return [statement for piece in pieces for statement in reader.feed(piece)]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    "text",
    [
        ONE,
        f"```json\n{ONE}\n```",
        f"[{ONE}]",
        f'{{"statements": [{ONE}]}}',
        f'He said "no". {ONE} And {{so}} on.',
        json.dumps(json.loads(ONE), indent=2),
        ONE.replace("A b.", "A\n  b."),
    ],
)
def test_a_statement_is_found_whatever_is_around_it(text: str, size: int) -> None:
    assert read(text, size) == [READ]


def test_each_comes_as_soon_as_it_is_complete() -> None:
    reader = StatementReader()

    assert list(reader.feed(ONE[:-1])) == []
    assert list(reader.feed(ONE[-1] + "\n" + ONE[:5])) == [READ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No form at all.",
        "{",
        '{"text": 7}',
        '{"text": " "}',
        '{"text": "x"',
        '{"not_found": true}',
        '{"text": "' + "x" * 3000 + '"}',
        '{"passage": 1, "quote": "x"}',
        '{"text": "\\',
    ],
)
def test_what_is_no_statement_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "citations",
    ['"x"', "7", "null", "[7]", '[{"passage": 1}]', '[{"passage": "x", "quote": "y"}]', "[null]"],
)
def test_citations_that_are_none_leave_a_statement_without(citations: str) -> None:
    assert read(f'{{"text": "x", "citations": {citations}}}') == [Statement("x", ())]


def test_a_number_may_be_written_as_text() -> None:
    [statement] = read('{"text": "x", "citations": [{"passage": "2", "quote": "y"}]}')

    assert statement.citations == (Citation(2, "y"),)


@given(st.text(max_size=200), st.integers(1, 9))
def test_no_text_breaks_the_reader(text: str, size: int) -> None:
    read(text, size)


@given(st.text(min_size=1, max_size=50), st.text(max_size=50), st.integers(1, 9))
def test_any_words_come_through(text: str, quote: str, size: int) -> None:
    line = json.dumps({"text": text, "citations": [{"passage": 3, "quote": quote}]})
    words = " ".join(text.split())

    expected = [Statement(words, (Citation(3, quote),))] if words else []
    assert read(line, size) == expected
