#include "report/baseline.h"

#include "json.h"
#include "report/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { KNOWN_MAX = 1000, DATE_SIZE = 10 };

struct loading {
	const struct registry *registry;
	const struct plan *plan;
	char today[DATE_SIZE + 1];
	struct baseline *baseline;
	struct fault *fault;
};

const char *known_state_name(enum known_state state)
{
	static const char *const names[] = { "failing", "not judged", "stale", "expired" };
	return names[state];
}

void baseline_free(struct baseline *baseline)
{
	if (!baseline)
		return;
	for (size_t i = 0; i < baseline->count; i++) {
		free(baseline->items[i].rule);
		free(baseline->items[i].script);
		free(baseline->items[i].reason);
	}
	free(baseline->items);
	free(baseline);
}

static bool text_at(const struct json_at *object, const char *name, char **copy, struct fault *fault)
{
	struct json_at at = json_member(object, name);
	const char *text = NULL;
	if (!json_text_at(&at, &text, fault))
		return false;
	*copy = slice_copy(slice_text(text));
	return *copy || fault_set(fault, FAULT_UNAVAILABLE, "out of memory while reading the baseline");
}

static int two_digits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* A day that the calendar has. */
static bool date_valid(const char *text)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	for (size_t i = 0; i < DATE_SIZE; i++) {
		bool dash = i == 4 || i == 7;
		if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	}
	int year = two_digits(text) * 100 + two_digits(text + 2), month = two_digits(text + 5), day = two_digits(text + 8);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month < 1 || month > 12)
		return false;
	return day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

static bool expires_at(const struct json_at *object, const char *today, struct known *known, struct fault *fault)
{
	struct json_at at = json_member(object, "expires");
	const char *text = NULL;
	if (!json_text_at(&at, &text, fault))
		return false;
	if (strlen(text) != DATE_SIZE || !date_valid(text))
		return json_expected(&at, "a day as in \"2027-01-31\"", fault);
	memcpy(known->expires, text, DATE_SIZE + 1);
	known->expired = strcmp(known->expires, today) < 0; /* digits compare as days do */
	return true;
}

static bool has_script(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->script_count; i++) {
		if (strcmp(plan->scripts[i]->id, id) == 0)
			return true;
	}
	return plan->narrowed; /* what was left out cannot be told from what does not exist */
}

static bool entry_at(struct loading *l, const struct json_at *at)
{
	static const char *const members[] = { "rule", "script", "reason", "expires", NULL };
	struct known *known = &l->baseline->items[l->baseline->count];
	struct json_at rule = json_member(at, "rule"), script = json_member(at, "script");
	if (!json_object_at(at, members, l->fault))
		return false;
	l->baseline->count++; /* from here on baseline_free releases it */
	if (!text_at(at, "rule", &known->rule, l->fault) || (script.value && !text_at(at, "script", &known->script, l->fault)) ||
	    !text_at(at, "reason", &known->reason, l->fault) || !expires_at(at, l->today, known, l->fault))
		return false;
	if (!registry_rule(l->registry, slice_text(known->rule)))
		return json_complain(&rule, l->fault, "no rule of this profile has the id \"%.40s\"; see `rules`", known->rule);
	return !known->script || has_script(l->plan, known->script) ||
	       json_complain(&script, l->fault, "this plan has no script \"%.200s\"; see `plan`", known->script);
}

static bool document_read(struct loading *l, const json_t *document, const char *file)
{
	static const char *const members[] = { "$schema", "known", NULL };
	struct json_at root = json_root(document, file), list = json_member(&root, "known");
	if (!json_object_at(&root, members, l->fault) || !json_array_at(&list, 1, KNOWN_MAX, l->fault))
		return false;
	size_t count = json_array_size(list.value);
	l->baseline = calloc(1, sizeof *l->baseline);
	if (l->baseline)
		l->baseline->items = calloc(count, sizeof *l->baseline->items);
	if (!l->baseline || !l->baseline->items)
		return fault_set(l->fault, FAULT_UNAVAILABLE, "out of memory while reading the baseline");
	for (size_t i = 0; i < count; i++) {
		struct json_at element = json_element(&list, i);
		if (!entry_at(l, &element))
			return false;
	}
	return true;
}

struct baseline *baseline_load(const char *file, const struct registry *registry, const struct plan *plan,
			       int64_t today_ms, struct fault *fault)
{
	struct loading l = { .registry = registry, .plan = plan, .fault = fault };
	struct tm utc;
	time_t seconds = (time_t)(today_ms / 1000);
	json_t *document = json_read_file(file, &json_limits_file, fault);
	bool read = document && gmtime_r(&seconds, &utc) && strftime(l.today, sizeof l.today, "%Y-%m-%d", &utc) > 0 &&
		    document_read(&l, document, file);
	json_decref(document);
	if (read)
		return l.baseline;
	baseline_free(l.baseline);
	return NULL;
}

static bool speaks_of(const struct known *known, const struct script *script, const struct check *check)
{
	return strcmp(known->rule, check->rule->id) == 0 && (!known->script || strcmp(known->script, script->id) == 0);
}

static bool failed(const struct check *check)
{
	return check->verdict == VERDICT_FAIL || (check->verdict == VERDICT_WARN && check->rule->level != LEVEL_MUST);
}

static void apply_one(struct known *known, struct plan *plan)
{
	size_t failing = 0, passing = 0, open = 0;
	for (size_t i = 0; i < plan->script_count; i++) {
		for (size_t k = 0; k < plan->scripts[i]->check_count; k++) {
			struct check *check = &plan->scripts[i]->checks[k];
			if (!speaks_of(known, plan->scripts[i], check))
				continue;
			check->known |= failed(check);
			failing += failed(check);
			passing += check->verdict == VERDICT_PASS || (check->verdict == VERDICT_WARN && !failed(check));
			open += verdict_open(check->verdict);
		}
	}
	known->state = failing > 0 ? KNOWN_FAILING : passing > 0 && open == 0 ? KNOWN_STALE : KNOWN_UNJUDGED;
	if (known->expired)
		known->state = KNOWN_EXPIRED;
}

void baseline_apply(struct baseline *baseline, struct plan *plan)
{
	for (size_t i = 0; i < baseline->count; i++)
		apply_one(&baseline->items[i], plan);
}

size_t baseline_overdue(const struct baseline *baseline)
{
	size_t count = 0;
	for (size_t i = 0; baseline && i < baseline->count; i++)
		count += baseline->items[i].state == KNOWN_STALE || baseline->items[i].state == KNOWN_EXPIRED;
	return count;
}
