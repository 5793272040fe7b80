"""`python -m learningaier.dev.describe FILE`: the API's description, without a database."""

import json
import os
import sys
from pathlib import Path

import django


def main(path: str) -> None:
    """Write the OpenAPI document of this tree."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learningaier.settings")
    django.setup()
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415  needs Django set up

    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    Path(path).write_text(json.dumps(schema, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])
