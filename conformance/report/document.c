#include "report/report.h"

#include "version.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COMMAND_MAX = 8192 };

char *text_clean(const char *text)
{
	char *copy = slice_copy(slice_text(text));
	size_t size = copy ? strlen(copy) : 0;
	for (size_t i = 0; i < size;) {
		size_t length = 1;
		while (length <= 4 && i + length <= size && !slice_utf8(slice_of(copy + i, length)))
			length++;
		if (length > 4 || i + length > size) {
			copy[i] = '?';
			length = 1;
		}
		i += length;
	}
	return copy;
}

json_t *text_json(const char *text)
{
	if (!text)
		return json_null();
	char *clean = text_clean(text);
	json_t *value = clean ? json_string(clean) : NULL;
	free(clean);
	return value;
}

/* In single quotes where a shell would otherwise read more than a word. */
static void shell_word(const char *word, struct buf *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/:@%+=,";
	if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
		buf_text(out, word);
		return;
	}
	buf_text(out, "'");
	for (; *word; word++) {
		if (*word == '\'')
			buf_text(out, "'\\''");
		else
			buf_u8(out, (uint8_t)*word);
	}
	buf_text(out, "'");
}

static void option(const char *name, const char *value, struct buf *out)
{
	if (!value)
		return;
	buf_format(out, " %s ", name);
	shell_word(value, out);
}

static json_t *rerun_of(const struct report_input *input, const struct script *script)
{
	struct buf out;
	buf_init(&out, COMMAND_MAX);
	if (input->again) {
		buf_text(&out, input->again);
	} else {
		shell_word(input->arguments[0], &out);
		buf_text(&out, " run");
		option("--spec", input->spec_dir, &out);
		option("--target", input->target_text, &out);
		option("--fixture", input->fixture_text, &out);
	}
	buf_format(&out, " --seed %llu --select ", (unsigned long long)input->plan->seed);
	buf_text(&out, "'"); /* always quoted: it is a pattern to the shell */
	buf_text(&out, script->id);
	buf_text(&out, "'");
	json_t *value = text_json(buf_string(&out));
	buf_release(&out);
	return value;
}

/* What is left of "CASE/ROW/CARRIER@LISTENER" between the case and the carrier, each of which but
 * the case may be missing; null where there is no row. */
static json_t *row_of(const struct script *script)
{
	struct slice id = slice_text(script->id), name = slice_text(script->case_id),
		     carrier = slice_text(script->carrier);
	const char *at = strrchr(script->id, '@');
	size_t size = at ? (size_t)(at - script->id) : id.size;
	if (!slice_starts(id, name) || size <= name.size + 1)
		return json_null();
	struct slice rest = slice_part(id, name.size + 1, size - name.size - 1);
	if (slice_equal(rest, carrier))
		return json_null();
	if (rest.size > carrier.size && rest.data[rest.size - carrier.size - 1] == '/' &&
	    slice_equal(slice_part(rest, rest.size - carrier.size, carrier.size), carrier))
		rest.size -= carrier.size + 1;
	return json_stringn((const char *)rest.data, rest.size);
}

static json_t *listener_name(const struct report_input *input, const struct script *script)
{
	bool known = script->listener < input->target->listener_count;
	return text_json(known ? input->target->listeners[script->listener].name : NULL);
}

static json_t *check_json(const struct report_input *input, const struct script *script, const struct check *check)
{
	const struct script_step *step = check->step < script->step_count ? &script->steps[check->step] : NULL;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:b, s:s, s:b, s:o, s:o, s:I, s:o}", "script",
			 text_json(script->id), "case", text_json(script->case_id), "title", text_json(script->title),
			 "row", row_of(script), "carrier", text_json(script->carrier), "listener",
			 listener_name(input, script), "rule", check->rule->id, "level", level_name(check->rule->level),
			 "class", text_json(check->rule->class), "deny", check->deny, "verdict",
			 verdict_name(check->verdict), "known", check->known, "sentence", text_json(check->sentence), "step",
			 text_json(step ? step->source : NULL), "script_us", (json_int_t)script->duration_us, "rerun", rerun_of(input, script));
}

static json_t *checks_json(const struct report_input *input)
{
	json_t *checks = json_array();
	for (size_t i = 0; i < input->plan->script_count; i++) {
		const struct script *script = input->plan->scripts[i];
		for (size_t k = 0; k < script->check_count; k++) {
			if (json_array_append_new(checks, check_json(input, script, &script->checks[k])) != 0) {
				json_decref(checks);
				return NULL;
			}
		}
	}
	return checks;
}

static json_t *rule_json(const struct report_input *input, const struct rule *rule)
{
	enum verdict worst = VERDICT_NA;
	size_t count = 0;
	for (size_t i = 0; i < input->plan->script_count; i++) {
		const struct script *script = input->plan->scripts[i];
		for (size_t k = 0; k < script->check_count; k++) {
			if (script->checks[k].rule != rule)
				continue;
			worst = count++ ? verdict_worse(worst, script->checks[k].verdict) : script->checks[k].verdict;
		}
	}
	return json_pack("{s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:{s:o, s:i}}", "id", rule->id, "level",
			 level_name(rule->level), "class", text_json(rule->class), "verdict",
			 text_json(count ? verdict_name(worst) : NULL), "checks", (json_int_t)count, "sentence",
			 text_json(rule->sentence), "excuse", text_json(rule->excuse), "place", "file",
			 text_json(rule->place.file), "line", (int)rule->place.line);
}

static json_t *rules_json(const struct report_input *input)
{
	json_t *rules = json_array();
	for (size_t i = 0; i < input->registry->rule_count; i++)
		json_array_append_new(rules, rule_json(input, &input->registry->rules[i]));
	return rules;
}

static json_t *listener_json(const struct listener *listener)
{
	char address[512];
	bool v6 = strchr(listener->host, ':') != NULL;
	snprintf(address, sizeof(address), "%s://%s%s%s:%u", listener->tls ? "mqtts" : "mqtt", v6 ? "[" : "",
		 listener->host, v6 ? "]" : "", (unsigned)listener->port);
	return json_pack("{s:o, s:o, s:b, s:b}", "name", text_json(listener->name), "address", text_json(address),
			 "tls", listener->tls, "plaintext_test", listener->test);
}

static json_t *words_json(char *const *words)
{
	json_t *list = json_array();
	for (size_t i = 0; words[i]; i++)
		json_array_append_new(list, text_json(words[i]));
	return list;
}

static json_t *hooks_json(const struct target *target)
{
	json_t *names = json_array();
	for (enum hook_kind kind = 0; kind < HOOK_KINDS; kind++) {
		if (target_has_hook(target, kind))
			json_array_append_new(names, json_string(hook_name(kind)));
	}
	return names;
}

static json_t *target_json(const struct target *target)
{
	json_t *listeners = json_array();
	for (size_t i = 0; i < target->listener_count; i++)
		json_array_append_new(listeners, listener_json(&target->listeners[i]));
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "name", text_json(target->name), "version",
			 text_json(target->version), "vendor", text_json(target->vendor), "digest", target->digest,
			 "listeners", listeners, "credentials", target->token_credentials ? "jwt" : "none", "classes",
			 words_json(target->classes), "algorithms", words_json(target->algorithms), "client_id_prefix",
			 text_json(target->client_id_prefix), "hooks", hooks_json(target));
}

static json_t *selection_json(const struct report_input *input)
{
	const struct plan_options *s = input->selection;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "select", text_json(s->select), "exclude", text_json(s->exclude),
			 "class", text_json(s->class), "level", text_json(s->level), "failed_from",
			 text_json(input->failed_from), "narrowed", input->plan->narrowed);
}

static json_t *started_json(int64_t started_ms)
{
	char text[32];
	struct tm utc;
	time_t seconds = (time_t)(started_ms / 1000);
	if (!gmtime_r(&seconds, &utc) || strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		return NULL;
	return json_string(text);
}

/* A run is as long as it has to be when it is not much longer than this. */
static json_t *longest_json(const struct plan *plan)
{
	const struct script *longest = NULL;
	for (size_t i = 0; i < plan->script_count; i++) {
		if (plan->scripts[i]->duration_us > (longest ? longest->duration_us : 0))
			longest = plan->scripts[i];
	}
	if (!longest)
		return json_null();
	return json_pack("{s:o, s:I}", "script", text_json(longest->id), "us", (json_int_t)longest->duration_us);
}

static json_t *run_json(const struct report_input *input)
{
	json_t *command = json_array();
	for (size_t i = 0; input->arguments[i]; i++)
		json_array_append_new(command, text_json(input->arguments[i]));
	return json_pack("{s:o, s:I, s:I, s:o, s:o, s:b, s:I, s:I, s:b, s:o, s:b, s:b, s:o}", "started", started_json(input->started_ms),
			 "duration_ms", (json_int_t)(input->result->duration_us / 1000), "seed",
			 (json_int_t)input->plan->seed, "command", command, "selection", selection_json(input),
			 "stop_on_fail", input->stop_on_fail, "repeat", (json_int_t)input->repeat, "repeated",
			 (json_int_t)input->repeated, "shuffle", input->shuffle, "longest", longest_json(input->plan), "interrupted", input->result->interrupted, "unreachable",
			 input->result->unreachable, "harness_fault", text_json(input->harness));
}

static json_t *counts_json(const struct tally *tally)
{
	json_t *counts = json_object();
	for (int v = VERDICT_PENDING; v <= VERDICT_PASS; v++) {
		if (v != VERDICT_PENDING || tally->counts[v] > 0)
			json_object_set_new(counts, verdict_name((enum verdict)v),
					    json_integer((json_int_t)tally->counts[v]));
	}
	return counts;
}

static json_t *baseline_json(const struct report_input *input)
{
	const struct baseline *baseline = input->baseline;
	json_t *entries = json_array();
	if (!baseline) {
		json_decref(entries);
		return json_null();
	}
	for (size_t i = 0; i < baseline->count; i++) {
		const struct known *known = &baseline->items[i];
		json_array_append_new(entries, json_pack("{s:o, s:o, s:o, s:s, s:s}", "rule", text_json(known->rule), "script",
							 text_json(known->script), "reason", text_json(known->reason),
							 "expires", known->expires, "state", known_state_name(known->state)));
	}
	return json_pack("{s:o, s:o}", "file", text_json(input->baseline_file), "known", entries);
}

json_t *report_document(const struct report_input *input)
{
	struct tally tally = tally_plan(input->plan, input->target);
	enum exit_code code = outcome_exit(&tally, input->result, input->stop_on_fail && tally.failed > 0,
					   baseline_overdue(input->baseline));
	if (input->fail_on_should && tally.warned > 0)
		code = EXIT_VIOLATION;
	if (input->harness && code != EXIT_VIOLATION)
		code = EXIT_HARNESS;
	return json_pack(
		"{s:i, s:{s:s, s:s}, s:{s:o, s:s}, s:o, s:{s:o, s:s}, s:o, s:o, s:{s:I, s:I}, s:i, s:s, s:o, s:o, s:o, "
		"s:o, s:o}",
		"report", 1, "suite", "name", SUITE_NAME, "version", SUITE_VERSION, "spec", "revision",
		text_json(input->registry->revision), "digest", input->registry->digest, "target",
		target_json(input->target), "fixture", "dir", text_json(input->fixture_text), "digest",
		input->fixture->digest, "run", run_json(input), "preflight", input->preflight ? report_preflight(&input->result->preflight) : json_null(), "emitted", "checks",
		(json_int_t)tally.emitted, "of", (json_int_t)input->plan->check_count, "exit", (int)code, "outcome",
		code == EXIT_CONFORMANT && tally.known > 0 ? "known violations only" : outcome_word(code), "counts", counts_json(&tally), "classes", report_classes(input), "rules",
		rules_json(input), "checks", checks_json(input), "baseline", baseline_json(input));
}

int report_exit(const json_t *report)
{
	return (int)json_integer_value(json_object_get(report, "exit"));
}
