#include "command/options.h"

#include <stdio.h>
#include <string.h>

static const struct option_info infos[OPTION_COUNT] = {
	[OPTION_HELP] = { "--help", "-h", NULL, "this text" },
	[OPTION_VERSION] = { "--version", NULL, NULL, "version of the suite and of the profile" },
	[OPTION_SPEC] = { "--spec", NULL, "DIR", "for authors: read spec, cases and vectors from this checkout" },
	[OPTION_TARGET] = { "--target", NULL, "T",
			    "the broker: a target file, or mqtts://host:port, mqtt://host:port" },
	[OPTION_FIXTURE] = { "--fixture", NULL, "DIR", "the fixture that the broker has loaded" },
	[OPTION_SELECT] = { "--select", NULL, "GLOB", "only cases, scripts or rules that match" },
	[OPTION_EXCLUDE] = { "--exclude", NULL, "GLOB", "all but cases, scripts or rules that match" },
	[OPTION_CLASS] = { "--class", NULL, "C", "only rules of this conformance class" },
	[OPTION_LEVEL] = { "--level", NULL, "L", "only rules of this level: must, should or may" },
	[OPTION_JOBS] = { "--jobs", NULL, "N", "cases at the same time (default 16)" },
	[OPTION_SEED] = { "--seed", NULL, "S", "number that all names and nonces come from (default random)" },
	[OPTION_REPEAT] = { "--repeat", NULL, "N", "the whole run N times; two verdicts of one check are FLAKY" },
	[OPTION_SHUFFLE] = { "--shuffle", NULL, NULL, "cases in an order that comes from the seed, another in each repeat" },
	[OPTION_FAILED_FROM] = { "--failed-from", NULL, "REPORT", "only scripts in which a check of that report did not pass" },
	[OPTION_BASELINE] = { "--baseline", NULL, "FILE", "known failures: they are run and told, and are no violation" },
	[OPTION_NO_PREFLIGHT] = { "--no-preflight", NULL, NULL, "start without the first look at the target" },
	[OPTION_STOP_ON_FAIL] = { "--stop-on-fail", NULL, NULL, "end at the first failure" },
	[OPTION_FAIL_ON] = { "--fail-on", NULL, "should", "a missed SHOULD is a violation, too" },
	[OPTION_VERBOSE] = { "--verbose", "-v", NULL, "every check, not only those that did not pass" },
	[OPTION_AGAIN] = { "--again", NULL, "COMMAND",
			   "what runs this target again, for scripts around `run`; shown where a check did not pass" },
	[OPTION_REPORT] = { "--report", NULL, "DIR", "folder of the report (default build/reports/TARGET-NAME)" },
	[OPTION_JSON] = { "--json", NULL, NULL, "as JSON" },
	[OPTION_FORMAT] = { "--format", NULL, NULL, "print the file as it should be aligned" },
	[OPTION_ORG] = { "--org", NULL, "O", "organisation, org_id (default seed)" },
	[OPTION_AGENT] = { "--agent", NULL, "A", "agent, agent_id (default scout, unless --user is given)" },
	[OPTION_USER] = { "--user", NULL, "U", "user, user_id" },
	[OPTION_RECIPE] = { "--recipe", NULL, "FILE",
			    "a token recipe (JSON), or - for standard input; see conformance/mint/mint.h" },
	[OPTION_LIFETIME] = { "--lifetime", NULL, "S", "seconds until exp (default 300)" },
};

const struct option_info *option_info(enum option option)
{
	return &infos[option];
}

static bool takes(const enum option *taken, enum option option)
{
	if (option == OPTION_HELP || option == OPTION_SPEC)
		return true;
	for (; *taken != OPTION_END; taken++) {
		if (*taken == option)
			return true;
	}
	return false;
}

/* OPTION_END when there is no such option. *value: behind "=", or NULL. */
static enum option find(const char *word, const char **value)
{
	const char *equals = strchr(word, '=');
	size_t size = equals ? (size_t)(equals - word) : strlen(word);
	*value = equals ? equals + 1 : NULL;
	for (enum option option = OPTION_HELP; option < OPTION_COUNT; option++) {
		const struct option_info *info = &infos[option];
		if ((strlen(info->name) == size && strncmp(info->name, word, size) == 0) ||
		    (info->letter && strcmp(info->letter, word) == 0))
			return option;
	}
	return OPTION_END;
}

/* Takes one option; *index moves over its value. */
static bool take(char **argv, int *index, const enum option *taken, struct arguments *arguments, struct fault *fault)
{
	const char *word = argv[*index], *value = NULL;
	enum option option = find(word, &value);
	if (option == OPTION_END || !takes(taken, option))
		return fault_set(fault, FAULT_PROTOCOL,
				 option == OPTION_END ? "unknown option %s" : "%s is no option of this command", word);
	const struct option_info *info = &infos[option];
	if (arguments->values[option])
		return fault_set(fault, FAULT_PROTOCOL, "%s is given twice", info->name);
	if (!info->argument) {
		arguments->values[option] = "";
		return !value || fault_set(fault, FAULT_PROTOCOL, "%s takes no value", info->name);
	}
	if (!value)
		value = argv[*index + 1] ? argv[++*index] : NULL;
	if (!value || value[0] == '\0')
		return fault_set(fault, FAULT_PROTOCOL, "%s needs a value: %s %s", info->name, info->name,
				 info->argument);
	arguments->values[option] = value;
	return true;
}

bool arguments_read(char **argv, int first, const enum option *taken, struct arguments *arguments, struct fault *fault)
{
	bool only_positionals = false;
	arguments->argv = (const char *const *)argv;
	for (int i = first; argv[i]; i++) {
		if (!only_positionals && strcmp(argv[i], "--") == 0) {
			only_positionals = true;
		} else if (!only_positionals && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!take(argv, &i, taken, arguments, fault))
				return false;
		} else if (arguments->positional_count == POSITIONALS_MAX) {
			return fault_set(fault, FAULT_PROTOCOL, "\"%.100s\" is one word too many", argv[i]);
		} else {
			arguments->positionals[arguments->positional_count++] = argv[i];
		}
	}
	return true;
}

static bool digits(const char *text, uint64_t *number)
{
	*number = 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || *number > (UINT64_MAX - 9) / 10)
			return false;
		*number = *number * 10 + (uint64_t)(*text - '0');
	}
	return true;
}

bool arguments_number(const struct arguments *arguments, enum option option, uint64_t least, uint64_t most,
		      uint64_t otherwise, uint64_t *number, struct fault *fault)
{
	const char *text = arguments->values[option];
	*number = otherwise;
	if (!text)
		return true;
	if (!digits(text, number) || *number < least || *number > most)
		return fault_set(fault, FAULT_PROTOCOL,
				 "%s: expected a whole number from %llu to %llu, found \"%.40s\"", infos[option].name,
				 (unsigned long long)least, (unsigned long long)most, text);
	return true;
}
