"""Each guard holds on this project, and each finds the fault it is there for."""

import shutil
import subprocess

import pytest

import guards
from guards import attacks, code, ids, limits, links, policies, statements, tree
from kit.paths import ROOT


@pytest.mark.parametrize("guard", guards.GUARDS, ids=lambda guard: guard.__name__)
def test_holds(guard, programs):
    found = list(guard(ROOT))
    assert not found, "\n" + "\n".join(found)


@pytest.fixture
def small(tmp_path):
    """A tree with the folders of this one and one rule, fully kept."""
    files = {
        "spec/06-publish.md": '- **PUB-02** A PUBLISH MUST hold.\n\n  ```scenario\n  case PUB-02.x "x"\n  ```\n',
        "spec/00-conventions.md": "Areas of core: PUB, SBS\n",
        "harness/mutants/one.mutant": "rule PUB-02\nfile reference/route/tree.c\ndies-by PUB-02.*\nfind\na\nreplace\nb\n",
        "reference/route/tree.c": '#include "tree.h"\n/* [PUB-02] */\nvoid f(void)\n{\n}\n',
        "reference/route/tree.h": "",
        "reference/base/clock.h": "",
        "reference/decision/decide.h": "",
        "reference/packet/packet.h": "",
        "conformance/main.c": '#include "clock.h"\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in ("vectors", "conformance/cases", "harness", "reports"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    return tmp_path


# guard, file, text that is added to it, words of the complaint
PLANTED = [
    (ids.rules_are_witnessed, "spec/06-publish.md", "\n- **PUB-09** It MUST be seen.\n", "PUB-09 has neither"),
    (ids.ids_exist, "reference/route/tree.c", "/* [PUB-77] */\n", "PUB-77 is no rule"),
    (ids.ids_exist, "reference/route/tree.c", "/* [QQQ-01] */\n", "QQQ-01 is no rule"),
    (ids.ids_exist, "reference/route/tree.c", 'const char *why = "PUB-78";\n', "PUB-78 is no rule"),
    (ids.ids_exist, "conformance/cases/x.scenario", 'case SBS-01.x "x"\n', "SBS-01 is no rule"),
    (ids.musts_have_mutants, "spec/06-publish.md", "\n- **PUB-09** It MUST be seen.\n", "no mutant for PUB-09"),
    (ids.musts_are_in_the_code, "spec/06-publish.md", "\n- **PUB-09** It MUST be seen.\n", "nothing says [PUB-09]"),
    (policies.fixture_is_small, "spec/05.md",
     "```policy a\n{\"rules\": [" + ",".join(["{}"] * 41) + "]}\n```\n", "41 rules"),
    (policies.fixture_is_small, "spec/05.md",
     '```policy a\n{"rules": [{"share": ["g"]}]}\n```\n```scenario\ncase PUB-02.y "y"\n  org a\n```\n', "uses share"),
    (policies.fixture_is_small, "spec/05.md",
     '```policy a\n{"rules": [{"retain": false}]}\n```\n```scenario\ncase PUB-02.y "y"\n'
     '  scout is agent with name "x", org "a"\n```\n', "uses retain"),
    (policies.fixture_is_small, "spec/05.md",
     "".join(f'```policy o{n}\n{{"rules": []}}\n```\n' for n in range(7)), "7 organisations"),
    (statements.statements_have_checks, "reference/mqtt5.tsv", "MQTT-1.5.4-1\tserver\tx\t-\n", "no check shows MQTT-1.5.4-1"),
    (statements.statements_have_checks, "reference/mqtt5.tsv", "MQTT-1.5.4-1\tserver\tx\ttest_a:b\n", "no check test_a:b"),
    (statements.statements_have_checks, "reference/mqtt5.tsv", "MQTT-1.5.4-1\tserver\tx\tharness/test_a.py::test_b\n",
     "no check harness/test_a.py::test_b"),
    (statements.statements_have_checks, "reference/mqtt5.tsv", "MQTT-1.5.4-1\tx\n", "expected label"),
    (statements.statements_have_checks, "reference/mqtt5.tsv",
     "MQTT-1.5.4-1\tclient\t-\t-\nMQTT-1.5.4-3\tclient\t-\t-\n", "does not follow MQTT-1.5.4-1"),
    (policies.every_rule_has_its_probes, "spec/05.md",
     '```policy a\n{"rules": [{"id": "x", "action": "pub+sub"}]}\n```\n```probes a\nx agent s pub t u\n```\n',
     "policy a, rule x: no probe for sub"),
    (code.includes_follow_the_layers, "reference/route/tree.c", '#include "decide.h"\n', "route includes decide.h"),
    (code.includes_follow_the_layers, "reference/decision/gate.c", '#include "packet.h"\n', "topic words alone"),
    (code.includes_follow_the_layers, "conformance/main.c", '#include "decide.h"\n', "neither its own nor of base"),
    (code.decide_is_called_by_the_gate_alone, "reference/route/tree.c", "int x = decide (1);\n", "names decide"),
    (code.decide_is_called_by_the_gate_alone, "reference/route/tree.c", "static f *ask = &decide;\n", "names decide"),
    (code.decide_is_called_by_the_gate_alone, "reference/decision/gate.c", "bool b = pattern_covers_topic(r, i, t);\n",
     "names pattern_covers_topic"),
    (code.decide_is_called_by_the_gate_alone, "reference/session/x.h", "bool b = policy_rule_applies(r, i);\n",
     "names policy_rule_applies"),
    (code.every_door_is_asked, "reference/decision/decide.h", "enum door {\n\tDOOR_BACK,\n\tDOOR_COUNT\n};\n", "nobody asks at DOOR_BACK"),
    (code.pure_code_has_no_clock, "reference/route/tree.c", '#include "clock.h"\n', "includes clock.h"),
    (code.pure_code_has_no_clock, "reference/packet/packet.h", "#include <time.h>\n", "includes <time.h>"),
    (code.pure_code_has_no_clock, "reference/decision/decide.h", "#include <unistd.h>\n", "includes <unistd.h>"),
    (code.pure_code_has_no_clock, "reference/decision/decide.h", "long now = time(0);\n", "calls time"),
    (code.pure_code_has_no_clock, "reference/identity/a.c", 'char *x = getenv ("X");\n', "calls getenv"),
    (code.pure_code_has_no_clock, "reference/route/tree.c", "int x = rand();\n", "calls rand"),
    (code.judgement_has_no_clock, "conformance/judge/x.c", "long now = time(0);\n", "what judges calls time"),
    (code.judgement_has_no_clock, "conformance/wire/x.h", "char *x = getenv (\"X\");\n", "what judges calls getenv"),
    (code.judgement_has_no_clock, "conformance/scenario/x.c", "int64_t now = clock_monotonic_us();\n",
     "what judges calls clock_monotonic_us"),
    (code.no_banned_functions, "reference/route/tree.c", "void g(void) { strcpy(a, b); }\n", "strcpy is banned"),
    (limits.limits_are_published, "reference/packet/mqtt_limits.h", "\tLIMIT_X = 77,\n", "LIMIT_X is 77, and published as"),
    (limits.limits_are_published, "spec/A4-limits.md", "| `LIMIT_Y` | 7 | a | b |\n", "there is no LIMIT_Y"),
    (limits.limits_have_tests, "reference/packet/mqtt_limits.h", "\tLIMIT_X = 77,\n", "no test names LIMIT_X"),
    (code.files_are_short, "reference/route/tree.c", "\n" * 600, "more than 500"),
    (code.files_are_short, "conformance/test/test_x.c", "\n" * 501, "conformance/test/test_x.c: 501 lines"),
    (code.files_are_short, "harness/test_x.py", "\n" * 501, "harness/test_x.py: 501 lines"),
    (code.files_are_short, "conformance/cases/x.scenario", "\n" * 501, "x.scenario: 501 lines"),
    (code.functions_are_short, "reference/route/tree.c", "int g(void)\n{\n" + "\tx();\n" * 81 + "}\n", "81 lines"),
    (tree.top_level_is_fixed, "notes.txt", "", "notes.txt: not among"),
    (tree.folders_have_a_readme, "reference/route/tree.c", "", "reference/route: no README.md"),
    (tree.readme_paths_exist, "README.md", "see [here](spec/nowhere.md)\n", "nowhere.md leads nowhere"),
    (tree.readme_paths_exist, "README.md", "see `harness/nothing`\n", "there is no harness/nothing"),
    (tree.no_machine_paths, "README.md", "in /" + "home/me/x\n", "README.md:1: names a folder"),
    (tree.nothing_left_for_later, "reference/route/tree.c", "/* TO" "DO */\n", "later"),
]


@pytest.mark.parametrize("guard, file, text, words", PLANTED,
                         ids=[f"{guard.__name__}-{number}" for number, (guard, *_) in enumerate(PLANTED)])
def test_finds_a_planted_fault(small, guard, file, text, words):
    path = small / file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as out:
        out.write(text)
    assert words in "\n".join(guard(small))


@pytest.mark.parametrize("guard", [
    ids.rules_are_witnessed, ids.ids_exist, ids.musts_have_mutants, ids.musts_are_in_the_code,
    code.includes_follow_the_layers, code.decide_is_called_by_the_gate_alone, code.no_banned_functions,
], ids=lambda guard: guard.__name__)
def test_is_silent_where_nothing_is_wrong(small, guard):
    assert not list(guard(small))


EXCUSED = "`later-draft` it is of a class without a chapter in this draft"


@pytest.fixture
def attacked(small):
    """A table in which the first row is found by a case and a vector, and all others are excused."""
    (small / "conformance/cases/x.scenario").write_text('case PUB-02.y "y"\n  org seed\n  attack N01\n')
    (small / "vectors/token").mkdir()
    (small / "vectors/token/x.json").write_text('{"vectors": [{"id": "token-z", "rule": "PUB-02", "attack": ["N01"]}]}')
    rows = [f"| {name} | a | b | – | {EXCUSED} |" for name in attacks.ROWS[1:]]
    (small / attacks.TABLE).write_text("\n".join(["| N01 | a | b | PUB-02 | `PUB-02.y` `vector:token-z` |", *rows]) + "\n")
    return small


def test_a_table_of_attacks_that_tells_all_is_left_in_peace(attacked):
    assert not list(attacks.every_attack_is_answered(attacked))


# what stands in the table or the case, what takes its place, words of the complaint
@pytest.mark.parametrize("file, old, new, words", [
    (attacks.TABLE, "`PUB-02.y` ", "", "N01: PUB-02.y names it and is not in the table"),
    (attacks.TABLE, "`PUB-02.y`", "`PUB-02.y` `PUB-02.gone`", "there is no case PUB-02.gone"),
    (attacks.TABLE, "`PUB-02.y`", "`PUB-02.y` `PUB-02.x`", "N01: PUB-02.x does not name it"),
    (attacks.TABLE, "| PUB-02 |", "| PUB-03 |", "N01: its rules are PUB-02"),
    (attacks.TABLE, "| N02 |", "| N03 |", "each once and in order"),
    (attacks.TABLE, EXCUSED, "`later-draft` later", "N02: there is no case later-draft"),
    (attacks.TABLE, "`PUB-02.y` `vector:token-z`", "soon", "N01 has neither a case nor an excuse"),
    (attacks.TABLE, "`PUB-02.y` `vector:token-z`", EXCUSED, "N01 is excused, and a case names it"),
    (attacks.TABLE, "| a | b | PUB-02", "| a | PUB-02", "expected five cells"),
    ("conformance/cases/x.scenario", "attack N01", "attack N01 N77", "names N77, which is no row"),
    ("vectors/token/x.json", '["N01"]', '["N02"]', "vector:token-z does not name it"),
])
def test_a_table_of_attacks_that_is_not_true_is_found_out(attacked, file, old, new, words):
    text = (attacked / file).read_text()
    assert old in text
    (attacked / file).write_text(text.replace(old, new, 1))
    assert words in "\n".join(attacks.every_attack_is_answered(attacked))


def test_a_check_that_is_never_run_is_none(small):
    (small / "reference/mqtt5.tsv").write_text("MQTT-1.5.4-1\tserver\tx\ttest_a:b\n")
    path = small / "reference/test/test_a.c"
    path.parent.mkdir()
    path.write_text("START_TEST(b)\n")
    assert "no check test_a:b" in "\n".join(statements.statements_have_checks(small))
    path.write_text("START_TEST(b)\n\ttcase_add_test(all, b);\n")
    assert not list(statements.statements_have_checks(small))


def test_a_cited_statement_is_registered(small):
    (small / "reference/mqtt5.tsv").write_text("MQTT-1.5.4-1\tclient\t-\t-\n")
    (small / "reference/route/tree.c").write_text("/* [MQTT-1.5.4-1] [MQTT-1.5.4-2] */\n")
    assert [problem.rpartition(": ")[2] for problem in statements.cited_statements_are_registered(small)] == \
        ["MQTT-1.5.4-2 is no statement of the register"]


def test_strings_and_comments_are_no_calls(small):
    (small / "reference/route/tree.c").write_text('/* strcpy(a) */ const char *x = "system(1)";\n')
    assert not list(code.no_banned_functions(small))


# guard, library, object, C source, words of the complaint
COMPILED = [
    (links.no_mutable_globals, "session", "x", "int counter;", "counter is a mutable global"),
    (links.no_mutable_globals, "session", "x", "int seven = 7;", "seven is a mutable global"),
    (links.no_mutable_globals, "session", "x", "int f(void) { static int calls = 3; return calls++; }", "calls"),
    (links.no_mutable_globals, "session", "x", "int __counter = 7;", "__counter is a mutable global"),
    (links.no_mutable_globals, "session", "x", "const char *word = \"a\";", "word is a mutable global"),
    (links.no_mutable_globals, "session", "x", "int f(void); int (*table[])(void) = { f };", "table is a mutable global"),
    (links.no_mutable_globals, "conformance", "x", "static int seven = 7; int f(void) { return ++seven; }", "seven"),
    (links.no_mutable_globals, "base", "x", "_Thread_local int mine = 1;", "mine is a mutable global"),
    (links.pure_code_needs_nothing_impure, "route", "x", "long time(long *); long f(void) { return time(0); }",
     "x.c.o is pure and needs time"),
    (links.pure_code_needs_nothing_impure, "packet", "x", "int rand(void); int (*f)(void) = rand;", "needs rand"),
    (links.pure_code_needs_nothing_impure, "identity", "x",
     "void *json_read_file(void); void *f(void) { return json_read_file(); }", "needs json_read_file"),
    (links.pure_code_needs_nothing_impure, "decision", "decide",
     "void *malloc(unsigned long); void *f(void) { return malloc(7); }", "decide.c.o decides and needs malloc"),
    (links.only_the_gate_reaches_the_decision, "session", "x", "void decide(void); void (*f)(void) = decide;",
     "x.c.o refers to decide"),
    (links.only_the_gate_reaches_the_decision, "decision", "gate",
     "void pattern_covers_topic(void); void f(void) { pattern_covers_topic(); }", "refers to pattern_covers_topic"),
]
HARMLESS = "static const char *const names[] = { \"a\" }; const char *f(int i) { return names[i]; }"


def compiled(folder, planted):
    """A build folder whose libraries are harmless but for the planted (library, object, source)."""
    build = folder / "build"
    build.mkdir()
    for library in ("base", *links.BROKER_LIBRARIES, "conformance"):
        name, source = (planted[1], planted[2]) if planted[0] == library else ("harmless", HARMLESS)
        made = build / f"{name}.c.o"
        subprocess.run(["cc", "-std=c11", "-fPIC", "-O1", "-x", "c", "-", "-c", "-o", made], input=source, text=True,
                       check=True)
        subprocess.run(["ar", "rc", build / f"lib{library}.a", made], check=True)
    return folder


@pytest.mark.parametrize("guard, library, name, source, words", COMPILED, ids=range(len(COMPILED)))
def test_finds_a_planted_object(tmp_path, guard, library, name, source, words):
    assert words in "\n".join(guard(compiled(tmp_path, (library, name, source))))


def test_a_mutable_global_beside_main_is_found(tmp_path):
    root = compiled(tmp_path, ("route", "x", HARMLESS))
    folder = root / "build" / "CMakeFiles" / "mqtt-agent-broker.dir" / "reference"
    folder.mkdir(parents=True)
    subprocess.run(["cc", "-x", "c", "-", "-c", "-o", folder / "main.c.o"], input="static int n = 1; int main(void) { return n++; }",
                   text=True, check=True)
    assert list(links.no_mutable_globals(root)) == ["reference/main.c.o: n is a mutable global"]


def test_harmless_objects_are_no_finding(tmp_path):
    root = compiled(tmp_path, ("route", "tables", HARMLESS))
    for guard in (links.no_mutable_globals, links.pure_code_needs_nothing_impure, links.only_the_gate_reaches_the_decision):
        assert not list(guard(root))


def test_a_suite_that_links_the_broker_is_found(programs, tmp_path):
    """The broker itself, given as the suite, holds every symbol that the suite may not have."""
    build = tmp_path / "build"
    (build / "bin").mkdir(parents=True)
    for library in (ROOT / "build").glob("lib*.a"):
        (build / library.name).symlink_to(library)
    shutil.copy(ROOT / "build/bin/mqtt-agent-broker", build / "bin/mqtt-agent-conformance")
    assert "token_verify comes from the broker's identity" in "\n".join(links.suite_links_base_alone(tmp_path))
