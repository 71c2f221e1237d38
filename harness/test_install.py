"""What `cmake --install` puts where, and that a program outside this tree can use it."""

import json
import os
import re
import shutil
import subprocess

import pytest

from kit import reference, tokens
from kit.paths import BUILD, ROOT

PAGES = {"mqtt-agent-broker": ROOT / "reference", "mqtt-agent-conformance": ROOT / "conformance"}

# Asks the library what the broker would ask it: CONFIG TOKEN TOPIC.
PROGRAM = r"""
#include "gate.h"
#include "token.h"
#include <stdio.h>
#include <time.h>

int main(int argc, char **argv)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *document = argc == 4 ? json_read_file(argv[1], &json_limits_file, &fault) : NULL;
	struct json_at root = json_root(document, argv[1]);
	struct trust *trust = document ? trust_load(&root, &fault) : NULL;
	struct policies *policies = trust ? policies_load(&root, &fault) : NULL;
	int64_t now_ms = (int64_t)time(NULL) * 1000;
	struct request request = { .door = DOOR_PUBLISH, .topic = slice_text(argv[3]), .now_ms = now_ms };
	struct gate gate = { policies, NULL, NULL };
	struct identity identity;
	struct refusal refusal;

	if (!policies)
		return fprintf(stderr, "%s\n", fault.text), 2;
	if (!token_verify(trust, slice_text(argv[2]), now_ms, &identity, &refusal))
		puts("refused");
	else
		puts(gate_ask(&gate, &identity, &request).allowed ? "allowed" : "denied");
	policies_free(policies);
	trust_free(trust);
	json_decref(document);
	return 0;
}
"""


@pytest.fixture(scope="module")
def prefix(programs, tmp_path_factory):
    place = tmp_path_factory.mktemp("prefix")
    subprocess.run(["cmake", "--install", BUILD, "--prefix", place], check=True, capture_output=True)
    return place


def test_programs_pages_and_schemas_are_there(prefix):
    for name, folder in PAGES.items():
        shown = subprocess.run([prefix / "bin" / name, "--version"], capture_output=True, text=True, check=True)
        assert shown.stdout.startswith(name)
        page = prefix / "share/man/man1" / f"{name}.1"
        assert page.read_bytes() == (folder / page.name).read_bytes()
    schemas = {path.name for path in (prefix / "share/mqtt-agent/schema").iterdir()}
    assert {"config.schema.json", "report.schema.json", "target.schema.json", "policy.schema.json"} <= schemas


def test_a_program_outside_links_the_library(prefix, kit, tmp_path):
    packages = next(prefix.glob("lib/**/mqttagent.pc")).parent
    source, program, config = tmp_path / "ask.c", tmp_path / "ask", tmp_path / "broker.json"
    source.write_text(PROGRAM)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "mqttagent"], capture_output=True, text=True, check=True,
                           env={**os.environ, "PKG_CONFIG_PATH": str(packages)}).stdout.split()
    assert not any(str(ROOT) in flag for flag in flags)
    subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-o", program, source, *flags], check=True)
    config.write_text(json.dumps(reference.configuration(kit)))
    token = tokens.agent(kit, "seed", "scout")

    def ask(text, topic):
        return subprocess.run([program, config, text, topic], capture_output=True, text=True, check=True).stdout.strip()

    assert ask(token, "agents/scout/card") == "allowed"
    assert ask(token, "agents/analyst/card") == "denied"
    assert ask(token[:-4] + "AAAA", "agents/scout/card") == "refused"


@pytest.mark.parametrize("name", PAGES)
def test_manual_page_is_sound_and_names_every_option(name):
    page = PAGES[name] / f"{name}.1"
    if shutil.which("mandoc"):
        linted = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True, check=False)
        assert linted.returncode == 0, linted.stdout
    if not shutil.which("groff"):
        pytest.skip("neither mandoc nor groff says what the page looks like: groff is missing")
    shown = subprocess.run(["groff", "-ww", "-mdoc", "-Tascii", "-P-cbou", page], capture_output=True, text=True, check=True)
    assert not shown.stderr, shown.stderr
    text = re.sub(r"\s+", " ", shown.stdout)
    usage = subprocess.run([BUILD / "bin" / name, "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", usage, re.M))
    assert options and not [option for option in options if option not in text.replace("- -", "--")]
