"""`manage.py clear_cache`: forget cached values, of one user, of one kind, or all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from redis.exceptions import RedisError

from learningaier.cache import keys, scan
from learningaier.core.commands import find_user_id


class Command(BaseCommand):
    """Deletes in batches that let Redis serve others in between; jobs and limits stay."""

    help = "Delete cached answers, analytics and authentication, by user, by kind, or all."

    def add_arguments(self, parser: CommandParser) -> None:
        """At least one of the selecting options must be given."""
        parser.add_argument("--user", help="a user's id, user name or e-mail address")
        parser.add_argument("--kind", choices=[*keys.KINDS, "all"], help="which kind of value")
        parser.add_argument("--pattern", help="a SCAN pattern, as analytics:*:overview")
        parser.add_argument("--all", action="store_true", help="the same as --kind all")
        parser.add_argument("--dry-run", action="store_true", help="count, delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many."""
        patterns = self._patterns(options)
        try:
            count = sum(self._delete(pattern, options["dry_run"]) for pattern in patterns)
        except RedisError as error:
            raise CommandError(f"Redis does not answer: {error}") from error
        verb = "Would delete" if options["dry_run"] else "Deleted"
        self.stdout.write(self.style.SUCCESS(f"{verb} {count} keys."))

    def _patterns(self, options: dict[str, Any]) -> list[str]:
        if options["pattern"]:
            return [options["pattern"]]
        if not (options["user"] or options["kind"] or options["all"]):
            raise CommandError("Say what to delete: --user, --kind, --pattern or --all.")
        user_id = find_user_id(options["user"]) if options["user"] else None
        return scan.patterns_of(options["kind"] or "all", user_id)

    def _delete(self, pattern: str, is_dry_run: bool) -> int:
        client = scan.operator_client()
        count = 0
        for batch in scan.find_keys(client, pattern):
            count += len(batch) if is_dry_run else client.unlink(*batch)
            self.stderr.write(f"{pattern}: {count} keys so far", ending="\r")
        return count
