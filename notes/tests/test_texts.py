"""A note's text by language: whichever name it is sent by, nothing of it is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.texts import Change, TextConflict, Texts, apply_change

ENGLISH, CHINESE = "The cell is the unit of life.", "细胞是生命的基本单位。"
WORDS = st.sampled_from(["", "The cell.", "细胞。", "Die Zelle ist klein und rund.", "La cellule."])


def test_a_new_note_may_have_its_text_by_a_languages_name_only() -> None:
    texts = apply_change(Texts("en"), Change(texts={"zh": CHINESE, "en": None}))

    assert (texts.language, texts.content, texts.translations) == ("zh", CHINESE, {})


@pytest.mark.parametrize(("title", "language"), [("Cells", "en"), ("细胞", "zh")])
def test_of_two_texts_the_one_in_the_titles_language_is_the_notes_own(
    title: str, language: str
) -> None:
    texts = apply_change(Texts("en"), Change(title=title, texts={"zh": CHINESE, "en": ENGLISH}))

    assert texts.language == language
    assert (texts.in_language("zh"), texts.in_language("en")) == (CHINESE, ENGLISH)


def test_another_primary_language_changes_no_text() -> None:
    before = Texts("en", ENGLISH, {"zh": CHINESE})

    texts = apply_change(before, Change(language="zh"))

    assert (texts.content, texts.translations) == (CHINESE, {"en": ENGLISH})


def test_a_language_that_was_told_wrong_is_corrected() -> None:
    texts = apply_change(Texts("en", "Gift.", {"zh": CHINESE}), Change(language="de"))

    assert (texts.language, texts.content, texts.translations) == ("de", "Gift.", {"zh": CHINESE})


def test_a_text_in_the_new_primary_language_leaves_the_old_one_as_a_translation() -> None:
    texts = apply_change(Texts("en", ENGLISH), Change(language="zh", texts={"zh": CHINESE}))

    assert (texts.content, texts.translations) == (CHINESE, {"en": ENGLISH})


@pytest.mark.parametrize(
    "change",
    [
        Change(content="New.", texts={"en": ENGLISH, "zh": None}),
        Change(content=ENGLISH, texts={"en": "New.", "zh": None}),
        Change(content="New.", texts={"en": "New."}),
        Change(texts={"en": "New."}),
    ],
)
def test_what_was_changed_counts_beside_what_was_sent_back(change: Change) -> None:
    assert apply_change(Texts("en", ENGLISH), change).content == "New."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change(content="One.", texts={"en": "Two."}), "content_md_en"),
        (Change(texts={"en": None}), "content_md_en"),
        (Change(others={"en-GB": "Colour."}), "translations"),
        (Change(others={f"x{n:02}"[:2] + f"{n:02}": "a" for n in range(21)}), "translations"),
    ],
)
def test_what_contradicts_itself_is_refused(change: Change, field: str) -> None:
    with pytest.raises(TextConflict) as caught:
        apply_change(Texts("en", ENGLISH), change)

    assert caught.value.field == field


def test_all_other_translations_are_set_at_once_and_named_ones_stay() -> None:
    before = Texts("en", ENGLISH, {"zh": CHINESE, "fr": "La cellule."})

    texts = apply_change(before, Change(others={"de": "Die Zelle."}))

    assert texts.translations == {"zh": CHINESE, "de": "Die Zelle."}


@given(content=WORDS, translation=WORDS, sent=WORDS, named=st.sampled_from(["en", "zh"]))
def test_a_text_written_by_its_language_is_read_by_it(
    content: str, translation: str, sent: str, named: str
) -> None:
    kept = {"zh": translation} if translation else {}
    texts = apply_change(Texts("en", content, kept, True), Change(texts={named: sent}))

    assert (texts.in_language(named) or "") == sent


@given(content=WORDS, translation=WORDS)
def test_sending_back_what_was_read_changes_nothing(content: str, translation: str) -> None:
    texts = apply_change(Texts("en"), Change(content=content, texts={"fr": translation or None}))
    shown: dict[str, Any] = {name: texts.in_language(name) for name in ("en", "zh")}

    again = apply_change(texts, Change(content=texts.content, language=texts.language, texts=shown))

    assert again == texts
