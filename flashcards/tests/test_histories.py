"""Properties over HTTP: two devices in any order, random histories replayed, thirty undos."""

import itertools
import random
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ApiClient
from flashcards.models import Deck, Fact, Flashcard, Review, StudyChange, StudySettings
from flashcards.tests.cards import CARDS, DAY, hand_in, make_card, make_learned, rate, undo
from learningaier.accounts.models import User

HISTORY = 40  # days
few = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
UNTOUCHED = {"updated_at"}


def states(owner):
    """All columns of all cards and decks, the settings, and the tags of facts."""
    told = [
        [{name: row[name] for name in row.keys() - UNTOUCHED} for row in rows]
        for rows in (
            Flashcard.objects.filter(owner=owner).order_by("pk").values(),
            Deck.objects.filter(owner=owner).order_by("pk").values(),
            StudySettings.objects.filter(owner=owner).values(),
        )
    ]
    return told, list(Fact.objects.filter(owner=owner).order_by("pk").values_list("pk", "tags"))


def derived(owner):
    """What stands in the reviews that count."""
    names = ("pk", "state", "elapsed_days", "scheduled_days", "study_day")
    return list(Review.objects.owned_by(owner).order_by("pk").values_list(*names))


def age(owner, days=HISTORY):
    """Let the owner's new cards be so many days old."""
    made = timezone.now() - days * DAY
    Flashcard.objects.filter(owner=owner, status="new").update(created_at=made, due=made)


def check_replay():
    call_command("rebuild_schedule", "--check", stdout=StringIO())


# A device hands in three batches; a review is (card, minutes since the start, rating).
entries = st.tuples(st.integers(0, 1), st.integers(0, HISTORY * 24 * 60 - 60), st.integers(1, 4))
batches = st.lists(st.lists(entries, min_size=1, max_size=3), min_size=3, max_size=3)


@few
@given(first=batches, second=batches)
def test_two_devices_that_were_offline_give_one_state_in_every_interleaving(db, first, second):
    owner = User.objects.create_user(f"owner-{uuid.uuid4()}")
    deck = Deck.objects.create(owner=owner, name="d", leech_threshold=2, leech_suspends=True)
    cards = [make_card(owner, deck=deck), make_card(owner, deck=deck)]
    age(owner)
    api, start = ApiClient(owner), timezone.now() - HISTORY * DAY

    def as_batch(entries):
        return [
            {"id": str(uuid.uuid4()), "flashcard_id": str(cards[card].pk), "rating": rating,
             "reviewed_at": (start + timedelta(minutes=at)).isoformat()}
            for card, at, rating in entries
        ]  # fmt: skip

    devices = [[as_batch(entries) for entries in device] for device in (first, second)]
    found = []
    for places in itertools.combinations(range(6), 3):
        waiting = [iter(devices[0]), iter(devices[1])]
        with transaction.atomic():
            for place in range(6):
                batch = next(waiting[0 if place in places else 1])
                assert hand_in(api, batch)["accepted"] == len(batch)
            found.append((states(owner), derived(owner)))
            transaction.set_rollback(True)
    assert all(one == found[0] for one in found)


class Life:
    """A learner who does whatever can be done, by a draw that a seed decides."""

    def __init__(self, seed):
        self.luck = random.Random(seed)
        self.owner = User.objects.create_user(f"owner-{seed}")
        self.api, self.phone = ApiClient(self.owner), ApiClient(self.owner)
        StudySettings.objects.create(owner=self.owner)
        deck = Deck.objects.create(
            owner=self.owner, name="Deck", leech_threshold=2, leech_suspends=True
        )
        for _ in range(3):
            make_card(self.owner, deck=deck)
            make_card(self.owner)
        age(self.owner)
        make_learned(self.owner, deck=deck)
        make_learned(self.owner, days=9, ahead=2)
        self.ids = list(Flashcard.objects.filter(owner=self.owner).values_list("pk", flat=True))

    @property
    def actions(self):
        return [
            self.review, self.review, self.review_offline, self.cram, self.mark, self.move,
            self.bulk, self.plan,
        ]  # fmt: skip

    def step(self):
        """Do anything; whether it can be taken back."""
        return self.luck.choice(self.actions)()

    def pick(self):
        return Flashcard.objects.get(pk=self.luck.choice(self.ids))

    def review(self):
        rate(self.api, self.pick(), self.luck.randint(1, 4))
        return True

    def cram(self):
        rate(self.api, self.pick(), self.luck.randint(1, 4), reschedule=False)
        return True

    def review_offline(self):
        now = timezone.now()
        reviews = [
            {"id": str(uuid.UUID(int=self.luck.getrandbits(128))),
             "flashcard_id": str(self.pick().pk), "rating": self.luck.randint(1, 4),
             "reviewed_at": (now - self.luck.random() * (HISTORY - 1) * DAY).isoformat()}
            for _ in range(self.luck.randint(1, 4))
        ]  # fmt: skip
        return hand_in(self.phone, reviews)["accepted"] > 0

    def mark(self):
        action = self.luck.choice(["suspend", "unsuspend", "bury", "unbury", "flag"])
        body = {"flag": self.luck.randint(0, 7)} if action == "flag" else None
        return self._post(f"{self.pick().pk}/{action}", body)

    def move(self):
        action = self.luck.choice(["forget", "set-due"])
        body = {"days": self.luck.randint(0, 60)} if action == "set-due" else None
        return self._post(f"{self.pick().pk}/{action}", body)

    def bulk(self):
        ids = [str(pk) for pk in self.luck.sample(self.ids, 4)]
        action = self.luck.choice(["forget", "set_due", "bury", "suspend", "unsuspend"])
        body = {"days": self.luck.randint(0, 60)} if action == "set_due" else {}
        return self._post("bulk", {"action": action, "ids": ids, **body})

    def plan(self):
        first = timezone.now().date() + self.luck.randint(2, 20) * DAY
        kind = self.luck.choice(
            [
                {"kind": "catch_up", "days": self.luck.randint(1, 9)},
                {"kind": "retention", "desired_retention": self.luck.choice([0.8, 0.95])},
                {"kind": "exam", "deck": "Deck", "exam_date": str(first)},
                {"kind": "break", "start": str(first), "end": str(first + 5 * DAY)},
            ]
        )
        made = self.api.post(f"{CARDS}/plans", kind)
        assert made.status_code == 201, made.content
        return self._post(f"plans/{made.json()['id']}/apply", None)

    def travel(self):
        zone = self.luck.choice(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
        response = self.api.patch(
            "/api/me", {"timezone": zone, "day_starts_at": self.luck.randint(0, 23)}
        )
        assert response.status_code == 200, response.content

    def _post(self, path, body):
        response = self.api.post(f"{CARDS}/{path}", body)
        assert response.status_code == 200, response.content
        return True


@pytest.mark.parametrize("seed", range(3))
def test_a_replay_of_random_histories_differs_nowhere(db, seed):
    life = Life(seed)
    for number in range(30):
        life.step()
        if life.luck.random() < 0.15:
            undo(life.phone)
        if number % 10 == 9:
            life.travel()
    check_replay()


@pytest.mark.parametrize("seed", range(4, 6))
def test_thirty_steps_of_any_kind_are_taken_back_exactly_in_another_zone_too(db, seed):
    """The zone changes by up to 26 hours, so the study day turns between a step and its undo."""
    life, before = Life(seed), []
    while len(before) < 30:
        state = states(life.owner)
        if life.step():
            before.append(state)
    for number, state in enumerate(reversed(before)):
        if number % 7 == 0:
            life.travel()
        undo(ApiClient(life.owner))
        assert states(life.owner) == state
    assert life.api.post(f"{CARDS}/undo").status_code == 409
    assert not Review.objects.owned_by(life.owner).exists()
    assert StudyChange.objects.filter(undone_at=None).count() == 0
    check_replay()


def test_the_thirty_first_step_back_is_refused(api, owner):
    card = make_card(owner)
    for flag in range(31):
        api.post(f"{CARDS}/{card.pk}/flag", {"flag": 1 + flag % 7})
    for _ in range(30):
        undo(api)
    assert api.post(f"{CARDS}/undo").status_code == 409
    assert Flashcard.objects.get().flag == 1


def test_what_is_undone_stays_as_an_event_and_its_id_stays_known(api, owner):
    card = make_card(owner)
    review_id = str(uuid.uuid4())
    rate(api, card, 3, id=review_id)
    undo(api)
    assert api.get(f"{CARDS}/reviews").json() == []
    assert Review.events.get(pk=review_id).undone_at is not None
    rate(api, card, 3, id=review_id)
    assert Flashcard.objects.get().reps == 0


def test_cards_that_nobody_has_touched_are_as_their_replay_says(api, owner):
    api.post(CARDS, {"term": "t", "definition": "d", "kind": "reversed"})
    cloze = api.post(CARDS, {"term": "{{c1::a}} {{c2::b}}", "kind": "cloze"}).json()
    api.patch(f"{CARDS}/{cloze['id']}", {"term": "{{c1::a}} {{c3::b}}"})
    api.post(f"{CARDS}/batch", [{"op": "create", "term": "t", "definition": "d"}])
    undone = make_card(owner)
    rate(api, undone, 3)
    undo(api)
    check_replay()


@pytest.mark.parametrize("cards", [1, 40])
def test_an_undo_costs_as_many_queries_for_many_cards_as_for_one(
    api, owner, cards, django_assert_max_num_queries
):
    made = [make_learned(owner) for _ in range(cards)]
    at = timezone.now() - timedelta(hours=1)
    hand_in(api, [
        {"id": str(uuid.uuid4()), "flashcard_id": str(card.pk), "rating": 3,
         "reviewed_at": at.isoformat()} for card in made
    ])  # fmt: skip
    with django_assert_max_num_queries(16):
        assert undo(api)["undone"]["cards"] == cards
