"""Folders, READMEs, and nothing of the place where it was made."""

import re

from guards.files import IGNORED, at, having, lines, walk

TOP = {"CMakeLists.txt", "reference", "conformance", "vectors", "spec", "harness", "reports", "README.md", "LICENSE"}
TEXT = {".c", ".h", ".md", ".py", ".sh", ".json", ".scenario", ".mutant", ".txt", ".cmake", ""}
WITH_README = ("reference", "conformance", "vectors", "spec", "harness", "reports")
DATA_ALONE = {".json", ".mutant"}
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`((?:reference|conformance|vectors|spec|harness|reports)/[A-Za-z0-9_./-]*)`")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w")
LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")


def top_level_is_fixed(root):
    for path in sorted(root.iterdir()):
        if path.name not in TOP and not path.name.startswith(".") and path.name not in IGNORED:
            yield f"{path.name}: not among the files and folders of the top level"
    for name in sorted(TOP):
        if not (root / name).exists():
            yield f"{name}: missing"


def _folders(root):
    """Folders that hold something to read; folders of data are spoken for by the one above."""
    files = [path for path in walk(root, *WITH_README) if path.suffix not in DATA_ALONE]
    return sorted({path.parent for path in files})


def folders_have_a_readme(root):
    for folder in _folders(root):
        if not (folder / "README.md").exists():
            yield f"{at(root, folder)}: no README.md"


def readme_paths_exist(root):
    """A path in the prose, as a link or in backquotes, leads somewhere."""
    for path in having(root, {".md"}):
        for number, line in lines(path):
            for name in LINK.findall(line):
                if not (path.parent / name).exists():
                    yield f"{at(root, path, number)}: the link to {name} leads nowhere"
            for name in NAMED.findall(line):
                if not (root / name).exists():
                    yield f"{at(root, path, number)}: there is no {name}"


def no_machine_paths(root):
    for path in walk(root):
        if path.suffix in TEXT:
            yield from (f"{at(root, path, number)}: names a folder of one machine"
                        for number, line in lines(path) if MACHINE.search(line))


def nothing_left_for_later(root):
    for path in walk(root):
        if path.suffix in TEXT:
            yield from (f"{at(root, path, number)}: a note to do something later"
                        for number, line in lines(path) if LATER.search(line))
