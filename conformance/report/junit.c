#include "report/report.h"

#include <string.h>

/* FAIL is a failure; no answer is an error; both make a build red. */
static const struct {
	const char *verdict, *element;
} elements[] = {
	{ "FAIL", "failure" },   { "HARNESS", "error" }, { "INCONCLUSIVE", "error" }, { "FLAKY", "error" }, { "BLOCKED", "error" },
	{ "UNTESTED", "error" }, { "PENDING", "error" }, { "N/A", "skipped" },        { NULL, NULL },
};

static const char *text(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));
	return value ? value : "";
}

/* A failure that stands in the baseline turns no build red. */
static const char *element_of(const json_t *check)
{
	const char *verdict = text(check, "verdict");
	if (json_is_true(json_object_get(check, "known")))
		return "skipped";
	for (size_t i = 0; elements[i].verdict; i++) {
		if (strcmp(elements[i].verdict, verdict) == 0)
			return elements[i].element;
	}
	return NULL;
}

/* XML 1.0 has no way to write control characters, U+FFFE and U+FFFF: they are left out. The text is
 * valid UTF-8, as it comes out of a JSON document. */
static void escaped(const char *value, struct buf *out)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = { { '&', "&amp;" },   { '<', "&lt;" },   { '>', "&gt;" },  { '"', "&quot;" },
			 { '\'', "&apos;" }, { '\n', "&#10;" }, { '\t', "&#9;" }, { '\0', NULL } };
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;
		const char *entity = NULL;
		if (strncmp(value, "\xEF\xBF\xBE", 3) == 0 || strncmp(value, "\xEF\xBF\xBF", 3) == 0) {
			value += 2;
			continue;
		}
		for (size_t i = 0; entities[i].entity && !entity; i++)
			entity = entities[i].c == *value ? entities[i].entity : NULL;
		if (entity)
			buf_text(out, entity);
		else if (c >= 0x20 && c != 0x7f)
			buf_u8(out, c);
	}
}

static void attribute(const char *name, const char *value, struct buf *out)
{
	buf_format(out, " %s=\"", name);
	escaped(value, out);
	buf_text(out, "\"");
}

static void detail(const json_t *check, struct buf *out)
{
	escaped(text(check, "sentence"), out);
	buf_text(out, "&#10;again: ");
	escaped(text(check, "rerun"), out);
}

static bool of_one_script(const json_t *checks, size_t a, size_t b)
{
	return strcmp(text(json_array_get(checks, a), "script"), text(json_array_get(checks, b), "script")) == 0;
}

/* The time of a case is shared out among its checks, which stand together, so that the sum is right. */
static double seconds(const json_t *checks, size_t index)
{
	size_t first = index, end = index + 1;
	while (first > 0 && of_one_script(checks, first - 1, index))
		first--;
	while (end < json_array_size(checks) && of_one_script(checks, end, index))
		end++;
	json_int_t us = json_integer_value(json_object_get(json_array_get(checks, index), "script_us"));
	return (double)us / 1e6 / (double)(end - first);
}

static void testcase(const json_t *check, double time, struct buf *out)
{
	char name[1024];
	const char *verdict = text(check, "verdict"), *element = element_of(check);
	snprintf(name, sizeof(name), "%s [%s]", text(check, "script"), text(check, "rule"));
	buf_text(out, "    <testcase");
	attribute("classname", text(check, "rule"), out);
	attribute("name", name, out);
	buf_format(out, " time=\"%.6f\"", time);
	if (element) {
		buf_format(out, ">\n      <%s", element);
		attribute("message", text(check, "sentence"), out);
		if (strcmp(element, "skipped") != 0) {
			attribute("type", verdict, out);
			buf_text(out, ">");
			detail(check, out);
			buf_format(out, "</%s>\n    </testcase>\n", element);
		} else {
			buf_text(out, "/>\n    </testcase>\n");
		}
	} else if (strcmp(verdict, "WARN") == 0) {
		buf_text(out, ">\n      <system-out>WARN: ");
		detail(check, out);
		buf_text(out, "</system-out>\n    </testcase>\n");
	} else {
		buf_text(out, "/>\n");
	}
}

static size_t count_of(const json_t *checks, const char *element)
{
	const json_t *check;
	size_t i, count = 0;
	json_array_foreach(checks, i, check)
	{
		const char *found = element_of(check);
		count += found && strcmp(found, element) == 0;
	}
	return count;
}

static void totals(const json_t *report, struct buf *out)
{
	const json_t *checks = json_object_get(report, "checks"), *run = json_object_get(report, "run");
	buf_format(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", json_array_size(checks),
		   count_of(checks, "failure"), count_of(checks, "error"));
	buf_format(out, " time=\"%.3f\"", (double)json_integer_value(json_object_get(run, "duration_ms")) / 1000.0);
}

void report_junit(const json_t *report, struct buf *out)
{
	const json_t *checks = json_object_get(report, "checks"), *check;
	const char *target = text(json_object_get(report, "target"), "name");
	size_t i;
	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	attribute("name", text(json_object_get(report, "suite"), "name"), out);
	totals(report, out);
	buf_text(out, ">\n  <testsuite");
	attribute("name", target, out);
	attribute("timestamp", text(json_object_get(report, "run"), "started"), out);
	totals(report, out);
	buf_format(out, " skipped=\"%zu\">\n", count_of(checks, "skipped"));
	json_array_foreach(checks, i, check) testcase(check, seconds(checks, i), out);
	buf_text(out, "  </testsuite>\n</testsuites>\n");
}
