"""`manage.py reanalyse`: texts that an older version has analysed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learningaier.ai.embedders import EmbedderError
from learningaier.knowledge.index import reanalysis


class Command(BaseCommand):
    """Without options it only reports; the workers analyse outdated texts by themselves."""

    help = "Report how many texts an older version has analysed; analyse them again."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--now` works here, `--all` takes every text for outdated first."""
        parser.add_argument("--now", action="store_true", help="analyse here, until none is left")
        parser.add_argument("--all", action="store_true", help="analyse every text again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Mark, analyse, report."""
        if options["all"]:
            self.stdout.write(f"Marked {reanalysis.mark_outdated()} texts.")
        try:
            while options["now"] and reanalysis.reanalyse_texts():
                self.stderr.write(f"{reanalysis.count_outdated()} left")
        except EmbedderError:
            raise CommandError(
                "The embedder does not answer. Run this again: it goes on."
            ) from None
        count = reanalysis.count_outdated()
        self.stdout.write(f"{count} texts are to be analysed again.")
