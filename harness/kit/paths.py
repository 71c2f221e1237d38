"""Where things are. Everything that a run makes lies below build/, which git ignores."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HARNESS = ROOT / "harness"
BUILD = ROOT / "build"
SANITIZED = BUILD / "sanitize"
FIXTURE = BUILD / "fixture"
# Stages of harness/check run several at once, each with brokers and reports of its own.
STAGE = os.environ.get("HARNESS_STAGE", "")
TARGETS = BUILD / "targets" / STAGE
REPORTS = BUILD / "reports" / STAGE
MUTANTS = BUILD / "mutants"

RUNNER = BUILD / "bin" / "mqtt-agent-conformance"
BROKER = BUILD / "bin" / "mqtt-agent-broker"
DECIDER = BUILD / "test" / "decider"
SANITIZED_RUNNER = SANITIZED / "bin" / "mqtt-agent-conformance"
SANITIZED_BROKER = SANITIZED / "bin" / "mqtt-agent-broker"


def shown(path):
    """A path as a person in the project's folder would write it."""
    path = Path(path)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
