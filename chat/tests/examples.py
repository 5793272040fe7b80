"""The API of conversations, one request an operation."""

from learningaier.api.tests.steps import Step

STEPS = [
    Step(
        "chat_start_create",
        "POST",
        "/api/chat/start",
        {"scope": {"type": "doc", "ids": ["{document}"]}},
        keep={"conversation": "conversation_id"},
    ),
    Step(
        "chat_message_create",
        "POST",
        "/api/chat/{conversation}/message",
        {"message": "What is osmosis?"},
    ),
    Step("chat_conversations_list", "GET", "/api/chat/conversations"),
    Step("chat_retrieve", "GET", "/api/chat/{conversation}"),
    Step("chat_destroy", "DELETE", "/api/chat/{conversation}"),
]
