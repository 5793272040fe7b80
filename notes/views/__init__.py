"""Notes, folders, versions, and questions about notes."""
