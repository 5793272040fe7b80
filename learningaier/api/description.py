"""GET /api/schema."""

from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from learningaier.api.views import StrictView


class DescriptionView(StrictView, SpectacularJSONAPIView):
    """The API's description, an OpenAPI document."""


class PageView(SpectacularSwaggerSplitView):
    """The description as a page; its script comes from an address, as its policy wants it."""

    http_method_names = ["get", "head"]
