#include "command/command.h"

#include "version.h"

#include <stdarg.h>
#include <stdio.h>

static const enum option run_options[] = {
	OPTION_TARGET,  OPTION_FIXTURE, OPTION_SELECT, OPTION_EXCLUDE,      OPTION_CLASS,
	OPTION_LEVEL,   OPTION_JOBS,    OPTION_SEED,   OPTION_NO_PREFLIGHT, OPTION_STOP_ON_FAIL,
	OPTION_FAIL_ON, OPTION_AGAIN,   OPTION_VERBOSE,      OPTION_REPORT,      OPTION_REPEAT,
	OPTION_SHUFFLE, OPTION_FAILED_FROM, OPTION_BASELINE,
	OPTION_END,
};
static const enum option list_options[] = { OPTION_SELECT, OPTION_EXCLUDE, OPTION_CLASS,
					    OPTION_LEVEL,  OPTION_JSON,    OPTION_END };
static const enum option rules_options[] = { OPTION_CLASS, OPTION_LEVEL, OPTION_JSON, OPTION_END };
static const enum option plan_options[] = {
	OPTION_TARGET, OPTION_SELECT,  OPTION_EXCLUDE, OPTION_CLASS, OPTION_LEVEL,
	OPTION_SEED,   OPTION_VERBOSE, OPTION_JSON,    OPTION_END,
};
static const enum option validate_options[] = { OPTION_FORMAT, OPTION_JSON, OPTION_END };
static const enum option no_options[] = { OPTION_END };
static const enum option check_options[] = { OPTION_TARGET, OPTION_FIXTURE, OPTION_JSON, OPTION_END };
static const enum option mint_options[] = {
	OPTION_FIXTURE, OPTION_ORG, OPTION_AGENT, OPTION_USER, OPTION_RECIPE, OPTION_LIFETIME, OPTION_END,
};
static const enum option judge_options[] = { OPTION_REPORT, OPTION_BASELINE, OPTION_FAIL_ON, OPTION_VERBOSE, OPTION_JSON, OPTION_END };

const struct command commands[] = {
	{ "run", NULL, "judge a broker",
	  "Runs every check against the target and writes report.json, junit.xml and trace.jsonl.\n"
	  "Exit code: 0 no violation, 1 violation, 2 usage or bad file (nothing ran), 3 incomplete,\n"
	  "4 harness fault, 5 stale or expired baseline. A narrowed run never gives a class more than `partial`.\n",
	  "run --target mqtts://localhost:8883 --fixture fixture\n"
	  "run --target my-broker.json --fixture fixture --select 'PUB-*' -v\n"
	  "run --target my-broker.json --fixture fixture --failed-from build/reports/my-broker/report.json\n"
	  "run --target my-broker.json --fixture fixture --repeat 20 --shuffle\n",
	  run_options, command_run },
	{ "list", NULL, "the cases, with the rules they cite",
	  "A line a case: its id, its carriers, the rules that it cites, its title.\n",
	  "list\nlist --select 'SBS-*'\nlist --json\n", list_options, command_list },
	{ "rules", NULL, "the rules of the profile", "A line a rule: id, level, class, sentence.\n",
	  "rules\nrules --level must --json\n", rules_options, command_rules },
	{ "plan", NULL, "the scripts and checks that a run would have",
	  "A script is a case bound to row, carrier and listener. The plan is fixed before a run begins.\n",
	  "plan\nplan --target my-broker.json --select 'AUTH-*' -v\n", plan_options, command_plan },
	{ "explain", "RULE|CASE|ATTACK", "what a rule or a case means on the wire",
	  "Prints sentence, reason and place of a rule, its cases as they are run, and the outcomes that\n"
	  "conform, in words; of an attack of appendix A5, the cases that would have found it.\n",
	  "explain PUB-02\nexplain PUB-02.other\nexplain N01\n", no_options, command_explain },
	{ "validate", "FILE", "check a scenario file or a chapter",
	  "Parses and lints a file of scenarios, or the fenced scenarios of a chapter (.md); every mistake is\n"
	  "named with line, column and what was expected. With --format, a scenario file without mistakes is\n"
	  "printed as it should be aligned.\n",
	  "validate my.scenario\nvalidate spec/06-publish.md\nvalidate --json my.scenario\nvalidate --format my.scenario\n", validate_options,
	  command_validate },
	{ "fixture make", "DIR", "write a new fixture: keys, policies, certificates",
	  "Writes what a vendor loads into the broker once; DIR/SETUP.md says how. DIR must not exist, or\n"
	  "be empty.\n",
	  "fixture make fixture\n", no_options, command_fixture_make },
	{ "fixture check", NULL, "check a fixture, and that a broker has loaded it",
	  "Without a target: are the files those that were made? With one: the preflight of a run alone.\n"
	  "Exit code 3 when the target is not reached or not as the fixture wants it.\n",
	  "fixture check --fixture fixture\n"
	  "fixture check --fixture fixture --target mqtts://localhost:8883\n",
	  check_options, command_fixture_check },
	{ "mint token", NULL, "a token under the fixture's keys",
	  "Prints one token, good unless a recipe says otherwise.\n",
	  "mint token --fixture fixture\n"
	  "mint token --fixture fixture --org presence --agent warden --lifetime 3600\n"
	  "echo '{\"key\":\"attacker-es256\",\"claims\":{\"org_id\":\"seed\",\"agent_id\":\"scout\"}}' |\n"
	  "  mqtt-agent-conformance mint token --fixture fixture --recipe -\n",
	  mint_options, command_mint_token },
	{ "judge", "TRACE", "judge a stored trace again",
	  "Feeds trace.jsonl to the judge of the live run and compares with the report beside it (or that\n"
	  "of --report), from which the plan is made anew. Exit code as for run; 4 where the two differ.\n",
	  "judge build/reports/my-broker/trace.jsonl\njudge --baseline known.json build/reports/my-broker/trace.jsonl\n", judge_options, command_judge },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};

int command_refuse(const struct fault *fault)
{
	fprintf(stderr, SUITE_NAME ": %s\n", fault->text);
	return EXIT_USAGE;
}

int command_refuse_text(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	fputs(SUITE_NAME ": ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
	va_end(list);
	return EXIT_USAGE;
}
