/* What one decision costs, by the number of rules: the library alone, linked without the broker.
 * Topics are random, and each is allowed by one rule: every other one by the last of the document, the
 * others by any. Prints nanoseconds of one decision, and how many times those under the fewest rules.
 *
 * warm: the same policy decides again and again. cold: before each decision more memory is read than
 * the caches hold, and what the clock itself costs is subtracted. */
#include "buf.h"
#include "decide.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WARM = 200000, COLD = 400, TOPICS = 4096, CACHE_BYTES = 64 << 20, TEXT_MAX = 4 << 20 };

static const size_t counts[] = { 10, 100, 1000, 10000 };
enum { SHAPES = 5, COUNTS = sizeof counts / sizeof *counts };

/* xorshift: the same topics in every run. */
static uint32_t chance(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* A rule of each shape in turn, and the last. */
static void write_rule(struct buf *text, size_t number, size_t count)
{
	static const char *const shapes[SHAPES] = {
		"{\"topic\":\"area/%zu/out\",\"action\":\"pub+sub\"},",
		"{\"topic\":\"area/%zu/{$self}/in\",\"action\":\"pub+sub\",\"binding\":\"agent_id\"},",
		"{\"topic\":\"area/%zu/+/state\",\"action\":\"pub+sub\"},",
		"{\"topic\":\"calls/{$self}\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[\"agent-%zu\"]},",
		"{\"topic\":\"area/%zu/tree/#\",\"action\":\"pub+sub\"},",
	};

	if (number + 1 == count)
		buf_text(text, "{\"topic\":\"last/+/{$self}\",\"action\":\"pub\",\"binding\":\"agent_id\"}");
	else
		buf_format(text, shapes[number % SHAPES], number);
}

static struct policy *policy_of(size_t count)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf text;
	struct policy *policy = NULL;

	buf_init(&text, TEXT_MAX);
	buf_text(&text, "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":[");
	for (size_t i = 0; i < count; i++)
		write_rule(&text, i, count);
	buf_text(&text, "]}");
	json_t *value = json_parse(buf_slice(&text), "rules", &(struct json_limits){ TEXT_MAX, 16 }, &fault);
	struct json_at root = json_root(value, "rules");
	if (value)
		policy = policy_parse(&root, &fault);
	if (!policy)
		fprintf(stderr, "%s\n", fault.text);
	json_decref(value);
	buf_release(&text);
	return policy;
}

struct topics {
	char text[TOPICS][40];
};

static void fill(struct topics *topics, size_t rules)
{
	uint32_t state = 2463534242u;

	for (size_t i = 0; i < TOPICS; i++) {
		uint32_t number = chance(&state);

		if (i % 2)
			snprintf(topics->text[i], sizeof topics->text[i], "last/%" PRIu32 "/scout", number);
		else /* the rules of the first shape */
			snprintf(topics->text[i], sizeof topics->text[i], "area/%" PRIu32 "/out",
				 number % (uint32_t)(rules / SHAPES) * SHAPES);
	}
}

static bool ask(const struct policy *policy, const char *topic)
{
	static const struct identity scout = { .claims = { [CLAIM_ORG_ID] = "o", [CLAIM_AGENT_ID] = "scout" },
					       .exp_ms = 1 };
	const struct request request = { .door = DOOR_PUBLISH, .topic = slice_text(topic) };

	return decide(policy, &scout, &request).allowed;
}

/* Nanoseconds of one decision; 0: one was denied, and nothing was measured. */
static double warm(const struct policy *policy, const struct topics *topics, size_t rules)
{
	size_t rounds = rules > 1000 ? WARM / 10 : WARM, allowed = 0;
	int64_t began = now_ns();

	for (size_t i = 0; i < rounds; i++)
		allowed += ask(policy, topics->text[i % TOPICS]);
	return allowed == rounds ? (double)(now_ns() - began) / (double)rounds : 0;
}

static unsigned sweep(const unsigned char *memory)
{
	unsigned sum = 0;

	for (size_t i = 0; i < CACHE_BYTES; i += 64)
		sum += memory[i];
	return sum;
}

static int compare(const void *a, const void *b)
{
	const int64_t *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

/* The median, so that an interrupt is no decision. */
static double cold(const struct policy *policy, const struct topics *topics, unsigned char *memory)
{
	int64_t times[COLD];
	volatile unsigned kept = 0;
	bool good = true;

	for (size_t i = 0; i < COLD; i++) {
		kept += sweep(memory);
		int64_t began = now_ns();

		good = ask(policy, topics->text[i]) && good;
		times[i] = now_ns() - began;
		began = now_ns();
		times[i] -= now_ns() - began;
	}
	qsort(times, COLD, sizeof *times, compare);
	return good ? (double)times[COLD / 2] : 0;
}

int main(void)
{
	struct topics *topics = calloc(1, sizeof *topics);
	unsigned char *memory = calloc(1, CACHE_BYTES);
	double first_warm = 0, first_cold = 0;
	bool good = topics && memory;

	for (size_t i = 0; good && i < CACHE_BYTES; i += 64)
		memory[i] = (unsigned char)i; /* pages of its own */
	for (size_t i = 0; good && i < COUNTS; i++) {
		fill(topics, counts[i]);
		struct policy *policy = policy_of(counts[i]);
		double hot = policy ? warm(policy, topics, counts[i]) : 0;
		double chilled = policy ? cold(policy, topics, memory) : 0;

		policy_free(policy);
		good = hot > 0 && chilled > 0;
		first_warm = i ? first_warm : hot;
		first_cold = i ? first_cold : chilled;
		printf("rules %5zu  warm %7.0f ns  ratio %.2f  cold %7.0f ns  ratio %.2f\n", counts[i], hot,
		       hot / first_warm, chilled, chilled / first_cold);
	}
	free(topics);
	free(memory);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
