"""What the tests of several rooms ask for: Firebase."""

from collections.abc import Iterator
from typing import Any

import pytest

from learningaier.accounts.tests.google import PROJECT, Google


@pytest.fixture
def google(tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """Google on 127.0.0.1, and Firebase signing in.

    The SDK's client is kept by its credentials' path, which is another in each test.
    """
    google = Google(tmp_path)
    for name in ("NO_PROXY", "no_proxy", "https_proxy", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(google.root_path))
    settings.FIREBASE_PROJECT_ID = PROJECT
    settings.FIREBASE_CREDENTIALS = str(google.account_path)
    with google.serve() as address:
        monkeypatch.setenv("HTTPS_PROXY", address)
        yield google
