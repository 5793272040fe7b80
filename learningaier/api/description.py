"""GET /api/schema."""

from drf_spectacular.views import SpectacularJSONAPIView

from learningaier.api.views import StrictView


class DescriptionView(StrictView, SpectacularJSONAPIView):
    """The API's description, an OpenAPI document."""
