"""The cards of the demo deck."""

DECK = "Cell biology"
CARDS = [
    ("Thylakoid", "The membrane sac inside a chloroplast that holds the light reactions."),
    ("ATP", "Adenosine triphosphate, the molecule that carries energy to where a cell needs it."),
    ("Calvin cycle", "The reactions in the stroma that fix carbon dioxide into sugar."),
    ("Mitosis", "The division of a nucleus into two with the same chromosomes."),
    ("Meiosis", "The two divisions that halve the number of chromosomes, for eggs and sperm."),
    (
        "Osmosis",
        "The movement of water through a membrane towards the higher solute concentration.",
    ),
    ("Enzyme", "A protein that speeds up a reaction by lowering its activation energy."),
    ("Ribosome", "The particle that builds proteins by reading messenger RNA."),
]
