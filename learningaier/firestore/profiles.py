"""Profiles: the model and the language that a learner has chosen."""

from rest_framework.exceptions import ValidationError

from learningaier.accounts.models import User
from learningaier.accounts.serializers import ProfileSerializer
from learningaier.accounts.services import update_profile
from learningaier.firestore.runs import Run, each, explain
from learningaier.firestore.source import Row
from learningaier.firestore.values import Fields

DEFAULTS = {"llm_model": "", "preferred_language": "en"}


def import_profiles(run: Run) -> None:
    """Take over each profile whose owner has chosen nothing here yet."""

    def handle(_row: Row, owner: User, fields: Fields) -> bool:
        changed = {name: text for name, text in _read(fields).items() if _is_open(owner, name)}
        if changed and not run.is_dry:
            update_profile(user=owner, **changed)  # type: ignore[arg-type]  # names of texts
        return bool(changed)

    for row in each(run.source.read_profiles()):
        run.take(row, handle)


def _is_open(owner: User, name: str) -> bool:
    """Whether an account has chosen nothing; one that a dry run would make has no text there."""
    current = getattr(owner, name)
    return current == DEFAULTS[name] or not isinstance(current, str)


def _read(fields: Fields) -> dict[str, str]:
    """What can be chosen here; anything else with a remark."""
    chosen: dict[str, str] = {}
    serializer = ProfileSerializer()
    checks = {
        "llm_model": serializer.validate_llm_model,
        "preferred_language": serializer.validate_preferred_language,
    }
    for name, check in checks.items():
        try:
            text = fields.optional_text(name).strip()
            if text and check(text) != DEFAULTS[name]:
                chosen[name] = check(text)
        except ValidationError as error:
            fields.remarks.append(f"{name}: {explain(error)}")
    return chosen
