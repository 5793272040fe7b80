"""The shapes of flashcards in the API."""
