"""FSRS-6's 21 parameters in words.

A pure module. Source: https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm.
"""

from dataclasses import dataclass

from fsrs.scheduler import DEFAULT_PARAMETERS

from flashcards.scheduling import Parameters

MEANINGS = (
    "days until recall falls to 90 % after a first Again",
    "days until recall falls to 90 % after a first Hard",
    "days until recall falls to 90 % after a first Good",
    "days until recall falls to 90 % after a first Easy",
    "difficulty after a first Again",
    "how much a better first rating makes a card easier",
    "how much each rating changes the difficulty",
    "how strongly difficulty is drawn back to an easy card's",
    "how much a review that is remembered adds to stability",
    "how much less it adds where stability is high already",
    "how much more it adds where recall had become unlikely",
    "stability that is left after forgetting",
    "how much less is left of difficult cards",
    "how much more is left of stable cards",
    "how much more is left where recall had become unlikely",
    "how much less than Good a Hard adds",
    "how much more than Good an Easy adds",
    "how much another review on the same day changes stability",
    "from which rating on a review on the same day helps",
    "how much less it helps where stability is high already",
    "how fast recall falls with time",
)
RATINGS = ("Again", "Hard", "Good", "Easy")


@dataclass(frozen=True)
class Parameter:
    """One of the 21: `name` w0 to w20, its value, that of FSRS itself, and what it means."""

    name: str
    value: float
    default: float
    meaning: str


def list_parameters(parameters: Parameters | None) -> list[Parameter]:
    """The 21 with their meanings; None: FSRS' own."""
    rows = zip(parameters or DEFAULT_PARAMETERS, DEFAULT_PARAMETERS, MEANINGS, strict=True)
    return [Parameter(f"w{place}", *row) for place, row in enumerate(rows)]


def summarize(parameters: Parameters | None) -> list[str]:
    """What is most telling about how someone forgets, in sentences."""
    found = parameters or DEFAULT_PARAMETERS
    return [
        f"After a first {rating} recall falls to 90 % in {_days(found[place])} "
        f"(usual: {_days(DEFAULT_PARAMETERS[place])})."
        for place, rating in enumerate(RATINGS)
    ]


def _days(days: float) -> str:
    return f"{days:.1f} days" if days >= 1 else f"{days * 24:.0f} hours"
