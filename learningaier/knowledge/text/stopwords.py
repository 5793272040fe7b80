"""Words a question is made of but not about; removed from questions only, never from the index.

The same lists tell languages apart. Each is written as `normalise` leaves words.
"""

from learningaier.knowledge.text.folding import fold, normalise

ENGLISH = frozenset(
    """
    a an the this that these those there here it its he his him she her they them their we
    our you your i me my what which who whom whose when where why how is are was were be
    been being am do does did done has have had having can could may might must shall should
    will would of in on at by for with from to into onto upon about as than then and or but
    if so because while during also such not no nor too very just only any some all each
    both either neither own same other another many much more most few less over under
    between through after before until among within without around out up down use used
    using often usually still also ever please tell explain describe define give name called
    's don't doesn't didn't isn't aren't wasn't weren't
    """.split()
)

_OTHERS = {
    "german": """
        der die das den dem des ein eine einer eines einem einen und oder aber ist sind war
        waren wird werden wurde wurden hat haben hatte hatten sein seine ihr ihre er sie es
        wir in im an am auf aus bei mit nach von vom zu zum zur für um durch über unter als
        auch nicht wie was wer wen wem wessen wann wo woher wohin warum wieso weshalb welche
        welcher welches welchen welchem wieviel viele man dass
    """,
    "french": """
        le la les l un une des de du d et ou mais est sont était furent fut a ont avait il
        elle ils elles on ce cette ces son sa ses leur leurs dans en au aux par pour sur
        avec sans sous qui que quoi dont où quand comment pourquoi quel quelle quels quelles
        combien ne pas plus qu'est-ce est-ce se s y qu c n
    """,
    "spanish": """
        el la los las un una unos unas de del y o pero es son era eran fue fueron ha han
        había hay se su sus lo le les en al por para con sin sobre entre que qué quién quien
        quiénes cuándo dónde cómo cuál cuáles cuánto cuántos cuánta cuántas no como más
    """,
    "italian": """
        il lo la i gli le un uno una di del della dei delle e o ma è sono era erano fu ha
        hanno che chi cosa quando dove come perché quale quali quanto quanti quante in nel
        nella a al alla da dal per con su si non nei nelle negli agli sul sulla questo questa
        questi queste quello quella anche più suo sua suoi loro essere stato stata molto ogni tra
    """,
    "portuguese": """
        o a os as um uma de do da dos das e ou mas é são era eram foi foram tem que quem
        quando onde como porque qual quais quanto quantos quantas em no na nos nas ao por
        para com se não ele ela eles elas pelo pela pelos pelas num numa também está estão
        seu sua seus suas isso isto esse essa este esta estes estas mais muito já até entre
        depois cada outro outra há às à aos você ser
    """,
    "dutch": """
        de het een en of maar is zijn was waren wordt werd werden heeft hebben had in op aan
        bij met van voor door over naar uit te dat die dit deze wat wie waar wanneer waarom
        hoe welke welk hoeveel niet er zich hij zij ze hun haar deze worden kan ook dan nog
        tussen
    """,
    "romanian": """
        și si a ai al ale am ar are as aș au avea avut acest această aceasta acestei aceste
        acestor aceștia ca că care cărei cărui căror ce cel cea cei cele cine cui când cum
        cât câți câte câtă cu de despre din dintre dintr printre dar dacă după ea ei el ele
        este era erau fi fost fără în într între la le lor lui mai mult multe mulți nu o pe
        peste pentru prin până sau se s sunt să sa său sale săi sub un una unei unui unde
        unor iar nici deci decât doar toate toți tot fiecare îl îi își numește numit
    """,
    "turkish": """
        ve ile bir bu şu o da de ki mi mı mu mü için gibi kadar daha en çok ne nedir nerede
        nereye nereden neden niçin niye nasıl kim kimdir kime kimi kimin hangi hangisi
        hangileri kaç zaman olan olarak olduğu oldu olur olmuştur olduğunu idi ise değil var
        yok her hiç bazı tüm bütün ama fakat ancak veya ya hem sonra önce göre tarafından
        kaçtır nelerdir vardır eden etti edilir edildi ettiği denir diğer kendi onun onlar
        biz siz ben sen ona onu bunu bunun
    """,
    "vietnamese": """
        và của là có được trong cho với những các một này đó đã đang sẽ không như khi để từ
        đến ở bởi vì nên hay hoặc về theo trên dưới tại ra vào lên xuống thì mà nào gì đâu
        bao nhiêu giờ lâu sao thế ai nó họ ta cũng rất hơn nhất nhiều mấy mỗi bị do rằng sau
        trước giữa vẫn chỉ còn nếu việc cái hãy tên
    """,
    "swedish": """
        och att det som en ett är var på för med av den till inte om men han hon de vi ni
        från vad vem vilken vilket vilka när hur varför hade har kan blev eller så ska
    """,
    "danish": """
        og at det som en et er var på for med af den til ikke om men han hun de vi fra hvad
        hvem hvilken hvilket hvilke hvornår hvordan hvorfor hvor havde har kan blev eller
    """,
    "norwegian": """
        og at det som en et er var på for med av den til ikke om men han hun de vi fra hva
        hvem hvilken hvilket hvilke når hvordan hvorfor hvor hadde har kan ble eller
    """,
    "finnish": """
        ja on oli ei että se hän joka mikä mitä kuka missä milloin miten miksi kuinka ovat
        olivat mutta tai kun niin myös sen ollut sekä jotka
    """,
    "polish": """
        i w z na do nie że jest się jak to co kto kiedy gdzie dlaczego który która które są
        był była było były przez dla od po za oraz ale lub jego jej ich ile
    """,
    "czech": """
        a v z na do ne že je se jak to co kdo kdy kde proč který která které jsou byl byla
        bylo byly pro od po za ale nebo jeho její jejich kolik ve ze
    """,
    "hungarian": """
        a az és hogy nem is egy van volt ki mi mit mikor hol miért hogyan melyik milyen
        hány de vagy ez meg mint
    """,
    "indonesian": """
        yang dan di dari untuk dengan pada adalah ini itu tidak dalam oleh ke sebagai apa
        siapa kapan mana mengapa bagaimana berapa atau juga
    """,
    "russian": """
        и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по
        только ее ей мне было вот от меня еще нет о об из ему теперь когда даже ну ли если
        уже или ни быть был него до вас там потом себя они тут где есть надо для мы тебя их
        чем была были сам чтоб чтобы без будто чего тоже себе под будет тогда кто этот эта
        это эти того тому потому этого этой этом какой какая какие какое каким какую каких
        какими каком ним здесь всех можно при после над через нас про всего много эту свою
        свой перед между который которая которое которые которого которой которых которым
        сколько почему зачем кем кому кого чему чья чей чьи является являются называется
        называют также
    """,
    "greek": """
        ο η το οι τα του της των τον την τους τις τη και κι ή να θα δεν δε μη μην με σε από
        για προς παρά κατά μετά χωρίς ως όπως είναι ήταν έχει έχουν είχε είχαν που πού πότε
        πώς πως ποιος ποια ποιο ποιοι ποιες ποιους ποιον ποιου ποιας τι γιατί πόσο πόσοι
        πόσες πόσα πόση πόσος στο στη στην στον στα στις στους στου ένα ένας μια μία ενός
        μιας αυτό αυτός αυτή αυτά αυτές αυτοί αυτού αυτής αλλά αν όταν ενώ επίσης μόνο πολύ
        πιο κάθε οποία οποίο οποίος οποίες οποίοι οποίων ότι ονομάζεται λέγεται
    """,
    "arabic": """
        من في على إلى عن أن إن كان كانت يكون هذا هذه ذلك تلك التي الذي الذين ما ماذا متى
        أين كيف لماذا هل كم أي أية هو هي هم نحن مع أو ثم لا لم لن قد كل بعض غير بين عند
        عندما بعد قبل حتى منذ خلال حول كما لكن و ل ب به بها له لها لهم فيه فيها عليه عليها
        منه منها تم يتم كانوا وما ومن لمن بم مما
    """,
    "persian": """
        از در به که این آن را با برای است بود شد می تا بر یا هم چه کی کجا چرا چگونه چند
        کدام چیست کیست های ها و
    """,
    "hindi": """
        का के की को में से है हैं था थे थी और एक यह वह ये वे इस उस इन उन पर ने तो भी ही
        नहीं कि जो कौन क्या कब कहाँ कहां कैसे क्यों किस किसने किसे किसके किसका किसकी कितने
        कितना कितनी कौनसा कौनसी सा सी द्वारा लिए साथ बाद पहले तक अपने अपनी अपना होता होती
        होते हो हुआ हुई हुए कर करता करते करती किया किए की कुछ सब बहुत जब तब यदि या लेकिन
        गया गई गए जाता जाती जाते रहा रहे रही इसके उसके उनके इसकी उनकी उसका उसकी जिस जिसे
        जिसने जिसके कोई
    """,
}


def _read(listed: str) -> frozenset[str]:
    return frozenset(normalise(listed).split())


# By language without those of English, which questions have too; English keeps its own.
FUNCTION_WORDS = {language: _read(listed) for language, listed in _OTHERS.items()} | {
    "english": ENGLISH
}
_ALL = {language: ENGLISH | own for language, own in FUNCTION_WORDS.items()}
# Vietnamese is typed without its tones too.
TONELESS = frozenset(fold(word) for word in FUNCTION_WORDS["vietnamese"])

EVERY = frozenset[str]().union(*_ALL.values()) - {"ai", "ta", "ben"}


def stopwords(language: str) -> frozenset[str]:
    """English ones always: questions are often English even where the notes are not."""
    return _ALL.get(language, ENGLISH)
