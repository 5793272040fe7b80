"""`manage.py check_firebase`: the sign-in with Firebase, tried out against its emulator."""

import json
import secrets
import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from learningaier.accounts import firebase
from learningaier.accounts.identity import IdentityError

TIMEOUT_SECONDS = 10


class Command(BaseCommand):
    """Signs a throw-away person up at the emulator and has our own adapter check the tokens.

    Touches no database. Runs only where FIREBASE_AUTH_EMULATOR_HOST and FIREBASE_PROJECT_ID are
    set, so it can't make accounts in a real project.
    """

    help = "Try the sign-in with Firebase out against the Firebase Auth emulator."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the life of an account. Raises: CommandError at the first surprise."""
        if not settings.FIREBASE_AUTH_EMULATOR_HOST or not settings.FIREBASE_PROJECT_ID:
            raise CommandError(
                "Set FIREBASE_AUTH_EMULATOR_HOST (and DEBUG=true) and FIREBASE_PROJECT_ID: this "
                "command makes accounts, so it runs against the emulator only."
            )
        person = self._sign_up()
        self._expect_identity(person)
        self._expect_refusal("token_invalid", person["idToken"][:-40].rpartition(".")[0])
        self._update(person, validSince=str(int(time.time()) + 60))
        self._expect_refusal("token_revoked", person["idToken"])
        self._update(person, disableUser=True)
        self._expect_refusal("account_closed", person["idToken"])
        self._call("accounts:delete", {"localId": person["localId"]}, is_admin=True)
        self._say("deleted the account")
        self._expect_refusal("account_closed", person["idToken"])
        self.stdout.write(self.style.SUCCESS("Firebase sign-in works."))

    def _sign_up(self) -> dict[str, str]:
        email = f"{secrets.token_hex(4)}@example.org"
        data = {"email": email, "password": secrets.token_hex(8), "returnSecureToken": True}
        person: dict[str, str] = self._call("accounts:signUp", data)
        self._say(f"signed up {email} as {person['localId']}")
        return person

    def _expect_identity(self, person: dict[str, str]) -> None:
        try:
            identity = firebase.identify(person["idToken"])
        except IdentityError as error:
            raise CommandError(f"A good token is refused: {error.reason}") from error
        if identity.uid != person["localId"]:
            raise CommandError(f"The token of {person['localId']} speaks for {identity.uid}.")
        self._say(f"a good token speaks for {identity.uid}, {identity.email}")

    def _expect_refusal(self, code: str, token: str) -> None:
        try:
            identity = firebase.identify(token)
        except IdentityError as error:
            if error.code != code:
                raise CommandError(f"Expected {code}, not {error.code}: {error.reason}") from error
            self._say(f"refused, {code}: {error.reason}")
            return
        raise CommandError(f"A token of {identity.uid} is admitted that should be {code}.")

    def _update(self, person: dict[str, str], **changes: Any) -> None:
        self._call("accounts:update", {"localId": person["localId"]} | changes, is_admin=True)
        self._say(f"changed the account: {', '.join(changes)}")

    def _call(self, method: str, data: dict[str, Any], *, is_admin: bool = False) -> Any:
        """One call of the emulator's REST API, as a client or as the project's owner."""
        host = settings.FIREBASE_AUTH_EMULATOR_HOST
        project = f"projects/{settings.FIREBASE_PROJECT_ID}/" if is_admin else ""
        url = f"http://{host}/identitytoolkit.googleapis.com/v1/{project}{method}?key=any"
        headers = {"Content-Type": "application/json"}
        if is_admin:
            headers["Authorization"] = "Bearer owner"
        request = urllib.request.Request(url, json.dumps(data).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise CommandError(f"The emulator answers {error.code} to {method}.") from error
        except OSError as error:
            raise CommandError(f"No emulator answers at {host}: {error}") from error

    def _say(self, step: str) -> None:
        self.stdout.write(f"  {step}")
