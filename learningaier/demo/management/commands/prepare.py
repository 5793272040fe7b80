"""`manage.py prepare`: the database's schema, and the demo accounts where asked for."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from learningaier.demo.services import create_demo


class Command(BaseCommand):
    """What `make run` does before it serves. Running it twice changes nothing."""

    help = "Migrate; with --demo also make demo/demo, admin/admin and the demo library."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--demo` is for a database that only this machine can reach: its passwords are known."""
        parser.add_argument("--demo", action="store_true", help="make the demo accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the schema up to date, then fill an empty database."""
        call_command("migrate", verbosity=0, interactive=False)
        if options["demo"]:
            create_demo()
