"""The objects of each overlay."""

from typing import Any

import pytest

from deploy.manifests import OVERLAYS, Object, render


@pytest.fixture(scope="module", params=OVERLAYS)
def objects(request: Any) -> list[Object]:
    return render(request.param)
