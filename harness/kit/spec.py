"""A second, small reader of spec/*.md, written apart from the suite's own: rules, policy blocks,
scenario blocks. What the two do not see alike is a finding."""

import json
import re
from dataclasses import dataclass, field

RULE = re.compile(r"^- \*\*([A-Z][A-Z0-9]*-\d\d)\*\* (?:\*\(([^)]*)\)\* ?)?(.*)$")
FENCE = re.compile(r"^ *```(\w+)?(?: +(\S+))?\s*$")
LEVEL = re.compile(r"\b(MUST|SHOULD|MAY)\b(?: NOT)?")
EXCUSE = re.compile(r"^\s*Excuse: (not-observable|implied-by|later-draft)\b", re.M)
CITED = re.compile(r"\b[A-Z][A-Z0-9]*-\d\d\b")


@dataclass
class Rule:
    id: str
    level: str
    sentence: str
    manner_of: list
    file: str
    clazz: str = ""
    body: str = ""


@dataclass
class Block:
    kind: str  # policy, scenario, json, ...
    name: str
    text: str
    file: str
    line: int


@dataclass
class Spec:
    rules: dict = field(default_factory=dict)
    blocks: list = field(default_factory=list)
    areas: list = field(default_factory=list)

    def policies(self):
        return {block.name: json.loads(block.text) for block in self.blocks if block.kind == "policy"}

    def must(self):
        return [rule.id for rule in self.rules.values() if rule.level == "MUST"]


def _blocks(lines, file):
    """Fenced blocks, their own indentation taken off."""
    opened = None
    for number, line in enumerate(lines, 1):
        fence = FENCE.match(line)
        if fence and opened is None:
            opened = Block(fence.group(1) or "", fence.group(2) or "", "", file, number + 1)
        elif fence:
            yield opened
            opened = None
        elif opened is not None:
            opened.text += line.strip() + "\n"


def _without_blocks(lines):
    inside = False
    for line in lines:
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            yield line


def _rule(match, paragraph, file):
    sentence = " ".join([match.group(3), *paragraph])
    level = LEVEL.search(sentence)
    tags = (match.group(2) or "").split(";")
    manner = [name for tag in tags if tag.strip().startswith("manner of ") for name in re.findall(CITED, tag)]
    return Rule(match.group(1), level.group(1) if level else "", sentence, manner, file)


def _rules(lines, file):
    lines = list(_without_blocks(lines))
    clazz = next((line.partition(":")[2].strip() for line in lines if line.startswith("Class: ")), "core")
    starts = [i for i, line in enumerate(lines) if RULE.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        block = lines[start + 1:end]
        heading = next((i for i, line in enumerate(block) if line.startswith("#")), len(block))
        block = block[:heading]
        gap = next((i for i, line in enumerate(block) if not line.strip()), len(block))
        rule = _rule(RULE.match(lines[start]), [line.strip() for line in block[:gap]], file)
        rule.clazz, rule.body = clazz, "\n".join(block[gap:])
        yield rule


def read(folder):
    """All of spec/. A rule id that is given twice is refused."""
    spec = Spec()
    for path in sorted(folder.glob("*.md")):
        lines, name = path.read_text().splitlines(), f"spec/{path.name}"
        spec.blocks += _blocks(lines, name)
        for rule in _rules(lines, name):
            if rule.id in spec.rules:
                raise ValueError(f"{name}: {rule.id} stands in {spec.rules[rule.id].file} already")
            spec.rules[rule.id] = rule
        spec.areas += [area for line in lines if line.startswith("Areas of core: ")
                       for area in re.findall(r"[A-Z][A-Z0-9]+", line.partition(":")[2])]
    return spec


def excused(rule):
    return EXCUSE.search(rule.body) is not None
