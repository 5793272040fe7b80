"""A learner's 100,000 cards and 1,000,000 reviews, others beside, made quickly.

A thousand cards are really studied, day by day, by the scheduler; the others are copies of them
with ids and texts of their own, so that a replay of any card gives what is stored of it. Days are
numbers from today, 0.
"""

import json
import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

DECKS = 20
TEMPLATES, NEW_SHARE = 1000, 0.15
OLDEST = 500  # days since the first review
MAX_REVIEWS = 30  # of a card
PAIRS = 10  # of so many cards two share a fact
WORDS = 5000

FACTS = """COPY flashcards_fact (id, created_at, updated_at, owner_id, kind, term, definition,
    context, fields, tags, category, language, media, guid, search_text) FROM STDIN"""
CARDS = """COPY made (card_id, fact_id, owner_id, deck_id, ordinal, template, number) FROM STDIN"""
MADE = """CREATE TEMPORARY TABLE made (card_id uuid, fact_id uuid, owner_id uuid, deck_id uuid,
    ordinal int, template int, number int)"""
STUDIED = """CREATE TEMPORARY TABLE studied (template int, schedule jsonb, began timestamptz);
    CREATE TEMPORARY TABLE rated (template int, rating int, at timestamptz, day date, ms int,
    state text, elapsed float8, scheduled float8)"""
COPY_CARDS = """INSERT INTO flashcards_flashcard (id, created_at, updated_at, owner_id, fact_id,
    ordinal, deck_id, has_siblings, is_suspended, is_leech, status, step, stability, difficulty,
    due, due_day, last_review, last_day, interval, reps, lapses)
    SELECT made.card_id, began + number * interval '1 millisecond', now(), made.owner_id,
    made.fact_id, made.ordinal, made.deck_id, number %% %(pairs)s < 2, number %% 97 = 0,
    number %% 211 = 0, s.status, s.step, s.stability, s.difficulty,
    CASE s.status WHEN 'new' THEN began + number * interval '1 millisecond' ELSE s.due END,
    s.due_day, s.last_review, s.last_day, s.interval, s.reps, s.lapses
    FROM made JOIN studied USING (template),
    jsonb_populate_record(NULL::flashcards_flashcard, schedule) AS s"""
COPY_REVIEWS = """INSERT INTO flashcards_review (id, created_at, updated_at, owner_id, flashcard_id,
    rating, reviewed_at, study_day, duration_ms, options_id, elapsed_days, scheduled_days, state)
    SELECT gen_random_uuid(), at, at, owner_id, card_id, rating, at, day, ms, %(options)s, elapsed,
    scheduled, state FROM made JOIN rated USING (template) WHERE number %% %(every)s = 0"""


@dataclass(frozen=True)
class Library:
    """A learner, the decks, and how many cards and reviews there are of that learner."""

    owner: Any
    decks: list[Any]
    cards: int
    reviews: int


def make_library(*, cards: int, others: int, others_cards: int) -> Library:
    """The learner with so many cards, and others with theirs."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    owner = get_user_model().objects.create_user("heavy", password="a long password")
    learners = [get_user_model()(username=f"other-{number}") for number in range(others)]
    get_user_model().objects.bulk_create(learners)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers: rows of ours alone
        cursor.execute(STUDIED)
        options = _study_templates(cursor, owner)
        decks = _fill(cursor, [owner], cards, options, every=1, decks=DECKS)
        _fill(cursor, learners, others_cards, options, every=10, decks=2)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SELECT record_old_rows('flashcards_flashcard')")
        cursor.execute("SELECT count(*) FROM flashcards_review WHERE owner_id = %s", [owner.pk])
        reviews = cursor.fetchone()[0]
        cursor.execute("VACUUM ANALYZE")
    return Library(owner, decks, cards, reviews)


def find_library() -> Library | None:
    """The library of an earlier run, if this database has one."""
    from django.contrib.auth import get_user_model

    from flashcards.models import Deck, Flashcard, Review

    owner = get_user_model().objects.filter(username="heavy").first()
    if owner is None:
        return None
    decks = sorted(Deck.objects.filter(owner=owner), key=lambda deck: int(deck.name.split()[1]))
    counts = (model.objects.filter(owner=owner).count() for model in (Flashcard, Review))
    return Library(owner, decks, *counts)


def _study_templates(cursor: Any, owner: Any) -> int:
    """Study the templates into temporary tables. Returns: the id of the options."""
    from flashcards.scheduling import Options
    from flashcards.services.options import store_options

    options = Options(is_fuzzed=False)
    chance = random.Random(20_261_125)
    with cursor.copy("COPY studied FROM STDIN") as copy:
        studied = [_study(number, options, chance) for number in range(TEMPLATES)]
        for number, (schedule, began, _) in enumerate(studied):
            copy.write_row([number, json.dumps(schedule.to_json()), began])
    with cursor.copy("COPY rated FROM STDIN") as copy:
        for number, (_, _, reviews) in enumerate(studied):
            for row in reviews:
                copy.write_row([number, *row])
    return store_options(owner, [options])[options]


def _study(number: int, options: Any, chance: random.Random) -> tuple[Any, datetime, list[Any]]:
    """One card's life until yesterday: its schedule, when it was made, its reviews."""
    from django.utils import timezone

    from flashcards.days import Calendar, zoneinfo
    from flashcards.memory import Memory
    from flashcards.scheduling import Event, Rating, Schedule, schedule_event

    calendar, now = Calendar(zoneinfo.ZoneInfo("UTC")), timezone.now()
    today = calendar.day_of(now)
    day = today - timedelta(days=chance.randint(1, OLDEST))
    made_at = calendar.start_of(day)
    schedule, reviews, at = (
        Schedule(due=made_at),
        [],
        made_at + timedelta(hours=chance.random() * 12),
    )
    if number >= (1 - NEW_SHARE) * TEMPLATES:
        return schedule, made_at, []
    while calendar.day_of(at) < today and len(reviews) < MAX_REVIEWS:
        day, rating = calendar.day_of(at), Rating.GOOD
        waited = (day - schedule.last_day).days if schedule.last_day else 0
        recall = Memory().recall(waited, schedule.stability) if schedule.stability else 0.6
        rating = (
            Rating(chance.choices([2, 3, 4], [2, 7, 1])[0])
            if chance.random() < recall
            else Rating.AGAIN
        )
        after = schedule_event(
            schedule, Event(uuid.UUID(int=0), rating, at, day, options),
            card_id=uuid.UUID(int=number), calendar=calendar,
        )  # fmt: skip
        milliseconds = int(chance.lognormvariate(9, 0.5))
        reviews.append(
            [int(rating), at, day, milliseconds, schedule.status, max(waited, 0), after.interval]
        )
        schedule = after
        late = chance.random() * 12 + 24 * (chance.random() < 0.1) * chance.randint(1, 4)
        at = max(after.due, at) + timedelta(hours=late if after.due_day else 0.02)
    return schedule, made_at, reviews


def _fill(
    cursor: Any, owners: list[Any], count: int, options: int, *, every: int, decks: int
) -> list[Any]:
    """So many cards for each of the owners. Returns: the decks."""
    from flashcards.models import Deck

    made = [
        Deck(owner=owner, name=f"Deck {number}", name_key=f"deck {number}")
        for owner in owners
        for number in range(decks)
    ]
    Deck.objects.bulk_create(made)
    chance = random.Random(count)
    cursor.execute("DROP TABLE IF EXISTS made; " + MADE)
    facts = [(place, fact) for place in range(len(owners)) for fact in _plan_facts(count)]
    with cursor.copy(FACTS) as copy:
        for place, (fact_id, ordinal) in facts:
            if ordinal == 0:
                copy.write_row(_write_fact(fact_id, owners[place], chance))
    with cursor.copy(CARDS) as copy:
        for number, (place, (fact_id, ordinal)) in enumerate(facts):
            # Two cards of a fact are of one deck, of templates of their own.
            deck = made[place * decks + number // PAIRS % decks]
            ids = [uuid.uuid4(), fact_id, owners[place].pk, deck.pk]
            copy.write_row([*ids, ordinal, chance.randrange(TEMPLATES), number])
    cursor.execute(COPY_CARDS, {"pairs": PAIRS})
    cursor.execute(COPY_REVIEWS, {"options": options, "every": every})
    return made


def _plan_facts(count: int) -> list[tuple[uuid.UUID, int]]:
    """The fact and the ordinal of each card."""
    planned: list[tuple[uuid.UUID, int]] = []
    for number in range(count):
        is_second = number % PAIRS == 1
        planned.append((planned[-1][0], 1) if is_second else (uuid.uuid4(), 0))
    return planned


def _write_fact(fact_id: uuid.UUID, owner: Any, chance: random.Random) -> list[Any]:
    # Of words the n-th is n times rarer than the first, as in texts.
    words = [f"{_word(int(WORDS ** chance.random()))}" for _ in range(18)]
    term, definition = " ".join(words[:3]), " ".join(words[3:])
    tag = f"tag-{chance.randrange(50)}"
    now = datetime.now().astimezone()
    kind = "basic"
    text = f"{term}\n{definition}\n{tag}"
    return [
        fact_id,
        now,
        now,
        owner.pk,
        kind,
        term,
        definition,
        "",
        "{}",
        "{" + tag + "}",
        "",
        "",
        "[]",
        "",
        text,
    ]


def _word(number: int) -> str:
    """A word of syllables, the same for the same number."""
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    chosen = random.Random(number)
    return "".join(chosen.choice(syllables) for _ in range(2 + number % 3))


def export(library: Library, path: Path) -> None:
    """The learner's cards and reviews, as lines of JSON, for a peer."""
    from django.db import connection
    from django.utils import timezone

    from flashcards.days import calendar_of

    today = calendar_of(library.owner).day_of(timezone.now())
    with connection.cursor() as cursor, path.open("w") as out:
        cursor.execute(
            "SELECT c.id, d.name, status, due_day, c.interval, reps, lapses, stability, difficulty,"
            " f.term, f.definition, is_suspended, last_day FROM flashcards_flashcard c"
            " JOIN flashcards_fact f ON f.id = fact_id JOIN flashcards_deck d ON d.id = deck_id"
            " WHERE c.owner_id = %s",
            [library.owner.pk],
        )
        for row in cursor:
            out.write(json.dumps(["card", *map(_plain, row)]) + "\n")
        cursor.execute(
            "SELECT flashcard_id, rating, (extract(epoch from reviewed_at) * 1000)::bigint,"
            " scheduled_days, state, duration_ms FROM flashcards_review WHERE owner_id = %s",
            [library.owner.pk],
        )
        for row in cursor:
            out.write(json.dumps(["review", *map(_plain, row)]) + "\n")
        out.write(json.dumps(["today", today.isoformat()]) + "\n")


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, date)
        else str(value)
        if isinstance(value, uuid.UUID)
        else value
    )
