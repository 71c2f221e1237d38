"""The comparison: hypothesis makes scenes, the model and an examinee answer, and a difference shrinks to its least."""

import json

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from .decide import ask
from .difference import Difference, report
from .policy import PolicyError, parse_document

ROUND = 200  # examples; each round has a seed of its own
NOT_AUTHORIZED = 0x87
FIND = (Phase.generate,)
SHRINK = (Phase.generate, Phase.shrink)


def compare(examine, strategy, operations, first_seed, tally, phases=SHRINK):
    """Until so many operations were compared. examine(example) raises Difference, and counts into the tally."""
    number = 0
    while tally.operations < operations:
        _round(examine, strategy, operations, first_seed * 1_000_000 + number, tally, phases)
        number += 1


def _round(examine, strategy, operations, round_seed, tally, phases):
    failed = []

    @seed(round_seed)
    @settings(max_examples=ROUND, deadline=None, database=None, phases=phases,
              suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
              verbosity=Verbosity.quiet)
    @given(strategy)
    def run(example):
        if tally.operations < operations or failed:
            try:
                examine(example)
            except Difference:
                failed.append(example)  # from now on every example counts, or hypothesis could not shrink this one
                tally.stop()
                raise

    run()


def against_library(library, tally):
    def examine(scene):
        rules = parse_document(scene.document)
        if not library.load(scene.document):
            raise Difference(f"the library refuses {json.dumps(scene.document, indent=2, ensure_ascii=False)}")
        tally.scene(scene.document["rules"])
        asked = [(scene.identities[operation.who], operation.question) for operation in scene.operations]
        for (identity, question), found in zip(asked, library.ask(asked)):
            answer = ask(rules, identity, question)
            tally.operation(question.door, answer.allowed)
            if not agree(question, answer, found):
                raise report("the library", scene.document, identity, question, answer, found)

    return examine


def agree(question, answer, found):
    """The library names one granting rule, the model knows them all. A denial in time has one reason code."""
    if found is None or found.allowed != answer.allowed:
        return False
    if not answer.allowed:
        return found.qos == NOT_AUTHORIZED or (question.late >= 0 and found.qos >= 0x80)
    return found.rules <= answer.rules and (question.door != "subscribe" or found.qos == answer.qos)


def documents_against_library(library, tally):
    def examine(document):
        good = accepts(document)
        tally.operation("documents", good)
        if library.load(document) != good:
            text = json.dumps(document, indent=2, ensure_ascii=False)
            raise Difference(f"the model {'accepts' if good else 'refuses'} it, the library does not agree\n{text}")

    return examine


def accepts(document):
    try:
        parse_document(document)
        return True
    except PolicyError:
        return False
