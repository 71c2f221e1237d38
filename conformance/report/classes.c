#include "report/report.h"

#include <stdlib.h>
#include <string.h>

enum { REASON_MAX = 4096 };

struct class_count {
	size_t must, passed, not_applicable, failed, known, open; /* checks of MUST rules; known: of the failed */
};

static bool of_class(const struct rule *rule, const char *class)
{
	return strcmp(rule->class, class) == 0;
}

static void count_check(const struct check *check, struct class_count *count)
{
	if (check->rule->level != LEVEL_MUST)
		return;
	count->must++;
	count->passed += check->verdict == VERDICT_PASS || check->verdict == VERDICT_WARN;
	count->not_applicable += check->verdict == VERDICT_NA;
	count->failed += check->verdict == VERDICT_FAIL;
	count->known += check->verdict == VERDICT_FAIL && check->known;
	count->open += verdict_open(check->verdict);
}

static struct class_count count_class(const struct plan *plan, const char *class)
{
	struct class_count count = { .must = 0 };
	for (size_t i = 0; i < plan->script_count; i++) {
		for (size_t k = 0; k < plan->scripts[i]->check_count; k++) {
			if (of_class(plan->scripts[i]->checks[k].rule, class))
				count_check(&plan->scripts[i]->checks[k], &count);
		}
	}
	return count;
}

static bool has_check(const struct plan *plan, const struct rule *rule)
{
	for (size_t i = 0; i < plan->script_count; i++) {
		for (size_t k = 0; k < plan->scripts[i]->check_count; k++) {
			if (plan->scripts[i]->checks[k].rule == rule)
				return true;
		}
	}
	return false;
}

enum tls_story { TLS_NOT_RUN, TLS_RUN, TLS_PASSED };

/* What became of the MUST checks of this area on TLS listeners. */
static enum tls_story over_tls(const struct report_input *input, const char *area)
{
	enum tls_story story = TLS_NOT_RUN;
	for (size_t i = 0; i < input->plan->script_count; i++) {
		const struct script *script = input->plan->scripts[i];
		if (script->listener >= input->target->listener_count ||
		    !input->target->listeners[script->listener].tls)
			continue;
		for (size_t k = 0; k < script->check_count; k++) {
			const struct rule *rule = script->checks[k].rule;
			if (strcmp(rule->area, area) != 0 || rule->level != LEVEL_MUST)
				continue;
			if (script->checks[k].verdict == VERDICT_PASS)
				return TLS_PASSED;
			story = TLS_RUN;
		}
	}
	return story;
}

static bool declares(const struct target *target, const char *class)
{
	for (size_t i = 0; target->classes[i]; i++) {
		if (strcmp(target->classes[i], class) == 0)
			return true;
	}
	return false;
}

/* An area of core may be a class of its own, as SUB is: then the target has to declare that class. */
static bool area_judged(const struct report_input *input, const char *area)
{
	for (size_t i = 0; i < input->registry->rule_count; i++) {
		const struct rule *rule = &input->registry->rules[i];
		if (strcmp(rule->area, area) == 0 && (of_class(rule, "core") || declares(input->target, rule->class)))
			return true;
	}
	return false;
}

static void reason(struct buf *out, const char *text)
{
	buf_text(out, out->size > 0 ? "; " : "");
	buf_text(out, text);
}

static void reason_areas(const struct report_input *input, struct buf *out, json_t *covered, json_t *missing)
{
	const struct areas *areas = input->core_areas;
	struct buf there, gone;
	buf_init(&there, REASON_MAX);
	buf_init(&gone, REASON_MAX);
	for (size_t i = 0; i < areas->count; i++) {
		const char *area = areas->names[i];
		bool judged = area_judged(input, area);
		struct buf *list = judged ? &there : &gone;
		buf_format(list, "%s%s", list->size > 0 ? " " : "", area);
		json_array_append_new(judged ? covered : missing, json_string(area));
	}
	if (areas->count == 0)
		reason(out, "the spec names no areas of core");
	if (json_array_size(missing) > 0) {
		reason(out, "this suite draft covers ");
		buf_format(out, "%zu of core's %zu areas (%s); missing: %s", json_array_size(covered), areas->count,
			   buf_string(&there), buf_string(&gone));
	}
	buf_release(&there);
	buf_release(&gone);
}

static void reason_unjudged(const struct report_input *input, const char *class, struct buf *out)
{
	size_t found = 0;
	for (size_t i = 0; i < input->registry->rule_count; i++) {
		const struct rule *rule = &input->registry->rules[i];
		if (!of_class(rule, class) || rule->level != LEVEL_MUST || rule->excuse || has_check(input->plan, rule))
			continue;
		if (found++ == 0)
			reason(out, "no check for");
		buf_format(out, " %s", rule->id);
	}
}

static void reason_narrowed(const struct report_input *input, struct buf *out)
{
	const struct plan_options *selection = input->selection;
	const struct {
		const char *value, *words;
	} options[] = {
		{ selection->select, "narrowed by --select" },
		{ selection->exclude, "narrowed by --exclude" },
		{ selection->class, "narrowed by --class" },
		{ selection->level, "narrowed by --level" },
		{ input->failed_from, "narrowed by --failed-from" },
	};
	bool said = false;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (options[i].value) {
			reason(out, options[i].words);
			said = true;
		}
	}
	if (input->plan->narrowed && !said)
		reason(out, "the selection was narrowed");
}

/* "did not pass" is said of what was run, and of nothing else. */
static void reason_tls_areas(const struct report_input *input, struct buf *out)
{
	static const char *const areas[] = { "AUTH", "PUB" };
	for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
		enum tls_story story = over_tls(input, areas[i]);
		if (story == TLS_PASSED)
			continue;
		reason(out, "the ");
		buf_format(out, "%s cases %s over TLS", areas[i], story == TLS_RUN ? "did not pass" : "were not run");
	}
}

static void reason_transport(const struct report_input *input, struct buf *out)
{
	bool tls = false;
	for (size_t i = 0; i < input->target->listener_count; i++)
		tls = tls || input->target->listeners[i].tls;
	if (!tls)
		reason(out, "judged in plaintext only: success needs a TLS listener");
	else
		reason_tls_areas(input, out);
	if (!input->target->token_credentials)
		reason(out, "run without tokens (credentials: none)");
}

static void reason_status(const struct report_input *input, const struct class_count *count, struct buf *out)
{
	buf_format(out, "%zu of %zu MUST checks failed, %zu were not judged", count->failed, count->must, count->open);
	if (count->known > 0)
		buf_format(out, "; %zu of the failures are known (--baseline)", count->known);
	if (input->result->unreachable)
		reason(out, "the target was not reached");
	if (input->result->interrupted)
		reason(out, "interrupted");
}

/* The reasons why the class is no more than partial; empty: success. */
static void reasons(const struct report_input *input, const char *class, struct buf *out, json_t *covered,
		    json_t *missing)
{
	bool core = strcmp(class, "core") == 0;
	if (core)
		reason_areas(input, out, covered, missing);
	reason_narrowed(input, out);
	if (!input->plan->narrowed)
		reason_unjudged(input, class, out);
	if (core)
		reason_transport(input, out);
	if (input->spec_dir)
		reason(out, "judged by the spec of --spec, not by the one compiled in");
}

static const char *status_of(const struct report_input *input, const struct class_count *count, struct buf *why)
{
	bool cut_short = input->result->unreachable || input->result->interrupted || input->harness;
	const char *status = why->size > 0 ? "partial" : "success";
	if (count->failed == 0 && count->open == 0 && !cut_short && count->passed > 0)
		return status;
	struct buf first;
	buf_init(&first, REASON_MAX);
	if (count->must == 0)
		buf_text(&first, "no MUST check of it was part of this run");
	else if (count->failed == 0 && count->open == 0 && !cut_short)
		buf_text(&first, "nothing of it applied to this target");
	else
		reason_status(input, count, &first);
	if (why->size > 0)
		reason(&first, "");
	buf_put(&first, buf_slice(why));
	buf_release(why);
	*why = first;
	return count->failed > 0 ? "failure" : "incomplete";
}

static json_t *one_class(const struct report_input *input, const char *class)
{
	struct class_count count = count_class(input->plan, class);
	json_t *covered = json_array(), *missing = json_array();
	struct buf why;
	buf_init(&why, REASON_MAX);
	reasons(input, class, &why, covered, missing);
	const char *status = status_of(input, &count, &why);
	const char *words = buf_string(&why);
	json_t *object = json_pack("{s:s, s:s, s:s, s:{s:I, s:I, s:I, s:I, s:I}, s:{s:o, s:o}}", "class", class,
				   "status", status, "reason", words ? words : "", "must", "checks",
				   (json_int_t)count.must, "passed", (json_int_t)count.passed, "not_applicable",
				   (json_int_t)count.not_applicable, "failed", (json_int_t)count.failed, "open",
				   (json_int_t)count.open, "areas", "covered", covered, "missing", missing);
	buf_release(&why);
	return object;
}

json_t *report_classes(const struct report_input *input)
{
	json_t *classes = json_array();
	for (size_t i = 0; classes && input->target->classes[i]; i++) {
		if (json_array_append_new(classes, one_class(input, input->target->classes[i])) != 0) {
			json_decref(classes);
			return NULL;
		}
	}
	return classes;
}
