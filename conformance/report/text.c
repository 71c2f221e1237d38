#include "report/report.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *verdict, *colour;
} colours[] = {
	{ "FAIL", "31" },    { "HARNESS", "35" }, { "INCONCLUSIVE", "33" }, { "FLAKY", "33" }, { "BLOCKED", "33" }, { "UNTESTED", "33" },
	{ "PENDING", "33" }, { "WARN", "33" },    { "PASS", "32" },         { "N/A", "2" },      { "success", "32" },
	{ "partial", "33" }, { "failure", "31" }, { "incomplete", "33" },   { NULL, NULL },
};

struct writer {
	const struct text_style *style;
	FILE *out;
};

static const char *text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));
	return value ? value : "";
}

static json_int_t number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* Control characters from a target's answers must not reach the terminal. */
static void plain(const struct writer *w, const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;
		if (c < 0x20 || c == 0x7f)
			fprintf(w->out, "\\x%02X", c);
		else
			fputc(c, w->out);
	}
}

static void coloured(const struct writer *w, const char *word)
{
	for (size_t i = 0; w->style->colour && colours[i].verdict; i++) {
		if (strcmp(colours[i].verdict, word) == 0) {
			fprintf(w->out, "\033[%sm%s\033[0m", colours[i].colour, word);
			return;
		}
	}
	fputs(word, w->out);
}

static void yes_no(const struct writer *w, const json_t *preflight, const char *name, const char *yes, const char *no)
{
	fprintf(w->out, ", %s", json_is_true(json_object_get(preflight, name)) ? yes : no);
}

static void write_clock(const struct writer *w, const json_t *preflight)
{
	const json_t *offset = json_object_get(preflight, "clock_offset_ms");
	if (json_is_integer(offset))
		fprintf(w->out, ", clock offset %lld s", (long long)json_integer_value(offset) / 1000);
	else
		fputs(", clock unknown", w->out);
}

static bool is_finding(const json_t *finding, const char *kind)
{
	return strcmp(text(finding, "finding"), kind) == 0;
}

/* A line for each rule that is not as the fixture has it; one for all where nothing is denied to anybody. */
static void write_findings(const struct writer *w, const json_t *probes)
{
	const json_t *findings = json_object_get(probes, "findings"), *finding;
	json_int_t asked = number(probes, "asked"), open = 0;
	size_t i;
	json_array_foreach(findings, i, finding) open += is_finding(finding, "denial not held");
	if (asked > 0)
		fprintf(w->out, "  fixture: %lld of %lld probes held\n", (long long)number(probes, "held"), (long long)asked);
	if (asked > 1 && open == asked) {
		fputs("  it denies nothing: of all that no rule grants, each probe was allowed\n", w->out);
		return;
	}
	json_array_foreach(findings, i, finding)
	{
		fputs("  ", w->out);
		plain(w, text(finding, "sentence"));
		fputs(json_is_true(json_object_get(finding, "blocks")) ? "; its cases are BLOCKED\n" : "\n", w->out);
	}
}

static void write_preflight(const struct writer *w, const json_t *preflight)
{
	if (json_is_null(preflight)) {
		fputs("preflight left out (--no-preflight)\n", w->out);
		return;
	}
	bool reached = json_is_true(json_object_get(preflight, "reached"));
	fprintf(w->out, "preflight: %s", reached ? "reached" : "not reached");
	if (reached) {
		yes_no(w, preflight, "good_token_accepted", "good token accepted", "good token REFUSED");
		yes_no(w, preflight, "own_message_back", "own message back", "own message NOT back");
		yes_no(w, preflight, "bad_token_refused", "bad token refused",
		       "bad token ACCEPTED (it does not authenticate)");
		fprintf(w->out, ", round trip %.1f ms", (double)number(preflight, "round_trip_us") / 1000.0);
		write_clock(w, preflight);
	}
	fputc('\n', w->out);
	if (text(preflight, "problem")[0] != '\0') {
		fputs("  ", w->out);
		plain(w, text(preflight, "problem"));
		fputc('\n', w->out);
	}
	if (text(preflight, "clock_warning")[0] != '\0')
		fprintf(w->out, "  %s\n", text(preflight, "clock_warning"));
	write_findings(w, json_object_get(preflight, "probes"));
}

static void write_head(const struct writer *w, const json_t *report)
{
	const json_t *target = json_object_get(report, "target"), *suite = json_object_get(report, "suite");
	const json_t *listener;
	size_t i;
	fprintf(w->out, "%s %s, profile %s\ntarget ", text(suite, "name"), text(suite, "version"),
		text(json_object_get(report, "spec"), "revision"));
	plain(w, text(target, "name"));
	fputs(text(target, "version")[0] != '\0' ? " " : "", w->out);
	plain(w, text(target, "version"));
	json_array_foreach(json_object_get(target, "listeners"), i, listener)
	{
		fprintf(w->out, "%s%s %s", i ? ", " : ": ", text(listener, "name"), text(listener, "address"));
		if (json_is_true(json_object_get(listener, "plaintext_test")))
			fputs(" (plaintext, test)", w->out);
	}
	fputc('\n', w->out);
	write_preflight(w, json_object_get(report, "preflight"));
}

/* "must" as the spec writes it */
static void upper(const struct writer *w, const char *word)
{
	for (; *word; word++)
		fputc(toupper((unsigned char)*word), w->out);
}

static void write_check(const struct writer *w, const json_t *check)
{
	const char *verdict = text(check, "verdict");
	bool quiet = strcmp(verdict, "PASS") == 0 || strcmp(verdict, "N/A") == 0;
	coloured(w, verdict);
	fprintf(w->out, " %s (", text(check, "rule"));
	upper(w, text(check, "level"));
	fprintf(w->out, ") %s%s\n", text(check, "script"), json_is_true(json_object_get(check, "known")) ? " (known)" : "");
	if (text(check, "sentence")[0] != '\0') {
		fputs("  ", w->out);
		plain(w, text(check, "sentence"));
		fputc('\n', w->out);
	}
	if (!quiet) {
		fputs("  again: ", w->out);
		plain(w, text(check, "rerun"));
		fputc('\n', w->out);
	}
}

/* Two hundred checks blocked by one cause are told once: these verdicts say nothing of the target. */
static bool collapses(const json_t *check)
{
	static const char *const verdicts[] = { "BLOCKED", "UNTESTED", "PENDING", NULL };
	for (size_t i = 0; verdicts[i]; i++) {
		if (strcmp(text(check, "verdict"), verdicts[i]) == 0)
			return true;
	}
	return false;
}

static bool same_reason(const json_t *a, const json_t *b)
{
	return strcmp(text(a, "verdict"), text(b, "verdict")) == 0 && strcmp(text(a, "sentence"), text(b, "sentence")) == 0;
}

static bool told_before(const json_t *checks, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (same_reason(json_array_get(checks, i), json_array_get(checks, index)))
			return true;
	}
	return false;
}

static void write_repeats(const struct writer *w, const json_t *checks, size_t index)
{
	size_t count = 0;
	for (size_t i = index + 1; i < json_array_size(checks); i++)
		count += same_reason(json_array_get(checks, i), json_array_get(checks, index));
	if (count > 0)
		fprintf(w->out, "  … and %zu more %s for the same reason (all of them: -v)\n", count,
			text(json_array_get(checks, index), "verdict"));
}

static void write_checks(const struct writer *w, const json_t *report)
{
	const json_t *check, *checks = json_object_get(report, "checks");
	bool any = false;
	size_t i;
	fputc('\n', w->out);
	json_array_foreach(checks, i, check) {
		const char *verdict = text(check, "verdict");
		bool quiet = strcmp(verdict, "PASS") == 0 || strcmp(verdict, "N/A") == 0;
		bool collapse = !w->style->verbose && collapses(check);
		if ((quiet && !w->style->verbose) || (collapse && told_before(checks, i)))
			continue;
		write_check(w, check);
		if (collapse)
			write_repeats(w, checks, i);
		any = true;
	}
	fputs(any ? "\n" : "", w->out);
}

static void write_classes(const struct writer *w, const json_t *report)
{
	const json_t *one;
	size_t i;
	json_array_foreach(json_object_get(report, "classes"), i, one)
	{
		const json_t *must = json_object_get(one, "must");
		fprintf(w->out, "class %s: ", text(one, "class"));
		coloured(w, text(one, "status"));
		fprintf(w->out, " (MUST: %lld passed, %lld failed, %lld open of %lld)\n",
			(long long)number(must, "passed"), (long long)number(must, "failed"),
			(long long)number(must, "open"), (long long)number(must, "checks"));
		if (text(one, "reason")[0] != '\0')
			fprintf(w->out, "  %s\n", text(one, "reason"));
	}
}

static void write_longest(const struct writer *w, const json_t *run)
{
	const json_t *longest = json_object_get(run, "longest");
	json_int_t repeat = number(run, "repeat");
	if (repeat > 1)
		fprintf(w->out, "; %lld of %lld repeats", (long long)number(run, "repeated"), (long long)repeat);
	if (json_is_object(longest))
		fprintf(w->out, ", longest case %.1f s (%s)", (double)number(longest, "us") / 1e6, text(longest, "script"));
	fputc('\n', w->out);
}

/* What is wrong with the baseline itself; failures that stand in it are told with the others. */
static void write_baseline(const struct writer *w, const json_t *report)
{
	const json_t *entry, *baseline = json_object_get(report, "baseline");
	size_t i;
	json_array_foreach(json_object_get(baseline, "known"), i, entry)
	{
		const char *state = text(entry, "state");
		if (strcmp(state, "stale") != 0 && strcmp(state, "expired") != 0)
			continue;
		plain(w, text(baseline, "file"));
		fprintf(w->out, ": $.known[%zu] is %s: %s %s", i, state, text(entry, "rule"), text(entry, "script"));
		fputs(strcmp(state, "stale") == 0 ? " passes; remove the entry\n" : " was accepted until ", w->out);
		if (strcmp(state, "expired") == 0)
			fprintf(w->out, "%s\n", text(entry, "expires"));
	}
}

static void write_counts(const struct writer *w, const json_t *report)
{
	const json_t *emitted = json_object_get(report, "emitted"), *run = json_object_get(report, "run");
	const char *verdict;
	json_t *count;
	fprintf(w->out, "emitted %lld of %lld checks:", (long long)number(emitted, "checks"),
		(long long)number(emitted, "of"));
	json_object_foreach(json_object_get(report, "counts"), verdict, count)
	{
		if (json_integer_value(count) > 0)
			fprintf(w->out, " %lld %s", (long long)json_integer_value(count), verdict);
	}
	fprintf(w->out, "; seed %lld; %.1f s", (long long)number(run, "seed"), (double)number(run, "duration_ms") / 1000.0);
	write_longest(w, run);
	if (json_is_true(json_object_get(run, "interrupted")))
		fputs("interrupted\n", w->out);
	if (text(run, "harness_fault")[0] != '\0') {
		fputs("harness fault: ", w->out);
		plain(w, text(run, "harness_fault"));
		fputc('\n', w->out);
	}
	fprintf(w->out, "outcome: %s (exit %lld)\n", text(report, "outcome"), (long long)number(report, "exit"));
	if (w->style->report_file)
		fprintf(w->out, "report: %s\n", w->style->report_file);
}

void report_preflight_text(const json_t *preflight, const struct text_style *style, FILE *out)
{
	struct writer w = { style, out };
	write_preflight(&w, preflight);
}

void report_text(const json_t *report, const struct text_style *style, FILE *out)
{
	struct writer w = { style, out };
	write_head(&w, report);
	write_checks(&w, report);
	write_classes(&w, report);
	write_baseline(&w, report);
	write_counts(&w, report);
}
