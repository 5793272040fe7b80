"""Each card gets a fact, each review its study day, each schedule a beginning for its replay.

Written in batches beside the service that runs. A fact has the id of the card that it is made of.
What the version before wrote of cards has no events that a replay could use (parameters and fuzz
of then are unknown), so a card's schedule is its `baseline`: reviews from now on follow from it.
"""

import itertools
import unicodedata
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import migrations, transaction

BATCH = 1000
MAX_UNDO = 30
DAY_STARTS_AT = timedelta(hours=4)
SCHEDULE = ["due", "status", "step", "stability", "difficulty", "last_review", "interval"]
SCHEDULE += ["reps", "lapses", "due_day", "last_day"]


def carry(apps, schema_editor):
    """Carry cards, reviews, fits and what could be undone, owner by owner."""
    user = apps.get_model("accounts", "User")
    for owner in user.objects.only("pk", "timezone").order_by("pk").iterator():
        zone = ZoneInfo(owner.timezone)
        _carry_cards(apps, owner.pk, zone)
        _carry_reviews(apps, schema_editor, owner)
        _carry_undo(apps, owner.pk, zone)
    _carry_fits(apps)


def _carry_cards(apps, owner_id, zone):
    card_model, fact_model = (apps.get_model("flashcards", name) for name in ("Flashcard", "Fact"))
    waiting = card_model.objects.filter(owner_id=owner_id, fact=None).order_by("pk")
    while cards := list(waiting[:BATCH]):
        with transaction.atomic():
            fact_model.objects.bulk_create(
                [_as_fact(fact_model, card) for card in cards], ignore_conflicts=True
            )
            made = {card.pk: card.created_at for card in cards}
            facts = fact_model.objects.filter(pk__in=made)
            for fact in facts:
                fact.created_at = made[fact.pk]
            fact_model.objects.bulk_update(facts, ["created_at"])
            for card in cards:
                _settle(card, zone)
            card_model.objects.bulk_update(
                cards, ["fact", "note", "due_day", "last_day", "baseline"]
            )


def _as_fact(fact_model, card):
    texts = [card.term, card.definition, card.context, *card.tags]
    return fact_model(
        id=card.pk,
        owner_id=card.owner_id,
        term=card.term,
        definition=card.definition,
        context=card.context,
        tags=card.tags,
        source=card.source,
        note_id=card.note_id,
        search_text=_fold("\n".join(text for text in texts if text)),
    )


def _fold(text):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _settle(card, zone):
    card.fact_id, card.note_id = card.pk, None
    if card.last_review:
        card.last_day = _study_day(card.last_review, zone)
    if card.interval >= 1:
        card.due_day = _study_day(card.due, zone)
    if card.reps:
        card.baseline = {name: _as_json(getattr(card, name)) for name in SCHEDULE}


def _study_day(moment, zone):
    return (moment.astimezone(zone).replace(tzinfo=None) - DAY_STARTS_AT).date()


def _as_json(value):
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _carry_reviews(apps, schema_editor, owner):
    """Stamp the reviews by the zone of today, as nobody wrote down the zone of then."""
    review_model = apps.get_model("flashcards", "Review")
    waiting = review_model.objects.filter(owner_id=owner.pk, study_day=None).order_by()
    statement = (
        "UPDATE flashcards_review SET study_day = "
        "((reviewed_at AT TIME ZONE %s) - INTERVAL '4 hours')::date WHERE id = ANY(%s)"
    )
    while ids := list(waiting.values_list("pk", flat=True)[:BATCH]):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(statement, [owner.timezone, ids])


def _carry_undo(apps, owner_id, zone):
    """The latest reviews can be taken back as before, now by the steps of all changes."""
    review_model = apps.get_model("flashcards", "Review")
    change_model = apps.get_model("flashcards", "StudyChange")
    if change_model.objects.filter(owner_id=owner_id).exists():
        return
    latest = review_model.objects.filter(owner_id=owner_id).order_by(
        "-reviewed_at", "-created_at", "-id"
    )[:MAX_UNDO]
    for number, review in zip(itertools.count(1), reversed(latest), strict=False):
        with transaction.atomic():
            change = change_model.objects.create(
                id=uuid.uuid4(),
                owner_id=owner_id,
                number=number,
                kind="review",
                cards=1,
                before=_describe_before(review, zone),
            )
            review_model.objects.filter(pk=review.pk).update(change=change)


def _describe_before(review, zone):
    schedule = dict(review.before or {})
    for moment, day in (("last_review", "last_day"), ("due", "due_day")):
        is_known = schedule.get(moment) and (day == "last_day" or schedule["interval"] >= 1)
        schedule[day] = (
            _study_day(datetime.fromisoformat(schedule[moment]), zone).isoformat()
            if is_known
            else None
        )
    baseline = schedule if schedule.get("reps") else None
    row = [str(review.flashcard_id), *(schedule.get(name) for name in SCHEDULE), baseline]
    return {"fields": [*SCHEDULE, "baseline"], "rows": [row], "untag": [], "held": None}


def _carry_fits(apps):
    fit_model, settings_model = (
        apps.get_model("flashcards", name) for name in ("Fit", "StudySettings")
    )
    for old in apps.get_model("flashcards", "LearnerFit").objects.all():
        with transaction.atomic():
            settings_model.objects.update_or_create(
                owner_id=old.owner_id, defaults={"parameters": old.parameters}
            )
            if not fit_model.objects.filter(owner_id=old.owner_id).exists():
                fit = fit_model.objects.create(
                    owner_id=old.owner_id,
                    parameters=old.parameters,
                    reviews=old.reviews,
                    loss=old.loss,
                    default_loss=old.default_loss,
                )
                fit_model.objects.filter(pk=fit.pk).update(created_at=old.fitted_at)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("flashcards", "0002_facts_and_events")]
    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
