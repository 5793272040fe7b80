"""The endpoints of flashcards."""
