"""What happens to notes, folders, versions and links."""
