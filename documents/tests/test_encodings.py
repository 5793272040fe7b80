"""Files that do not say how their letters are encoded."""

import pytest

from documents.reading.encodings import decode_text, is_binary

GERMAN = "Wärme fließt vom heißen zum kühlen Körper."
FRENCH = "L'élève a reçu à l'école une leçon sur l'évolution."
POLISH = "Rośliny pobierają dwutlenek węgla. Żółć, źdźbło, łąka."
RUSSIAN = "Температура была двадцать пять градусов."
UKRAINIAN = "Рослини поглинають вуглекислий газ і виділяють кисень."
GREEK = "Η θερμοκρασία ήταν είκοσι πέντε βαθμοί."
TURKISH = "Öğrenci nasıl çalıştığını öğrenmek istiyor."
HEBREW = "הפוטוסינתזה מתרחשת בכלורופלסטים ובלילה היא נעצרת."
ARABIC = "تحدث عملية البناء الضوئي في البلاستيدات."
THAI = "พืชดูดซับคาร์บอนไดออกไซด์และปล่อยออกซิเจน"
LATVIAN = "Augi uzņem ogļskābo gāzi un izdala skābekli."
JAPANESE = "これは短いメモです。光合成は葉緑体で行われる。"
CHINESE = "光合作用在叶绿体中进行。温度为二十五度。"
TAIWANESE = "光合作用在葉綠體中進行。溫度為二十五度。"
KOREAN = "이것은 짧은 메모이다. 광합성은 엽록체에서 일어난다."

SAMPLES = [
    ("utf-8", GERMAN), ("utf-16-le", GERMAN), ("utf-16-be", RUSSIAN), ("utf-32-le", GREEK),
    ("cp1252", GERMAN), ("latin-1", FRENCH), ("iso8859-15", GERMAN), ("mac_roman", FRENCH),
    ("cp1250", POLISH), ("iso8859-2", POLISH), ("cp1251", RUSSIAN), ("koi8-r", RUSSIAN),
    ("koi8-u", UKRAINIAN), ("cp866", RUSSIAN), ("iso8859-5", RUSSIAN), ("cp1253", GREEK),
    ("iso8859-7", GREEK), ("cp1254", TURKISH), ("cp1255", HEBREW), ("cp1256", ARABIC),
    ("cp874", THAI), ("cp1257", LATVIAN), ("cp932", JAPANESE), ("euc_jp", JAPANESE),
    ("iso2022_jp", JAPANESE), ("gb18030", CHINESE), ("big5", TAIWANESE), ("cp949", KOREAN),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "sentence"), SAMPLES)
@pytest.mark.parametrize("times", [1, 30])
def test_short_and_long_texts_are_read_in_every_encoding(encoding, sentence, times):
    text = "\n".join([sentence] * times)
    assert decode_text(text.encode(encoding)).text == text


@pytest.mark.parametrize("text", ["£4 per m³ at 20 °C", "Die Größe", "20 € — déjà payé"])
def test_a_few_words_of_western_europe_are_believed_to_be_such(text):
    assert decode_text(text.encode("cp1252")).text == text


def test_a_letter_at_the_end_of_a_long_file_decides():
    text = "Plain words about cells. " * 20_000 + "20 € à l’école"
    assert decode_text(text.encode("cp1252")).text == text


def test_a_damaged_byte_costs_one_character_and_is_counted():
    decoded = decode_text("Übung macht ".encode() + b"\xff" + "den Meister, schön".encode())
    assert (decoded.text, decoded.replaced) == ("Übung macht \ufffdden Meister, schön", 1)


def test_zero_bytes_in_a_text_make_it_no_binary():
    assert not is_binary("Größe der Zelle\0 und mehr\n".encode() * 9)
    assert is_binary(b"\x7fELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1")
