"""Support is on one scale for all languages, whatever their vectors are like."""

import uuid
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ApiClient
from learningaier.knowledge.answering.calibration import (
    BACKGROUNDS,
    SHIFTS,
    measure_backgrounds,
    weigh_evidence,
    weigh_meaning,
)
from learningaier.knowledge.retrieval.ranking import Candidate, Ranked, Sentence
from learningaier.knowledge.text.features import Analysis

NOTES = {
    "en": "The mitochondrion produces energy for the cell. Ribosomes build proteins.",
    "de": "Das Mitochondrium erzeugt Energie für die Zelle. Ribosomen bauen Proteine.",
    "es": "La mitocondria produce energía para la célula. Los ribosomas fabrican proteínas.",
    "ru": "Митохондрия вырабатывает энергию для клетки. Рибосомы строят белки из аминокислот.",
    "zh": "线粒体为细胞产生能量。核糖体用氨基酸合成蛋白质。",
    "ar": "تنتج الميتوكوندريا الطاقة للخلية. تبني الريبوسومات البروتينات من الأحماض الأمينية.",
    "hi": "माइटोकॉन्ड्रिया कोशिका के लिए ऊर्जा बनाता है। राइबोसोम प्रोटीन बनाते हैं।",
    "vi": "Ty thể tạo ra năng lượng cho tế bào. Ribosome tổng hợp protein từ axit amin.",
    "tr": "Mitokondri hücre için enerji üretir. Ribozomlar amino asitlerden protein yapar.",
    "el": "Το μιτοχόνδριο παράγει ενέργεια για το κύτταρο. Τα ριβοσώματα φτιάχνουν πρωτεΐνες.",
    "th": "ไมโทคอนเดรียผลิตพลังงานให้กับเซลล์ ไรโบโซมสร้างโปรตีนจากกรดอะมิโน",
    "ro": "Mitocondria produce energie pentru celulă. Ribozomii construiesc proteine.",
}
ASKED = {
    "en": ("What produces energy for the cell?", "Which king ruled Prussia?"),
    "de": ("Was erzeugt Energie für die Zelle?", "Welcher König regierte Preußen?"),
    "es": ("¿Qué produce energía para la célula?", "¿Qué rey gobernó Prusia?"),
    "ru": ("Что вырабатывает энергию для клетки?", "Какой король правил Пруссией?"),
    "zh": ("什么为细胞产生能量？", "哪位国王统治普鲁士？"),
    "ar": ("ما الذي ينتج الطاقة للخلية؟", "أي ملك حكم بروسيا؟"),
    "hi": ("कोशिका के लिए ऊर्जा कौन बनाता है?", "प्रशिया पर किस राजा ने शासन किया?"),
    "vi": ("Cái gì tạo ra năng lượng cho tế bào?", "Vị vua nào cai trị nước Phổ?"),
    "tr": ("Hücre için enerjiyi ne üretir?", "Prusya'yı hangi kral yönetti?"),
    "el": ("Τι παράγει ενέργεια για το κύτταρο;", "Ποιος βασιλιάς κυβέρνησε την Πρωσία;"),
    "th": ("อะไรผลิตพลังงานให้กับเซลล์", "กษัตริย์องค์ใดปกครองปรัสเซีย"),
    "ro": ("Ce produce energie pentru celulă?", "Ce rege a condus Prusia?"),
}


def make_ranked(language: str, cosines: list[float]) -> Ranked:
    """A chunk whose sentences have these cosines with the question."""
    nothing = np.zeros(0)
    analysis = Analysis(
        np.zeros((0, 2), np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint32), np.zeros((0, 1))
    )
    candidate = Candidate(1, "", 0.0, analysis, language=language)
    sentences = tuple(
        Sentence(1, 0, 0, "", cosine, nothing.astype(bool), nothing, 0.0, language)
        for cosine in cosines
    )
    return Ranked(1, 0.0, sentences, candidate)


@given(st.lists(st.floats(0, 1), max_size=40), st.sampled_from(sorted(BACKGROUNDS)))
def test_a_background_lies_between_the_table_and_what_was_found(
    cosines: list[float], language: str
) -> None:
    measured = measure_backgrounds([make_ranked(language, cosines)])[language]

    bounds = [BACKGROUNDS[language], *cosines]
    assert min(bounds) - 1e-9 <= measured <= max(bounds) + 1e-9


def test_the_backgrounds_of_two_languages_are_measured_apart() -> None:
    ranked = [make_ranked("hindi", [0.9] * 20), make_ranked("german", [0.2] * 20)]

    measured = measure_backgrounds(ranked)

    assert measured["hindi"] > 0.85
    assert measured["german"] < 0.3


@pytest.mark.parametrize("language", [*SHIFTS, "english", "swahili"])
def test_support_grows_with_words_and_with_meaning(language: str) -> None:
    assert weigh_evidence(language, 0.5, 0.2) > weigh_evidence(language, 0.4, 0.2)
    assert weigh_evidence(language, 0.5, 0.3) > weigh_evidence(language, 0.5, 0.2)


def test_outside_of_english_a_cosine_counts_from_the_background_on() -> None:
    [sentence] = make_ranked("thai", [0.9]).sentences

    assert weigh_meaning(sentence, {"thai": 0.9}) == 0.0
    assert weigh_meaning(sentence, {"thai": 0.8}) == pytest.approx(0.5)


@pytest.mark.parametrize("language", NOTES)
def test_a_note_answers_in_its_language_and_refuses_what_it_does_not_say(
    api: ApiClient, language: str
) -> None:
    api.post("/api/notes", {"title": "1", "content": NOTES[language]})
    there, absent = ASKED[language]

    answered = api.post("/api/notes/ai-qa", {"question": there}).json()
    refused = api.post("/api/notes/ai-qa", {"question": absent}).json()

    assert answered["status"] == "answered"
    assert answered["answer"][:8] == NOTES[language][:8]
    assert refused["status"] == "not_found"


def test_a_library_of_mixed_languages_loses_nothing(api: ApiClient, settings: Any) -> None:
    settings.RATELIMIT_ENABLE = False
    for content in NOTES.values():
        api.post("/api/notes", {"title": str(uuid.uuid4()), "content": content})

    for language, (there, absent) in ASKED.items():
        answered = api.post("/api/notes/ai-qa", {"question": there}).json()
        refused = api.post("/api/notes/ai-qa", {"question": absent}).json()
        assert answered["answer"][:8] == NOTES[language][:8], language
        assert refused["status"] == "not_found", language
