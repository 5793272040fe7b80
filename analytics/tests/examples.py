"""The API of analytics, one request an operation."""

from learningaier.api.tests.steps import Step

STEPS = [
    Step("analytics_overview_retrieve", "GET", "/api/analytics/overview"),
    Step(
        "analytics_flashcard_difficulty_list", "GET", "/api/analytics/flashcard-difficulty?limit=5"
    ),
]
