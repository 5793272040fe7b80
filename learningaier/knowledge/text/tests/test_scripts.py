"""Languages are told apart, and their words, marks and sentences are read as they are written."""

import pytest

from learningaier.knowledge.text.analyzer import query_words, terms
from learningaier.knowledge.text.chunking import MAX_WORDS, count_words, split_chunks
from learningaier.knowledge.text.languages import detect_language
from learningaier.knowledge.text.numbers import find_decades, respell_number
from learningaier.knowledge.text.sentences import split_sentences

LONG = {
    "english": "The heart pumps blood through the body. It beats seventy times a minute.",
    "german": "Das Herz pumpt das Blut durch den Körper. Es schlägt siebzig Mal in der Minute.",
    "french": "Le cœur pompe le sang dans tout le corps. Il bat soixante-dix fois par minute.",
    "spanish": "El corazón bombea la sangre por todo el cuerpo. Late unas setenta veces.",
    "italian": "Il cuore pompa il sangue in tutto il corpo. Batte circa settanta volte al minuto.",
    "portuguese": "O coração bombeia o sangue para todo o corpo. Ele bate setenta vezes.",
    "romanian": "Inima pompează sângele în tot corpul. Ea bate de șaptezeci de ori pe minut.",
    "turkish": "Kalp kanı bütün vücuda pompalar. Dakikada yaklaşık yetmiş kez atar.",
    "vietnamese": "Tim bơm máu đi khắp cơ thể. Nó đập khoảng bảy mươi lần trong một phút.",
    "russian": "Сердце перекачивает кровь по всему телу. Оно бьётся семьдесят раз в минуту.",
    "ukrainian": "Серце перекачує кров по всьому тілу. Воно б'ється сімдесят разів на хвилину.",
    "greek": "Η καρδιά αντλεί το αίμα σε όλο το σώμα. Χτυπά περίπου εβδομήντα φορές το λεπτό.",
    "arabic": "يضخ القلب الدم إلى جميع أنحاء الجسم. ينبض حوالي سبعين مرة في الدقيقة.",
    "persian": "قلب خون را به تمام بدن پمپاژ می\u200cکند. حدود هفتاد بار در دقیقه می\u200cتپد.",
    "hindi": "हृदय पूरे शरीर में रक्त पंप करता है। यह एक मिनट में लगभग सत्तर बार धड़कता है।",
    "thai": "หัวใจสูบฉีดเลือดไปทั่วร่างกาย เต้นประมาณเจ็ดสิบครั้งต่อนาที",
    "chinese": "心脏把血液泵送到全身。它每分钟大约跳动七十次。",
    "japanese": "心臓は血液を全身に送り出す。一分間におよそ七十回拍動する。",
    "korean": "심장은 혈액을 온몸으로 보낸다. 일 분에 약 일흔 번 뛴다.",
}
SHORT = {
    "english": "What is the heart?",
    "german": "Wann schlägt das Herz?",
    "french": "Qu'est-ce que le cœur ?",
    "spanish": "¿Qué es el corazón?",
    "romanian": "Când bate inima?",
    "turkish": "Kalp nasıl atar?",
    "vietnamese": "Tim là gì?",
    "russian": "Что такое сердце?",
    "greek": "Τι είναι η καρδιά;",
    "arabic": "ما هو القلب؟",
    "hindi": "हृदय क्या है?",
    "thai": "หัวใจคืออะไร",
    "chinese": "心脏是什么？",
}


@pytest.mark.parametrize("language", LONG)
def test_a_text_is_of_its_language(language: str) -> None:
    assert detect_language(LONG[language]) == language


@pytest.mark.parametrize("language", SHORT)
def test_a_question_is_of_its_language(language: str) -> None:
    assert detect_language(SHORT[language]) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Die Funktion `getUserById` liest the user und gibt ihn zurück, wie in der API.",
            "german",
        ),
        (f"{LONG['russian']} (англ. heart, pump, blood, body)", "russian"),
        (f"Heart (心脏): {LONG['chinese']}", "chinese"),
        (f"{LONG['arabic']} DNA RNA ATP", "arabic"),
        (f"{LONG['english']} Das ist gut. {LONG['english']}", "english"),
        (f"{LONG['hindi']} ATP synthase", "hindi"),
    ],
)
def test_a_mixed_text_is_of_the_language_of_most_of_it(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("hindi", "विद्यालय", "विद्यालयों"),
        ("russian", "мембрана", "мембраны"),
        ("greek", "καρδιά", "ΚΑΡΔΙΑ"),
        ("turkish", "İstanbul", "istanbul"),
        ("turkish", "1453'te", "1453"),
        ("arabic", "الكتـــاب", "الكتاب"),  # tatweel
        ("arabic", "كَتَبَ", "كتب"),  # vowel signs
        ("arabic", "أحمد", "احمد"),
        ("persian", "می\u200cکند", "میکند"),  # a joiner that nobody sees
        ("romanian", "Țară", "țara"),
        ("hindi", "२०१५", "2015"),
        ("arabic", "١٩٩٩", "1999"),
        ("thai", "๒๕๔๐", "2540"),
        ("english", "1970s", "1970's"),
        ("german", "1980er", "1980"),
    ],
)
def test_spellings_of_one_word_are_one_term(language: str, one: str, other: str) -> None:
    assert terms(one, language) == terms(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("hindi", "कल", "काल"),  # vowel signs tell words apart
        ("thai", "ใกล้", "ไกล"),
        ("vietnamese", "ma", "má"),
        ("vietnamese", "bán", "bạn"),
        ("arabic", "قلب", "كلب"),
        ("english", "3d", "3"),
    ],
)
def test_what_differs_in_a_mark_is_another_word(language: str, one: str, other: str) -> None:
    assert terms(one, language) != terms(other, language)


def test_vietnamese_typed_without_its_tones_is_found() -> None:
    held = set(terms("Quang hợp tạo ra đường và ôxy.", "vietnamese"))

    typed = query_words("quang hop tao ra gi", ["vietnamese"])

    assert all(held.intersection(variants) for variants in typed)


def test_a_hindi_word_is_one_term_with_its_marks() -> None:
    assert len(terms("प्रकाश संश्लेषण", "hindi")) == 2


def test_thai_is_found_by_any_part_of_a_sentence() -> None:
    assert set(terms("เลือด", "thai")) <= set(terms("หัวใจสูบฉีดเลือดไปทั่วร่างกาย", "thai"))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("राम घर गया। सीता वन गई। क्यों?", 3),
        ("ما هذا؟ هذا قلب. ينبض كل يوم!", 3),
        ("یہ کیا ہے؟ یہ دل ہے۔ یہ دھڑکتا ہے۔", 3),
        ("Это 3 г. соли и т. д. Потом вода.", 2),
        ("Am 3. Oktober 1990 endete es. Danach kam nichts.", 2),
        ("2. Dünya Savaşı 1945 yılında bitti. Sonra barış geldi.", 2),
        ("Ο κ. Παπαδόπουλος ήρθε. Έφυγε.", 2),
        ("心脏跳动。血液流动！为什么？", 3),
        ("¿Qué es? Es el corazón. ¡Late!", 3),
        ("Ông đến Hà Nội. Bà ở lại.", 2),
        ("D-l Popescu a venit. A plecat.", 2),
    ],
)
def test_sentences_end_as_their_script_ends_them(text: str, sentences: int) -> None:
    assert len(split_sentences(text)) == sentences


@pytest.mark.parametrize("language", LONG)
def test_chunks_have_a_bound_in_every_script(language: str) -> None:
    text = " ".join([LONG[language]] * 60)

    chunks = split_chunks(text)

    counts = [count_words(text[chunk.start : chunk.end]) for chunk in chunks]
    assert max(counts) <= MAX_WORDS
    lengths = [chunk.end - chunk.start for chunk in chunks]
    assert len(chunks) > 1
    assert max(lengths) < 2_200


@pytest.mark.parametrize(
    ("word", "languages", "other"),
    [
        ("4", ["german"], "vier"),
        ("vier", ["german"], "4"),
        ("4", ["spanish"], "cuatro"),
        ("4", ["russian"], "четыре"),
        ("4", ["hindi"], "चार"),
        ("ii", [], "2"),
        ("2", [], "ii"),
    ],
)
def test_a_small_number_is_written_in_other_ways(
    word: str, languages: list[str], other: str
) -> None:
    assert other in respell_number(word, languages)


@pytest.mark.parametrize("word", ["heart", "i", "1954", "3.5", "năm", "x"])
def test_what_is_no_small_number_has_no_other_way(word: str) -> None:
    assert respell_number(word, ["vietnamese", "english"]) == []


@pytest.mark.parametrize(
    "question",
    [
        "What happened in the 70's?",
        "What happened in the 70s?",
        "Was geschah in den 70ern?",
        "¿Qué pasó en los años 70?",
        "Ce s-a întâmplat în anii 70?",
        "70年代发生了什么？",
        "Что было в 70-х?",
    ],
)
def test_a_decade_without_its_century_is_told(question: str) -> None:
    [(decade, years)] = find_decades(question).items()

    assert decade == "70"
    assert {"1870", "1879", "1970", "1979"} <= set(years)
    assert len(years) == 20


def test_a_decade_of_a_century_has_ten_years() -> None:
    years = [str(year) for year in range(1980, 1990)]

    assert find_decades("Was geschah in den 1980ern?") == {"1980": years}


def test_a_mere_figure_is_no_decade() -> None:
    assert find_decades("How many of the 70 cells died?") == {}
