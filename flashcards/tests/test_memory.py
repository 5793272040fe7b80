"""The model of memory over arrays is that of py-fsrs."""

import random
from datetime import UTC, datetime, timedelta

import fsrs
import numpy as np
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS

from flashcards.memory import Memory

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OTHER = (
    0.1456, 0.4186, 1.1104, 4.1315, 5.2417, 1.3098, 0.8975, 0.0010, 1.5674, 0.0567, 0.9661,
    2.0275, 0.1592, 0.2446, 1.5071, 0.2272, 2.8755, 1.234, 0.56789, 0.1437, 0.2,
)  # fmt: skip


@pytest.mark.parametrize("parameters", [None, OTHER])
@pytest.mark.parametrize("retention", [0.7, 0.9, 0.97])
def test_memory_over_arrays_is_that_of_py_fsrs(parameters, retention):
    chance, count = random.Random(5), 300
    theirs = fsrs.Scheduler(
        parameters or DEFAULT_PARAMETERS, retention, (), (), enable_fuzzing=False
    )
    memory = Memory(parameters)
    cards = [fsrs.Card(card_id=1, due=NOW) for _ in range(count)]
    moments = [NOW] * count
    stability = difficulty = None
    for number in range(8):
        days = [chance.choice([0, 1, 3, 20, 200]) for _ in cards]
        ratings = [chance.choice([1, 2, 3, 3, 4]) for _ in cards]
        moments = [at + timedelta(days=wait) for at, wait in zip(moments, days, strict=True)]
        recall = [
            theirs.get_card_retrievability(card, at)
            for card, at in zip(cards, moments, strict=True)
        ]
        cards = [
            theirs.review_card(card, fsrs.Rating(rating), at)[0]
            for card, rating, at in zip(cards, ratings, moments, strict=True)
        ]
        rated, waited = np.asarray(ratings), np.asarray(days, float)
        if number == 0:
            stability, difficulty = memory.begin(rated)
        else:
            assert memory.recall(waited, stability) == pytest.approx(recall, rel=1e-12)
            stability, difficulty = memory.review(stability, difficulty, waited, rated)
        assert stability == pytest.approx([card.stability for card in cards], rel=1e-9)
        assert difficulty == pytest.approx([card.difficulty for card in cards], rel=1e-9)
        assert list(memory.interval(stability, retention)) == [
            (card.due - at).days for card, at in zip(cards, moments, strict=True)
        ]
