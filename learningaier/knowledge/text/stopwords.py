"""Words a question is made of but not about; removed from questions only, never from the index."""

ENGLISH = frozenset(
    """
    a an the this that these those there here it its he him his she her they them their we
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
        welcher welches welchen wieviel viele man dass
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
        nella a al alla da dal per con su si non
    """,
    "portuguese": """
        o a os as um uma de do da dos das e ou mas é são era eram foi foram tem que quem
        quando onde como porque qual quais quanto quantos quantas em no na nos nas ao por
        para com se não
    """,
    "dutch": """
        de het een en of maar is zijn was waren wordt werd werden heeft hebben had in op aan
        bij met van voor door over naar uit te dat die dit deze wat wie waar wanneer waarom
        hoe welke welk hoeveel niet er zich
    """,
}
# By language without those of English, which questions have too; English keeps its own.
OWN = {language: frozenset(listed.split()) for language, listed in _OTHERS.items()} | {
    "english": ENGLISH
}

_ALL = {language: ENGLISH | frozenset(listed.split()) for language, listed in _OTHERS.items()}

EVERY = frozenset[str]().union(*_ALL.values())


def stopwords(language: str) -> frozenset[str]:
    """English ones always: questions are often English even where the notes are not."""
    return _ALL.get(language, ENGLISH)
