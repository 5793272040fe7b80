"""How drf-spectacular writes the API's description."""

SPECTACULAR_SETTINGS = {
    "TITLE": "learningaier",
    "DESCRIPTION": "Notes, documents, cited answers, flashcards and analytics of a learner.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "learningaier.api.schema.tidy_schema",
    ],
    "PATH_CONVERTER_OVERRIDES": {"id": {"type": "string"}},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "DocumentStatusEnum": "documents.models.Document.Status",
        "CardKindEnum": "flashcards.serializers.cards.KINDS",
        "FactKindEnum": "flashcards.models.facts.Kind",
        "PlanKindEnum": "flashcards.models.plans.PlanKind",
        "JobStatusEnum": "learningaier.jobs.models.Job.Status",
        "CardStatusEnum": "flashcards.serializers.cards.STATUSES",
        "TokenScopeEnum": "learningaier.accounts.serializers.SCOPES",
        "AnswerStatusEnum": "learningaier.knowledge.serializers.ANSWER_STATUSES",
    },
}
