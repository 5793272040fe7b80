"""How near an embedder takes a question and a text that have nothing to do with each other.

Each embedder has its own scale, and a language a place on it: by multilingual E5 a Chinese question
has 0.82 with a Chinese text about something else, 0.71 with an English one, 0.1 by OpenAI's models.
So what is said about everyday things in the language of a text is asked too, and what lies no
nearer than that says nothing.
"""

EVERYDAY = {
    "english": (
        "The shop on the corner opens at nine in the morning and closes at six.",
        "My sister has bought a blue bicycle and rides to the lake every Sunday.",
    ),
    "german": (
        "Der Laden an der Ecke öffnet morgens um neun und schließt um sechs.",
        "Meine Schwester hat ein blaues Fahrrad gekauft und fährt jeden Sonntag zum See.",
    ),
    "french": (
        "Le magasin du coin ouvre à neuf heures du matin et ferme à six heures.",
        "Ma sœur a acheté un vélo bleu et va au lac tous les dimanches.",
    ),
    "spanish": (
        "La tienda de la esquina abre a las nueve de la mañana y cierra a las seis.",
        "Mi hermana ha comprado una bicicleta azul y va al lago todos los domingos.",
    ),
    "italian": (
        "Il negozio all'angolo apre alle nove di mattina e chiude alle sei.",
        "Mia sorella ha comprato una bicicletta blu e va al lago ogni domenica.",
    ),
    "portuguese": (
        "A loja da esquina abre às nove da manhã e fecha às seis.",
        "A minha irmã comprou uma bicicleta azul e vai ao lago todos os domingos.",
    ),
    "dutch": (
        "De winkel op de hoek gaat om negen uur open en sluit om zes uur.",
        "Mijn zus heeft een blauwe fiets gekocht en rijdt elke zondag naar het meer.",
    ),
    "romanian": (
        "Magazinul din colț se deschide la nouă dimineața și se închide la șase.",
        "Sora mea a cumpărat o bicicletă albastră și merge la lac în fiecare duminică.",
    ),
    "turkish": (
        "Köşedeki dükkan sabah dokuzda açılır ve altıda kapanır.",
        "Kız kardeşim mavi bir bisiklet aldı ve her pazar göle gidiyor.",
    ),
    "vietnamese": (
        "Cửa hàng ở góc phố mở cửa lúc chín giờ sáng và đóng cửa lúc sáu giờ.",
        "Chị tôi đã mua một chiếc xe đạp màu xanh và đạp xe ra hồ mỗi chủ nhật.",
    ),
    "russian": (
        "Магазин на углу открывается в девять утра и закрывается в шесть.",
        "Моя сестра купила синий велосипед и каждое воскресенье ездит на озеро.",
    ),
    "greek": (
        "Το μαγαζί στη γωνία ανοίγει στις εννέα το πρωί και κλείνει στις έξι.",
        "Η αδελφή μου αγόρασε ένα μπλε ποδήλατο και πηγαίνει στη λίμνη κάθε Κυριακή.",
    ),
    "arabic": (
        "يفتح المتجر في الزاوية في التاسعة صباحا ويغلق في السادسة.",
        "اشترت أختي دراجة زرقاء وتذهب بها إلى البحيرة كل يوم أحد.",
    ),
    "hindi": (
        "कोने की दुकान सुबह नौ बजे खुलती है और छह बजे बंद होती है।",
        "मेरी बहन ने नीली साइकिल खरीदी है और हर रविवार को झील तक जाती है।",
    ),
    "thai": (
        "ร้านค้าตรงหัวมุมเปิดเก้าโมงเช้าและปิดหกโมงเย็น",
        "พี่สาวของฉันซื้อจักรยานสีฟ้าและขี่ไปทะเลสาบทุกวันอาทิตย์",
    ),
    "chinese": (
        "街角的商店早上九点开门，晚上六点关门。",
        "我姐姐买了一辆蓝色的自行车，每个星期天都骑车去湖边。",
    ),
    "japanese": (
        "角の店は朝九時に開き、夕方六時に閉まる。",
        "姉は青い自転車を買って、毎週日曜日に湖まで走っている。",
    ),
    "korean": (
        "모퉁이에 있는 가게는 아침 아홉 시에 열고 저녁 여섯 시에 닫는다.",
        "우리 언니는 파란 자전거를 사서 일요일마다 호수까지 탄다.",
    ),
}


def everyday_texts(language: str) -> tuple[str, ...]:
    """Sentences about everyday things; English ones for a language that has none here."""
    return EVERYDAY.get(language, EVERYDAY["english"])
