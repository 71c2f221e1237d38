#include "command/command.h"

#include "command/open.h"

#include <stdio.h>
#include <string.h>

/* What conforms, step by step: the verdict table of spec/A1 in words. */
static const struct {
	enum act act;
	enum outcome outcome;
	const char *words;
} meanings[] = {
	{ ACT_CONNECT, OUTCOME_ACCEPTED, "CONNACK 0x00" },
	{ ACT_CONNECT, OUTCOME_PRESENT, "CONNACK 0x00 with Session Present 1" },
	{ ACT_CONNECT, OUTCOME_ABSENT, "CONNACK 0x00 with Session Present 0" },
	{ ACT_CONNECT, OUTCOME_REFUSED,
	  "CONNACK with a code >= 0x80, or none, then close; nothing sent along has an effect" },
	{ ACT_CONNECT, OUTCOME_DENIED,
	  "CONNACK with a code >= 0x80, then close; or CONNACK 0x00, and the will is never seen by any connection" },
	{ ACT_RENEW, OUTCOME_ACCEPTED, "AUTH 0x00 with the method of the connection" },
	{ ACT_RENEW, OUTCOME_REFUSED, "no AUTH 0x00; DISCONNECT with a code >= 0x80, or none, then close" },
	{ ACT_PUBLISH, OUTCOME_ALLOWED,
	  "QoS 1: PUBACK, QoS 2: PUBREC and PUBCOMP with a code < 0x80; QoS 0: the connection still answers PINGREQ; "
	  "observers get the message" },
	{ ACT_PUBLISH, OUTCOME_DENIED,
	  "QoS 1: PUBACK, QoS 2: PUBREC, or DISCONNECT with a code >= 0x80; QoS 0: nothing, or DISCONNECT >= 0x80; the "
	  "message is never seen by any connection and never retained" },
	{ ACT_PUBLISH, OUTCOME_ACK, "an acknowledgement" },
	{ ACT_RELEASE, OUTCOME_ALLOWED, "PUBCOMP with a code < 0x80" },
	{ ACT_RELEASE, OUTCOME_DENIED,
	  "PUBCOMP with a code >= 0x80, or the connection closes; the message is seen by nobody from then on" },
	{ ACT_RELEASE, OUTCOME_ACK, "PUBCOMP" },
	{ ACT_STREAM, OUTCOME_ALLOWED, "every copy as a single PUBLISH, on a connection that stays open" },
	{ ACT_STREAM, OUTCOME_DENIED,
	  "the first answer is one of refusal, or the connection closes; no copy is ever seen by any connection" },
	{ ACT_STREAM, OUTCOME_OPEN, "the connection is still open, and the broker answers elsewhere" },
	{ ACT_SUBSCRIBE, OUTCOME_GRANTED, "SUBACK with a code < 0x80 for the filter" },
	{ ACT_SUBSCRIBE, OUTCOME_DENIED,
	  "SUBACK with a code >= 0x80 for the filter, its neighbours granted; no message comes through it" },
	{ ACT_UNSUBSCRIBE, OUTCOME_NONE, "UNSUBACK with a code < 0x80 for each filter" },
	{ ACT_PING, OUTCOME_ALIVE, "PINGRESP" },
	{ ACT_IDLE, OUTCOME_OPEN, "the connection is still open, and the broker answers elsewhere" },
	{ ACT_SEND, OUTCOME_ACCEPTED, "CONNACK 0x00" },
	{ ACT_SEND, OUTCOME_REFUSED, "CONNACK with a code >= 0x80, or none, then close" },
	{ ACT_SEND, OUTCOME_ACK, "an answer with its Packet Identifier, of the codes named or else < 0x80" },
	{ ACT_SEND, OUTCOME_ALIVE, "PINGRESP to a PINGREQ behind it" },
	{ ACT_RECEIVE, OUTCOME_NONE, "the message arrives, with all that the line says of it" },
	{ ACT_NEVER, OUTCOME_NONE, "the message never arrives; a later message on the same path proves it" },
	{ ACT_REVOKE, OUTCOME_ACCEPTED, "the order is in force: exit code 0 of the hook, or PUBACK < 0x80" },
	{ ACT_REVOKE, OUTCOME_REFUSED, "the order is refused: exit code 65 of the hook, or PUBACK >= 0x80" },
	{ ACT_LIFT, OUTCOME_ACCEPTED, "the order is in force: exit code 0 of the hook, or PUBACK < 0x80" },
	{ ACT_LIFT, OUTCOME_REFUSED, "the order is refused: exit code 65 of the hook, or PUBACK >= 0x80" },
	{ ACT_LOAD, OUTCOME_ACCEPTED, "the policy is in force: exit code 0 of the hook" },
	{ ACT_LOAD, OUTCOME_REFUSED, "the policy is refused: exit code 65 of the hook" },
	{ ACT_RESTART, OUTCOME_ACCEPTED, "the broker listens again: exit code 0 of the hook" },
};

static const char *meaning(enum act act, enum outcome outcome)
{
	enum act listed = act == ACT_RESUME ? ACT_CONNECT : act;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].act == listed && meanings[i].outcome == outcome)
			return meanings[i].words;
	}
	return outcome == OUTCOME_CLOSED ? "the broker closes the connection" : outcome_name(outcome);
}

static void print_indented(const char *text, const char *indent)
{
	const char *end;
	for (; *text; text = *end ? end + 1 : end) {
		end = strchr(text, '\n');
		end = end ? end : text + strlen(text);
		printf("%s%.*s\n", end > text ? indent : "", (int)(end - text), text);
	}
}

static const struct rule *rule_of(const struct script *script, ptrdiff_t check)
{
	return check >= 0 && (size_t)check < script->check_count ? script->checks[check].rule : NULL;
}

static void print_outcomes(const struct script_step *step)
{
	if (step->outcome_count == 0)
		printf("      conforms: %s\n", meaning(step->act, OUTCOME_NONE));
	for (size_t i = 0; i < step->outcome_count; i++)
		printf("      %s %s\n", i ? "or:      " : "conforms:", meaning(step->act, step->outcomes[i]));
}

/* A line of a case, in whatever row and carrier; NULL stands for any line. */
static bool same_line(const struct script_step *a, const struct script_step *b)
{
	return b->check >= 0 && (!a || a->place.line == b->place.line);
}

/* The same line, with the same said of what conforms: a carrier may make another act of it, or several. */
static bool same_way(const struct script_step *a, const struct script_step *b)
{
	return same_line(a, b) && a->act == b->act && a->outcome_count == b->outcome_count &&
	       memcmp(a->outcomes, b->outcomes, a->outcome_count * sizeof *a->outcomes) == 0;
}

typedef bool likeness(const struct script_step *a, const struct script_step *b);

static bool told_before(const struct plan *plan, const char *case_id, const struct script_step *step, likeness *alike)
{
	for (size_t i = 0; i < plan->script_count; i++) {
		const struct script *other = plan->scripts[i];
		if (strcmp(other->case_id, case_id) != 0)
			continue;
		for (size_t k = 0; k < other->step_count; k++) {
			if (&other->steps[k] == step)
				return false;
			if (alike(step, &other->steps[k]))
				return true;
		}
	}
	return false;
}

static bool has_like(const struct script *script, const struct script_step *step, likeness *alike)
{
	for (size_t k = 0; k < script->step_count; k++) {
		if (alike(step, &script->steps[k]))
			return true;
	}
	return false;
}

/* " qos0 qos1 ": the carriers of the case that have such a step. */
static void list_carriers(const struct plan *plan, const char *case_id, const struct script_step *step, likeness *alike,
			  struct buf *names)
{
	buf_init(names, 1000);
	for (size_t i = 0; i < plan->script_count; i++) {
		const struct script *script = plan->scripts[i];
		char name[64];
		snprintf(name, sizeof name, " %.60s ", script->carrier);
		if (strcmp(script->case_id, case_id) != 0 || !has_like(script, step, alike))
			continue;
		if (!names->size)
			buf_text(names, " ");
		if (!strstr(buf_string(names), name))
			buf_text(names, name + 1);
	}
}

static void print_carriers(const struct plan *plan, const char *case_id, const struct script_step *step)
{
	struct buf all, these;
	list_carriers(plan, case_id, NULL, same_line, &all);
	list_carriers(plan, case_id, step, same_way, &these);
	if (these.size < all.size)
		printf("      over%.*s\n", (int)these.size - 1, buf_string(&these));
	buf_release(&all);
	buf_release(&these);
}

static void print_way(const struct plan *plan, const struct script *script, const struct script_step *step)
{
	const struct rule *manner = rule_of(script, step->manner);
	print_carriers(plan, script->case_id, step);
	print_outcomes(step);
	for (size_t i = 0; i < step->should_count; i++)
		printf(i ? " or 0x%02X" : "      better:   0x%02X", step->should[i]);
	if (step->should_count > 0)
		printf("%s%s%s%s\n", manner ? " [" : "", manner ? manner->id : "", manner ? " should" : "",
		       manner ? "]" : "");
}

/* Every way in which the line is run, one after the other. */
static void print_line(const struct plan *plan, const struct script *first, const struct script_step *step)
{
	const char *source = step->source ? step->source : act_name(step->act);
	source += strspn(source, " \t");
	printf("    %s  %s\n", rule_of(first, step->check)->id, source);
	for (size_t i = 0; i < plan->script_count; i++) {
		const struct script *script = plan->scripts[i];
		if (strcmp(script->case_id, first->case_id) != 0)
			continue;
		for (size_t k = 0; k < script->step_count; k++) {
			const struct script_step *way = &script->steps[k];
			if (same_line(step, way) && !told_before(plan, first->case_id, way, same_way))
				print_way(plan, script, way);
		}
	}
}

/* rule NULL: every check of the case. */
static void print_checks(const struct plan *plan, const char *case_id, const struct rule *rule)
{
	printf("\n  outcomes that conform\n");
	for (size_t i = 0; i < plan->script_count; i++) {
		const struct script *script = plan->scripts[i];
		if (strcmp(script->case_id, case_id) != 0)
			continue;
		for (size_t k = 0; k < script->step_count; k++) {
			const struct script_step *step = &script->steps[k];
			const struct rule *of = rule_of(script, step->check), *manner = rule_of(script, step->manner);
			if (of && (!rule || rule == of || rule == manner) && !told_before(plan, case_id, step, same_line))
				print_line(plan, script, step);
		}
	}
}

static bool cites(const struct case_summary *one, const char *id)
{
	for (size_t i = 0; one->rules[i]; i++) {
		if (strcmp(one->rules[i], id) == 0)
			return true;
	}
	return false;
}

static void print_case(const struct opened *opened, const struct case_summary *one, const struct rule *rule)
{
	printf("\n%s: %s\n  %s:%u; carriers: %s; rules:", one->id, one->title ? one->title : "", one->place.file,
	       one->place.line, one->carriers);
	for (size_t i = 0; one->rules[i]; i++)
		printf(" %s", one->rules[i]);
	if (one->attacks.size)
		printf("; attacks of appendix A5: %.*s", (int)one->attacks.size, (const char *)one->attacks.data);
	printf("\n\n");
	print_indented(one->text, "  ");
	print_checks(opened->plan, one->id, rule);
}

static void print_rule(const struct rule *rule, const struct registry *registry)
{
	const struct rule *manner = registry_manner(registry, slice_text(rule->id));
	printf("%s (%s, class %s)\n  %s:%u, chapter: %s\n\n  %s\n", rule->id, level_name(rule->level), rule->class,
	       rule->place.file, rule->place.line, rule->title, rule->sentence);
	if (rule->rationale[0] != '\0') {
		printf("\n  Why:\n");
		print_indented(rule->rationale, "  ");
	}
	if (rule->manner_of)
		printf("\n  The manner of %s: a target that misses it is warned, not failed.\n", rule->manner_of);
	if (manner)
		printf("\n  Its manner is %s (%s): %s\n", manner->id, level_name(manner->level), manner->sentence);
	if (rule->excuse)
		printf("\n  No check of its own: %s\n", rule->excuse);
}

/* The prose's own example of a rule: the first thing that a reader wants to see whole. */
static bool is_example(const struct case_summary *one, const struct rule *rule)
{
	return strncmp(one->place.file, "spec/", 5) == 0 && strcmp(one->rules[0], rule->id) == 0;
}

static size_t print_examples(const struct opened *opened, const struct rule *rule)
{
	size_t found = 0;
	for (size_t i = 0; i < cases_count(opened->cases); i++) {
		struct case_summary one = cases_summary(opened->cases, i);
		if (!is_example(&one, rule))
			continue;
		found++;
		print_case(opened, &one, rule);
	}
	return found;
}

static size_t print_others(const struct opened *opened, const struct rule *rule)
{
	size_t found = 0;
	for (size_t i = 0; i < cases_count(opened->cases); i++) {
		struct case_summary one = cases_summary(opened->cases, i);
		if (!cites(&one, rule->id) || is_example(&one, rule))
			continue;
		if (found++ == 0)
			printf("\nAlso checked by (explain ID shows each):\n");
		printf("  %-36s %s\n", one.id, one.title ? one.title : "");
	}
	return found;
}

static int explain_rule(const struct opened *opened, const struct rule *rule)
{
	print_rule(rule, opened->registry);
	size_t found = print_examples(opened, rule);
	found += print_others(opened, rule);
	if (found == 0)
		printf("\n  No case cites it.\n");
	return EXIT_CONFORMANT;
}

static bool names_attack(const struct case_summary *one, const char *row)
{
	struct slice rest = one->attacks;
	bool more = rest.size > 0;
	while (more) {
		if (slice_is(slice_word(&rest, ' ', &more), row))
			return true;
	}
	return false;
}

/* false: no case names it. */
static bool explain_attack(const struct opened *opened, const char *row)
{
	size_t found = 0;
	for (size_t i = 0; i < cases_count(opened->cases); i++) {
		struct case_summary one = cases_summary(opened->cases, i);
		if (!names_attack(&one, row))
			continue;
		if (found++ == 0)
			printf("%s, of the table of attacks in spec/A5-attacks.md, would be found by (explain ID shows each):\n", row);
		printf("  %-36s %s\n", one.id, one.title ? one.title : "");
	}
	return found > 0;
}

static int explain_case(const struct opened *opened, const char *id)
{
	for (size_t i = 0; i < cases_count(opened->cases); i++) {
		struct case_summary one = cases_summary(opened->cases, i);
		if (strcmp(one.id, id) != 0)
			continue;
		print_case(opened, &one, NULL);
		return EXIT_CONFORMANT;
	}
	return command_refuse_text("\"%.100s\" is neither a rule nor a case, nor an attack that any names; see `rules` and `list`", id);
}

/* The case of a script id: what stands before the first '/'. A vector's id has none of its own. */
static int explain_word(const struct opened *opened, const char *word)
{
	char id[256];
	size_t size = strcspn(word, "/");
	const struct rule *rule = registry_rule(opened->registry, slice_text(word));
	if (rule)
		return explain_rule(opened, rule);
	if (explain_attack(opened, word))
		return EXIT_CONFORMANT;
	snprintf(id, sizeof(id), "%.*s", (int)(size < sizeof(id) ? size : sizeof(id) - 1), word);
	return explain_case(opened, id);
}

int command_explain(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	int code = EXIT_USAGE;
	if (!open_cases(arguments, &opened, &fault) || !open_plan(arguments, &opened, &fault))
		command_refuse(&fault);
	else
		code = explain_word(&opened, arguments->positionals[0]);
	opened_release(&opened);
	return code;
}
