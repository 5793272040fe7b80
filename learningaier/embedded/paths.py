"""Where the embedded environment keeps its things, all derived from DATA_DIR."""

import hashlib
import tempfile
from pathlib import Path

MAX_SOCKET_PATH = 100  # bytes; the kernels' limits are 104 (macOS) and 108 (Linux)


def sockets_of(data_dir: Path) -> Path:
    """The folder of the Unix sockets: in `data_dir`, or a short stand-in where that is too long."""
    folder = data_dir.resolve() / "run"
    if len(str(folder / ".s.PGSQL.5432.lock").encode()) <= MAX_SOCKET_PATH:
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"learningaier-{digest}"
