#include "command/command.h"

#include "actor/run.h"
#include "command/open.h"
#include "command/previous.h"
#include "json.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rejudged {
	const struct arguments *arguments;
	char *report_file;
	json_t *stored; /* the report of the live run */
	struct opened opened;
	struct fixture fixture; /* no more than the digest of the one that was used */
	struct areas areas;
	struct run_result result;
};

static const json_t *member(const json_t *object, const char *first, const char *second)
{
	const json_t *value = json_object_get(object, first);
	return second ? json_object_get(value, second) : value;
}

static const char *text(const json_t *object, const char *first, const char *second)
{
	return json_string_value(member(object, first, second));
}

/* --report FILE or DIR; without it the report.json beside the trace. */
static char *report_path(const struct arguments *arguments)
{
	const char *named = arguments->values[OPTION_REPORT];
	return named ? previous_file(named) : json_beside(arguments->positionals[0], "report.json");
}

static json_t *listener_document(const json_t *listener)
{
	json_t *document = json_pack("{s:O, s:O}", "name", json_object_get(listener, "name"), "address",
				     json_object_get(listener, "address"));
	if (document && json_is_true(json_object_get(listener, "plaintext_test")))
		json_object_set_new(document, "plaintext", json_string("test"));
	return document;
}

/* That it has a hook is all that judging needs to know. */
static json_t *hooks_document(const json_t *names)
{
	json_t *hooks = json_object(), *name;
	size_t i;
	json_array_foreach(names, i, name)
	{
		const char *word = json_string_value(name);
		json_object_set_new(hooks, word ? word : "", json_pack("[s]", "-"));
	}
	return hooks;
}

static void copy_text_member(const json_t *from, json_t *to, const char *name)
{
	json_t *value = json_object_get(from, name);
	if (json_is_string(value) && json_string_length(value) > 0)
		json_object_set(to, name, value);
}

/* A target file made of what the report says about the target. */
static bool target_of_report(struct rejudged *r, struct fault *fault)
{
	const json_t *target = member(r->stored, "target", NULL), *listener;
	json_t *document = json_pack("{s:O, s:[], s:O, s:O, s:O}", "name", member(target, "name", NULL), "listeners",
				     "credentials", member(target, "credentials", NULL), "classes",
				     member(target, "classes", NULL), "algorithms", member(target, "algorithms", NULL));
	size_t i;
	if (!document)
		return fault_set(fault, FAULT_MALFORMED, "%s: $.target: not as a report has it", r->report_file);
	copy_text_member(target, document, "version");
	copy_text_member(target, document, "vendor");
	copy_text_member(target, document, "client_id_prefix");
	json_object_set_new(document, "hooks", hooks_document(json_object_get(target, "hooks")));
	json_array_foreach(json_object_get(target, "listeners"), i, listener)
		json_array_append_new(json_object_get(document, "listeners"), listener_document(listener));
	r->opened.target = target_read(document, r->report_file, fault);
	json_decref(document);
	const char *digest = text(r->stored, "target", "digest");
	if (r->opened.target && digest && strlen(digest) == 64)
		memcpy(r->opened.target->digest, digest, 65);
	return r->opened.target != NULL;
}

static bool plan_of_report(struct rejudged *r, struct fault *fault)
{
	const json_t *run = member(r->stored, "run", NULL), *seed = json_object_get(run, "seed");
	struct plan_options *selection = &r->opened.selection;
	if (!json_is_integer(seed) || json_integer_value(seed) < 0)
		return fault_set(fault, FAULT_MALFORMED, "%s: $.run.seed: expected an integer", r->report_file);
	selection->seed = (uint64_t)json_integer_value(seed);
	selection->select = text(run, "selection", "select");
	selection->exclude = text(run, "selection", "exclude");
	selection->class = text(run, "selection", "class");
	selection->level = text(run, "selection", "level");
	if (text(run, "selection", "failed_from")) { /* the scripts are those that it has */
		r->opened.failed = previous_scripts(r->stored, r->report_file, false, fault);
		if (!r->opened.failed)
			return false;
		selection->only = (const char *const *)r->opened.failed;
	}
	opened_select(&r->opened);
	r->opened.plan = plan_make(r->opened.cases, r->opened.registry, selection, fault);
	return r->opened.plan != NULL;
}

static bool same_spec(const struct rejudged *r, struct fault *fault)
{
	const char *digest = text(r->stored, "spec", "digest");
	return (digest && strcmp(digest, r->opened.registry->digest) == 0) ||
	       fault_set(fault, FAULT_PROTOCOL,
			 "%s: the run was judged by another spec (digest %.64s); use the suite that wrote it, or "
			 "--spec DIR",
			 r->report_file, digest ? digest : "unknown");
}

static bool prepare(struct rejudged *r, struct fault *fault)
{
	r->report_file = report_path(r->arguments);
	if (!r->report_file)
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	if (access(r->arguments->positionals[0], R_OK) != 0)
		return fault_set(fault, FAULT_UNAVAILABLE, "%s: cannot read the trace: %s", r->arguments->positionals[0],
				 strerror(errno));
	r->stored = previous_read(r->report_file, fault);
	if (!r->stored || !open_cases(r->arguments, &r->opened, fault) || !same_spec(r, fault))
		return false;
	const char *digest = text(r->stored, "fixture", "digest");
	if (digest && strlen(digest) == 64)
		memcpy(r->fixture.digest, digest, 65);
	return target_of_report(r, fault) && plan_of_report(r, fault) && open_baseline(r->arguments, &r->opened, fault) &&
	       areas_load(r->arguments->values[OPTION_SPEC], "core", &r->areas, fault) &&
	       judge_trace(r->opened.plan, r->arguments->positionals[0], &r->result, fault);
}

static json_t *document_of(const struct rejudged *r)
{
	const char *dir = text(r->stored, "fixture", "dir"), *target = text(r->stored, "target", "name");
	struct report_input input = {
		.registry = r->opened.registry,
		.plan = r->opened.plan,
		.selection = &r->opened.selection,
		.target = r->opened.target,
		.fixture = &r->fixture,
		.result = &r->result,
		.core_areas = &r->areas,
		.baseline = r->opened.baseline,
		.baseline_file = r->arguments->values[OPTION_BASELINE],
		.fail_on_should = r->arguments->values[OPTION_FAIL_ON] != NULL,
		.preflight = false,
		.stop_on_fail = json_is_true(member(r->stored, "run", "stop_on_fail")),
		.failed_from = text(member(r->stored, "run", NULL), "selection", "failed_from"),
		.repeat = 1,
		.spec_dir = r->arguments->values[OPTION_SPEC],
		.target_text = target ? target : "T",
		.fixture_text = dir ? dir : "DIR",
		.arguments = r->arguments->argv,
	};
	return report_document(&input);
}

/* The live run's preflight and commands stay: only the verdicts are judged anew. */
static void take_over(const json_t *stored, json_t *judged)
{
	size_t i;
	json_t *check;
	const json_t *before = member(stored, "checks", NULL);
	json_object_set(judged, "preflight", json_object_get(stored, "preflight"));
	json_array_foreach(json_object_get(judged, "checks"), i, check)
	{
		json_t *rerun = json_object_get(json_array_get(before, i), "rerun");
		if (rerun)
			json_object_set(check, "rerun", rerun);
	}
}

static bool same_text(const json_t *a, const json_t *b, const char *name)
{
	const char *left = json_string_value(json_object_get(a, name)),
		   *right = json_string_value(json_object_get(b, name));
	return left && right && strcmp(left, right) == 0;
}

static size_t differences(const json_t *stored, const json_t *judged)
{
	const json_t *before = member(stored, "checks", NULL), *after = member(judged, "checks", NULL);
	size_t count = json_array_size(before) == json_array_size(after) ? 0 : 1;
	for (size_t i = 0; i < json_array_size(after); i++) {
		const json_t *a = json_array_get(before, i), *b = json_array_get(after, i);
		const char *verdict = a ? text(a, "verdict", NULL) : NULL;
		bool flaky = verdict && strcmp(verdict, "FLAKY") == 0; /* any verdict may have been this run's */
		if (same_text(a, b, "script") && same_text(a, b, "rule") && (flaky || same_text(a, b, "verdict")))
			continue;
		count++;
		fprintf(stderr, "%s %s: the live run says %s, the trace says %s\n", text(b, "script", NULL),
			text(b, "rule", NULL), a ? text(a, "verdict", NULL) : "nothing", text(b, "verdict", NULL));
	}
	return count;
}

static int conclude(const struct rejudged *r)
{
	struct text_style style = { false, r->arguments->values[OPTION_VERBOSE] != NULL, NULL };
	if (r->opened.baseline)
		baseline_apply(r->opened.baseline, r->opened.plan);
	json_t *judged = document_of(r);
	if (!judged) {
		command_refuse_text("out of memory");
		return EXIT_HARNESS;
	}
	take_over(r->stored, judged);
	if (r->arguments->values[OPTION_JSON]) {
		json_dumpf(judged, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		report_text(judged, &style, stdout);
	}
	int code = report_exit(judged);
	if (differences(r->stored, judged) > 0) {
		command_refuse_text("the judge does not agree with %s", r->report_file);
		code = EXIT_HARNESS;
	}
	json_decref(judged);
	return code;
}

int command_judge(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct rejudged r = { .arguments = arguments };
	int code = prepare(&r, &fault) ? conclude(&r) : command_refuse(&fault);
	preflight_release(&r.result.preflight);
	free(r.report_file);
	json_decref(r.stored);
	opened_release(&r.opened);
	return code;
}
