"""`manage.py rebuild_schedule [--user WHO] [--check]`: schedules from their events."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from flashcards.services.rebuilding import rebuild_schedules
from learningaier.accounts.models import User
from learningaier.core.commands import find_user_id


class Command(BaseCommand):
    """Computes every card again from its events and says what differs: nothing, as it should be."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose cards, and whether to leave them."""
        parser.add_argument("--user", help="a user's id, user name or e-mail address")
        parser.add_argument("--check", action="store_true", help="store nothing, only say it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay. Raises: CommandError for an unknown user, or where --check finds a difference."""
        users = User.objects.order_by("pk")
        if options["user"]:
            users = users.filter(pk=find_user_id(options["user"]))
        cards = differing = 0
        for user in users.iterator():
            for difference in rebuild_schedules(owner=user, is_check=options["check"]):
                cards += 1
                if difference:
                    differing += 1
                    self.stdout.write(f"{difference.card_id}: {', '.join(difference.fields)}")
        self.stdout.write(f"{cards} cards replayed, {differing} differ.")
        if differing and options["check"]:
            raise CommandError("Some schedules are not what their events give.")
