"""The API of search, one request an operation."""

from learningaier.api.tests.steps import Step

STEPS = [Step("search_list", "GET", "/api/search?q=osmosis")]
