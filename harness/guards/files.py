"""Which files are the project's: all but what git ignores."""

import os
from pathlib import Path

IGNORED = {".git", "build", "__pycache__", ".pytest_cache", ".hypothesis"}


def walk(root, *folders):
    """All files below the given folders of root (or root itself), in a stable order."""
    for folder in folders or (".",):
        for path, names, files in os.walk(root / folder):
            names[:] = sorted(name for name in names if name not in IGNORED)
            yield from (Path(path, name) for name in sorted(files))


def having(root, suffixes, *folders):
    return [path for path in walk(root, *folders) if path.suffix in suffixes]


def lines(path):
    return enumerate(path.read_text(errors="replace").splitlines(), 1)


def at(root, path, line=None):
    name = path.relative_to(root).as_posix()
    return f"{name}:{line}" if line else name
