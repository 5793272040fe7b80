"""SM-2's ease factor, for clients that show one. A pure module."""

MAX_EASE, MIN_EASE, DEFAULT_EASE = 3.3, 1.3, 2.5


def derive_ease_factor(difficulty: float | None) -> float:
    """An SM-2 ease factor for clients that show one; FSRS has none and never reads it.

    Difficulty 1 (easiest) to 10 (hardest) mapped linearly onto 3.3 to 1.3, the range in which
    SM-2's factors live; 2.5, with which SM-2 begins, before the first review.
    """
    if difficulty is None:
        return DEFAULT_EASE
    return round(MAX_EASE - (difficulty - 1) / 9 * (MAX_EASE - MIN_EASE), 4)
