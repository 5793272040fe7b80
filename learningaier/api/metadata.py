"""What OPTIONS answers: the methods. The shapes stand in the API's description."""

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request


class Methods(BaseMetadata):
    """The same for every address; nothing is looked up and nobody's docstring is shown."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        """The methods that the address takes, and where their shapes are described."""
        return {"methods": sorted(view.allowed_methods), "schema": "/api/schema"}
