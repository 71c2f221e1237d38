#!/usr/bin/python3
"""Writes vectors/*/*.json from the hand-written tables, and compiles the token recipes.

    generate.py          write what changed; a compiled token whose recipe did not change is kept
    generate.py --check  write nothing; say what is not as the tables and keys demand, and exit 1
"""

import json
import sys
from pathlib import Path

import jsonschema

import keyring
import mint
from tables import (attacks, claims, comparisons, containments, decisions, members, packets_connect, packets_others,
                    packets_publish, payloads, policies, tokens, wire)

ROOT = Path(__file__).resolve().parent
NOW = 1780000000  # the offline clock of compiled tokens, Unix seconds: 2026-05-28T20:26:40Z
KINDS = {  # folder: (kind of its files, tables)
    "token": ("token", [tokens, payloads]),
    "claims": ("claims", [claims]),
    "decision": ("decision", [decisions, comparisons, members]),
    "containment": ("decision", [containments]),
    "policy": ("policy", [policies]),
    "packet": ("packet", [packets_connect, packets_publish, packets_others]),
}


def named(vector: dict, rows: dict) -> dict:
    """With the rows of the table of attacks that the vector stands for."""
    return {**vector, "attack": rows.pop(vector["id"])} if vector["id"] in rows else vector


def files():
    """(path, file as the tables have it) of every vector file."""
    rows = attacks.rows()
    for folder, (kind, tables) in KINDS.items():
        for name, (comment, vectors) in (item for table in tables for item in table.FILES.items()):
            yield ROOT / folder / f"{name}.json", {"kind": kind, "comment": comment,
                                                  "vectors": [named(vector, rows) for vector in vectors]}
    if rows:
        raise SystemExit(f"tables/attacks.py: no vector is called {', '.join(sorted(rows))}")


def differences(vector: dict, existing: dict):
    """What keeps existing from being this vector: None, or a sentence."""
    if {name: value for name, value in existing.items() if name != "compiled"} != vector:
        return "differs from its table"
    return compiled_differences(vector, existing)


def compiled_differences(vector: dict, existing: dict):
    compiled = existing.get("compiled")
    if "recipe" not in vector:
        return None if compiled is None else "is compiled and has no recipe"
    if compiled is None or compiled.get("now") != NOW:
        return "is not compiled for this clock"
    return mint.explain_difference(vector["recipe"], NOW, vector["id"], compiled["jwt"])


def finished(vector: dict, existing: dict) -> dict:
    """The vector with its compiled form; the existing one where that is still right."""
    if "recipe" not in vector:
        return vector
    if compiled_differences(vector, existing) is None:
        return {**vector, "compiled": existing["compiled"]}
    jwt = mint.compile_token(vector["recipe"], NOW, vector["id"])
    return {**vector, "compiled": {"now": NOW, "jwt": jwt}}


def read(path: Path) -> dict:
    return json.loads(path.read_text("utf-8")) if path.exists() else {"vectors": []}


def by_id(content: dict) -> dict:
    return {vector["id"]: vector for vector in content["vectors"]}


def generate() -> int:
    keyring.make_missing()
    for path, content in files():
        known = by_id(read(path))
        content["vectors"] = [finished(vector, known.get(vector["id"], {})) for vector in content["vectors"]]
        path.parent.mkdir(exist_ok=True)
        keyring.write_json(path, content)
        print(f"{path.relative_to(ROOT)}: {len(content['vectors'])}")
    return 0


def check() -> int:
    problems = [*keyring.problems(), *stray_files(), *strangers()]
    for path, content in files():
        problems += [f"{path.relative_to(ROOT)}: {problem}" for problem in file_problems(path, content)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def stray_files():
    expected = {path for path, _ in files()}
    for folder in KINDS:
        for path in sorted((ROOT / folder).iterdir()):
            if path not in expected:
                yield f"{path.relative_to(ROOT)}: no table makes this file"


def strangers():
    made = {vector["id"] for _, content in files() for vector in content["vectors"]}
    yield from (f"tables/wire.py: {name}: no table makes this vector" for name in wire.ON_WIRE if name not in made)


def file_problems(path: Path, content: dict):
    """Sentences about one file: against its table, its keys and its schema."""
    if not path.exists():
        yield "is missing"
        return
    existing = read(path)
    if [existing.get("kind"), existing.get("comment")] != [content["kind"], content["comment"]]:
        yield "kind or comment differs from the table"
    if [vector["id"] for vector in existing["vectors"]] != [vector["id"] for vector in content["vectors"]]:
        yield "ids or their order differ from the table"
    known = by_id(existing)
    for vector in content["vectors"]:
        problem = differences(vector, known.get(vector["id"], {}))
        if problem:
            yield f"{vector['id']} {problem}"
    for error in validator(content["kind"]).iter_errors(existing):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def validator(kind: str):
    """Every schema under its file's address, so that nothing is looked up elsewhere."""
    published = [*(ROOT / "schema").glob("*.json"), ROOT.parent / "spec" / "policy.schema.json"]
    schemas = {path.as_uri(): read(path) for path in published}
    base = (ROOT / "schema" / f"{kind}.schema.json").as_uri()
    resolver = jsonschema.RefResolver(base, schemas[base], store=schemas)
    return jsonschema.Draft7Validator(schemas[base], resolver=resolver)


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(f"usage: {sys.argv[0]} [--check]")
    sys.exit(check() if sys.argv[1:] else generate())
