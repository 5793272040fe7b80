"""What came of each row, counted by collection and by reason."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from learningaier.firestore.source import Row

MAX_REASONS = 100  # different ones that are counted apart in a collection


@dataclass
class Tally:
    """The counts of a collection. Each row that was read is created, known or skipped."""

    read: int = 0
    created: int = 0
    known: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)


class Report:
    """Counts as they grow; each row that is skipped or changed is told at once by `tell`."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tallies: dict[str, Tally] = defaultdict(Tally)
        self._tell = tell

    def skip(self, row: Row, reason: str) -> None:
        """A row that is not taken over."""
        self._tell(f"{row.collection}/{row.id} skipped: {reason}")
        _count(self.tallies[row.collection].skipped, reason)

    def remark(self, row: Row, reason: str) -> None:
        """A row that is taken over, but for what the reason names."""
        self._tell(f"{row.collection}/{row.id}: {reason}")
        _count(self.tallies[row.collection].remarks, reason)

    def lines(self) -> Iterator[str]:
        """The report, a line for each collection and each reason."""
        for name, tally in self.tallies.items():
            skipped = tally.skipped.total()
            counts = f"{tally.read} read, {tally.created} created, {tally.known} known"
            yield f"{name}: {counts}, {skipped} skipped"
            yield from (f"  {count} skipped: {why}" for why, count in tally.skipped.most_common())
            yield from (f"  {count} with: {why}" for why, count in tally.remarks.most_common())


def _count(reasons: Counter[str], reason: str) -> None:
    is_full = reason not in reasons and len(reasons) >= MAX_REASONS
    reasons["other reasons, each told above" if is_full else reason] += 1
