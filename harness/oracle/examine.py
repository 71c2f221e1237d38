"""The comparison: hypothesis makes scenes, the model and an examinee answer, and a difference shrinks to its least."""

import json

from hypothesis import HealthCheck, Phase, given, seed, settings

from .decide import ask
from .difference import Difference, report
from .policy import parse_document
from .scenes import scenes

ROUND = 200  # scenes; each round has a seed of its own
NOT_AUTHORIZED = 0x87


def compare(examine, scene_strategy, operations, first_seed, tally):
    """Until so many operations were compared. examine(scene) raises Difference, and counts into the tally."""
    number = 0
    while tally.operations < operations:
        _round(examine, scene_strategy, operations, first_seed + number, tally)
        number += 1


def _round(examine, scene_strategy, operations, round_seed, tally):
    failed = []

    @seed(round_seed)
    @settings(max_examples=ROUND, deadline=None, database=None, phases=(Phase.generate, Phase.shrink),
              suppress_health_check=list(HealthCheck), report_multiple_bugs=False)
    @given(scene_strategy)
    def run(scene):
        if tally.operations < operations or failed:
            try:
                examine(scene)
            except Difference:
                failed.append(scene)  # from now on every scene counts, or hypothesis could not shrink this one
                tally.stop()
                raise

    run()


def against_library(library, tally):
    def examine(scene):
        rules = parse_document(scene.document)
        if not library.load(json.dumps(scene.document, ensure_ascii=False)):
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


def library_scenes():
    return scenes()
