"""Forms of English verbs and nouns that no stemmer brings together: wrote, write."""

# The base first. Left out is what is a common word of its own: saw, left, found, lay, felt, bore.
_LISTED = """
    arise arose arisen; become became; begin began begun; bite bit bitten; blow blew blown;
    break broke broken; bring brought; build built; buy bought; catch caught; choose chose chosen;
    come came; creep crept; deal dealt; dig dug; draw drew drawn; drink drank drunk;
    drive drove driven; eat ate eaten; fall fell fallen; feed fed; fight fought; flee fled;
    fly flew flown; forbid forbade forbidden; forget forgot forgotten; freeze froze frozen;
    give gave given; go went gone; grow grew grown; hang hung; hear heard; hide hid hidden;
    hold held; keep kept; know knew known; lead led; lend lent; lose lost;
    make made; mean meant; meet met; pay paid; ride rode ridden; rise rose risen; run ran;
    say said; seek sought; sell sold; send sent; shake shook shaken; shoot shot; show shown;
    shrink shrank;
    sing sang sung; sink sank sunk; sit sat; sleep slept; speak spoke spoken; spend spent;
    spring sprang sprung; stand stood; steal stole stolen; stick stuck; strike struck;
    swear swore sworn; sweep swept; swim swam swum; take took taken; teach taught; tear tore torn;
    tell told; think thought; throw threw thrown; understand understood; wake woke woken;
    wear wore worn; weave wove woven; win won; write wrote written; withdraw withdrew withdrawn;
    child children; foot feet; goose geese; man men; mouse mice; tooth teeth;
    woman women; wolf wolves; half halves; life lives; wife wives; ox oxen
"""
BASES = {form: group.split()[0] for group in _LISTED.split(";") for form in group.split()[1:]}
