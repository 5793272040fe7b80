"""`manage.py import_firestore`: the data of the earlier service."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learningaier.firestore.importing import import_all
from learningaier.firestore.report import Report
from learningaier.firestore.runs import is_uid
from learningaier.firestore.source import Firestore, FirestoreDown


class Command(BaseCommand):
    """Running it again takes over what is new there, and what was refused before."""

    help = "Take over notes, folders, documents, cards, reviews and conversations from Firestore."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--user` is for a first try, `--dry-run` for what would become of all."""
        parser.add_argument("--project", required=True, help="the id of the Google project")
        parser.add_argument("--user", metavar="UID", help="of Firebase; default: all accounts")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, only report")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, with a line for each row that is skipped or changed; then the report."""
        if options["user"] is not None and not is_uid(options["user"]):
            raise CommandError("--user: this is no uid of Firebase.")
        report = Report(self.stdout.write)
        try:
            source = Firestore(options["project"], uid=options["user"])
            import_all(source=source, report=report, is_dry=options["dry_run"])
        except FirestoreDown as error:
            raise CommandError(str(error)) from error
        finally:
            self.stdout.write("Nothing was written." if options["dry_run"] else "Done so far:")
            for line in report.lines():
                self.stdout.write(line)
