"""The shapes of notes, folders and versions in the API."""
