"""`manage.py reindex`: vectors by another embedder, or in another index, beside the old ones."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learningaier.ai.embedders import EmbedderError
from learningaier.knowledge.index import reindexing

TRIES = 5
FIRST_WAIT = 2  # seconds before the next try while the embedder is down; then twice that


class Command(BaseCommand):
    """Run it with the new EMBEDDINGS_* or PINECONE_*, while the web still has the old ones.

    It can be stopped at any time; the next run goes on. When every chunk has its vector, the
    new ones are the valid ones: then start web and workers with the new settings, and run it once
    more for what they wrote in between.
    """

    help = "Embed all chunks with the configured embedder, while the old vectors serve."
    requires_system_checks: list[str] = []  # the mismatch that they report is mended here

    def add_arguments(self, parser: CommandParser) -> None:
        """`--prune` deletes the vectors of other embedders at the end."""
        parser.add_argument(
            "--prune", action="store_true", help="delete other embedders' vectors at the end"
        )
        parser.add_argument(
            "--tries", type=int, default=TRIES, help="of an embedder that does not answer"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress")

    def handle(self, *args: Any, **options: Any) -> None:
        """Embed what is missing, switch to it, and prune what is old."""
        key = reindexing.configured_key()
        for wait in [FIRST_WAIT * 2**tried for tried in range(options["tries"])]:
            try:
                self._embed(key, is_quiet=options["quiet"])
            except EmbedderError as error:
                self.stderr.write(f"{error} The next try is in {wait} s.")
                time.sleep(wait)
            else:
                break
        else:
            raise CommandError("The embedder does not answer. Run this again: it goes on.")
        self.stdout.write(f"All chunks have vectors of {key}.")
        if options["prune"]:
            self.stdout.write(f"Deleted {reindexing.prune(key)} vectors of other embedders.")

    def _embed(self, key: str, *, is_quiet: bool) -> None:
        """Until nothing is missing at the moment of the switch."""
        while missing := reindexing.switch(key):
            began, done = time.monotonic(), 0
            for count in reindexing.embed_missing(key):
                done += count
                if not is_quiet:
                    self._tell(done, missing, time.monotonic() - began)

    def _tell(self, done: int, missing: int, seconds: float) -> None:
        rate = done / max(seconds, 0.001)
        left = max(missing - done, 0) / max(rate, 0.001)
        self.stderr.write(f"{done} of {missing} chunks, {rate:.0f} a second, {left:.0f} s left")
