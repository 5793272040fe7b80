"""What is known of how a learner forgets."""

from dataclasses import dataclass

from flashcards.fitting import is_available
from flashcards.models import Deck, Fit
from flashcards.parameters import Parameter, list_parameters, summarize
from flashcards.services.options import find_settings, resolve_options
from learningaier.accounts.models import User

MAX_HISTORY = 50  # fits


@dataclass(frozen=True)
class FitReport:
    """The parameters that count now, in words, and the fits, the latest first."""

    is_available: bool
    deck_id: object
    parameters: list[Parameter]
    summary: list[str]
    fits: list[Fit]

    @property
    def latest(self) -> Fit | None:
        """The fit that was made last; None where none was."""
        return self.fits[0] if self.fits else None


def report_fit(*, owner: User, deck: Deck | None) -> FitReport:
    """How the cards of a deck, or of a learner, are forgotten, as far as it was fitted."""
    parameters = resolve_options(deck, find_settings(owner)).parameters
    fits = Fit.objects.owned_by(owner).filter(deck=deck)
    return FitReport(
        is_available(),
        deck.pk if deck else None,
        list_parameters(parameters),
        summarize(parameters),
        list(fits[:MAX_HISTORY]),
    )
