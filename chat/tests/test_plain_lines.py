"""The plain stream's lines: no answer can be taken for a signal, and none is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.plain_lines import PlainLines

BITS = ["[DONE]", "[ERROR]", "[", "DONE]", "ERROR] x", "\n", "\r", "\r\n", " ", "\t", "a", "ü🧬"]


def encode(pieces: list[str]) -> bytes:
    lines = PlainLines()
    return b"".join(lines.encode(piece) for piece in pieces)


def read(stream: bytes) -> str:
    """As a client joins the events: lines of one event with breaks, events without."""
    events = stream.decode().split("\n\n")[:-1]
    return "".join(
        "\n".join(line.removeprefix("data: ") for line in event.split("\n")) for event in events
    )


@pytest.mark.parametrize(
    ("pieces", "stream"),
    [
        (["Hello."], "data: Hello.\n\n"),
        (["one\ntwo"], "data: one\ndata: two\n\n"),
        (["[DONE] means ready"], "data: [\n\ndata: DONE] means ready\n\n"),
        (["see\n[ERROR] 5"], "data: see\ndata: [\n\ndata: ERROR] 5\n\n"),
        (["see [DONE]"], "data: see [DONE]\n\n"),
        (["see ", "[DONE]"], "data: see \n\ndata: [\n\ndata: DONE]\n\n"),
        (["[", "DONE]"], "data: [\n\ndata: DONE]\n\n"),
        ([" [DONE]"], "data:  [\n\ndata: DONE]\n\n"),
        (["a\r", "\nb"], "data: a\ndata: \n\ndata: b\n\n"),
        (["", "a", ""], "data: a\n\n"),
    ],
)
def test_a_piece_is_events(pieces: list[str], stream: str) -> None:
    assert encode(pieces).decode() == stream


@given(st.lists(st.lists(st.sampled_from(BITS), max_size=6).map("".join), max_size=6))
def test_no_line_begins_with_a_signal_and_the_text_arrives_whole(pieces: list[str]) -> None:
    stream = encode(pieces)
    for line in stream.decode().splitlines():
        assert not line.removeprefix("data:").strip().startswith(("[DONE]", "[ERROR]"))
    sent = "".join(pieces)
    assert read(stream) == sent.replace("\r\n", "\n").replace("\r", "\n")
