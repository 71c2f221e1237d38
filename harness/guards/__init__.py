"""Guards: what must be alike everywhere is alike, and what the house style forbids is not there.
A guard takes the project's folder and yields problems as `file:line: what is wrong`."""

from guards import attacks, code, ids, limits, links, policies, statements, tree

GUARDS = [
    ids.rules_are_witnessed,
    ids.ids_exist,
    ids.musts_have_mutants,
    ids.musts_are_in_the_code,
    policies.fixture_is_small,
    statements.statements_have_checks,
    statements.cited_statements_are_registered,
    policies.every_rule_has_its_probes,
    attacks.every_attack_is_answered,
    code.includes_follow_the_layers,
    code.decide_is_called_by_the_gate_alone,
    code.every_door_is_asked,
    code.pure_code_has_no_clock,
    code.judgement_has_no_clock,
    code.no_banned_functions,
    code.files_are_short,
    code.functions_are_short,
    limits.limits_are_published,
    limits.limits_have_tests,
    links.suite_links_base_alone,
    links.no_mutable_globals,
    links.pure_code_needs_nothing_impure,
    links.only_the_gate_reaches_the_decision,
    tree.top_level_is_fixed,
    tree.folders_have_a_readme,
    tree.readme_paths_exist,
    tree.no_machine_paths,
    tree.nothing_left_for_later,
]
