"""Many cards at once."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from flashcards.serializers.cards import (
    MAX_BATCH,
    BatchSerializer,
    FlashcardSerializer,
    OperationResultSerializer,
    OperationSerializer,
)
from flashcards.services.batches import Operation, apply_batch, at_entry
from flashcards.services.cards import Changed, read_shown
from learningaier.accounts.current_user import current_user
from learningaier.accounts.models import User
from learningaier.api.schema import also_answers
from learningaier.api.views import StrictView
from learningaier.sync.idempotency import idempotent


class BatchView(StrictView):
    """Many creations, updates and deletions at once."""

    @extend_schema(
        summary="Make, change and delete cards in one go",
        description=(
            f"Up to {MAX_BATCH} entries, all or nothing; one answer for each, in order. What is "
            "wrong with an entry is told by its place, from 0: `3.term`."
        ),
        request=OperationSerializer(many=True),
        responses=OperationResultSerializer(many=True),
    )
    @idempotent()
    @also_answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request) -> Response:
        """Apply all entries, or none."""
        user = current_user(request)
        operations = _read_operations(request)
        results = apply_batch(owner=user, operations=operations)
        return Response(_describe_results(request, user, operations, results))


def _read_operations(request: Request) -> list[Operation]:
    """The entries of a batch. Raises: ValidationError (400), NotFound, by place and field."""
    entries = request.data
    if isinstance(entries, dict):
        whole = BatchSerializer(data=entries)
        whole.is_valid(raise_exception=True)
        entries = whole.validated_data["operations"]
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_BATCH:
        raise ValidationError({"non_field_errors": [f"Send an array of 1 to {MAX_BATCH} entries."]})
    operations = []
    for place, entry in enumerate(entries):
        with at_entry(place):
            operations.append(_read_operation(request, entry))
    return operations


def _read_operation(request: Request, entry: Any) -> Operation:
    if not isinstance(entry, Mapping):
        raise ValidationError({"non_field_errors": ["An entry is an object."]})
    op = entry.get("op")
    is_deletion = op == "delete"  # which has no fields of a card
    own = entry if is_deletion else {key: entry[key] for key in ("op", "id") if key in entry}
    head = OperationSerializer(data=own, context={"request": request})
    head.is_valid(raise_exception=True)
    told: Mapping[str, Any] = {}
    if not is_deletion:
        rest = {name: value for name, value in entry.items() if name not in own}
        fields = FlashcardSerializer(
            data=rest, partial=op == "update", context={"request": request}
        )
        fields.is_valid(raise_exception=True)
        told = fields.validated_data
    return Operation(head.validated_data["op"], head.validated_data.get("id"), told)


def _describe_results(
    request: Request, user: User, operations: Sequence[Operation], results: list[Changed | None]
) -> Any:
    shown = read_shown(owner=user, card_ids=[one.card.pk for one in results if one])
    answers = []
    for operation, result in zip(operations, results, strict=True):
        card = shown.get(result.card.pk) if result else None
        if card is not None and result is not None:
            vars(card)["warnings"] = result.warnings
        card_id = result.card.pk if result else operation.card_id
        answers.append({"op": operation.op, "id": card_id, "card": card})
    return OperationResultSerializer(answers, many=True, context={"request": request}).data
