"""What the domains' views have in common."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django.db import models
from rest_framework.exceptions import ValidationError
from rest_framework.fields import ListField
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.views import APIView

from learningaier.api.ids import find_own_id
from learningaier.api.serializers import StrictSerializer, describe_unknown
from learningaier.core.errors import NotFound
from learningaier.core.ownership import OwnedQuerySet

Row = TypeVar("Row", bound=models.Model)

NO_BODY = "This call takes no body."


class StrictView(APIView):
    """A view that answers 400 to what it does not know, with the names, before it does anything.

    Query parameters are those of `query_serializers`, and of the paginator where rows are listed.
    The fields of a body are for the handler's StrictSerializer to check, as only the handler knows
    when it may be read: an upload over the rate limit is not. A handler of `bodiless_methods` reads
    none, so a body that says anything is refused here.
    """

    query_serializers: ClassVar[Mapping[str, type[StrictSerializer[Any]]]] = {}  # by "get", "post"…
    bodiless_methods: ClassVar[frozenset[str]] = frozenset({"delete"})

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raises: what authentication raises; ValidationError (400) by parameter or field."""
        super().initial(request, *args, **kwargs)
        method = method_of(request)
        if method == "options" or not self._is_served(method):
            return
        errors = self._check_query(request, method)
        if method in self.bodiless_methods:
            errors |= _check_no_body(request.data)
        if errors:
            raise ValidationError(errors)

    def _is_served(self, method: str) -> bool:
        """Whether there is a handler; where there is none, DRF answers 405."""
        return method in self.http_method_names and hasattr(self, method)

    def read_query(self) -> Any:
        """The query parameters, as a validated serializer. Raises: ValidationError (400)."""
        kind, given = self.query_serializers[method_of(self.request)], self.request.query_params
        data: dict[str, Any] = {}
        for name, field in kind().fields.items():
            if isinstance(field, ListField) and name in given:
                data[name] = given.getlist(name)
            elif name in given:
                # `?note_id=` is how a link says null.
                data[name] = given[name] or (None if field.allow_null else "")
        asked = kind(data=data, context={"request": self.request, "view": self, "is_text": True})
        asked.is_valid(raise_exception=True)
        return asked

    def query_names(self, method: str) -> dict[str, bool]:
        """The parameters of a method ("get", "post", …), and whether each may be repeated."""
        names: dict[str, bool] = {}
        paginator = getattr(self, "paginator", None)
        if method == "get" and isinstance(self, ListModelMixin) and paginator is not None:
            parameters = paginator.get_schema_operation_parameters(self)
            names = {parameter["name"]: False for parameter in parameters}
        if kind := self.query_serializers.get(method):
            fields = kind().fields.items()
            names |= {name: isinstance(field, ListField) for name, field in fields}
        return names

    def _check_query(self, request: Request, method: str) -> dict[str, list[str]]:
        known, given = self.query_names(method), request.query_params
        errors = describe_unknown(given, known, "There is no such query parameter here.")
        for name, is_repeatable in known.items():
            if not is_repeatable and len(given.getlist(name)) > 1:
                errors[name] = ["Give it once."]
        return errors


class OwnedView(StrictView, GenericAPIView[Row], Generic[Row]):
    """A view over the caller's own rows: anyone else's answer 404, like rows that don't exist.

    A row that came from another program is reached by its id there as well.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raises: as StrictView; NotFound (404) for another program's id that is nobody's."""
        super().initial(request, *args, **kwargs)
        text, rows = self.kwargs.get("pk"), getattr(self, "queryset", None)
        if isinstance(text, str) and rows is not None:
            found = find_own_id(rows.model, request.user, text)
            if found is None:
                raise NotFound
            self.kwargs["pk"] = found  # the handler is given the same dictionary

    def get_queryset(self) -> Any:
        """The view's rows that belong to the caller."""
        queryset = super().get_queryset()
        assert isinstance(queryset, OwnedQuerySet)
        return queryset.owned_by(self.request.user)


def method_of(request: Request) -> str:
    """The handler's name of a request's method; HEAD is GET without its body."""
    method = (request.method or "").lower()
    return "get" if method == "head" else method


def _check_no_body(data: Any) -> dict[str, list[str]]:
    if isinstance(data, Mapping):
        return describe_unknown(data, (), NO_BODY)
    return {"non_field_errors": [NO_BODY]} if data else {}
