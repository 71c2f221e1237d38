#include "scenario/vector_packet.h"

/* What a vector may say that must come of it. */
static const struct outcome {
	const char *word;
	bool connect, holds;
	bool codes; /* the rule has a manner, which is what the vector's codes are about */
} outcomes[] = {
	{ "accepted", true, true, false }, { "alive", false, true, false },  { "ack", false, true, false },
	{ "refused", true, false, true },  { "closed", false, false, true }, { "denied", false, false, false },
};

static const struct outcome *outcome_of(const struct vector *v, struct fault *fault)
{
	const char *word = json_string_value(json_object_get(json_object_get(v->value, "wire"), "outcome"));

	for (size_t i = 0; word && i < sizeof outcomes / sizeof *outcomes; i++)
		if (strcmp(word, outcomes[i].word) == 0 && outcomes[i].holds == v->holds)
			return &outcomes[i];
	vector_complain(v, "wire.outcome", v->holds ? "expected \"accepted\", \"alive\" or \"ack\"" :
						      "expected \"refused\", \"closed\" or \"denied\"", fault);
	return NULL;
}

/* x"…": the template that the vector has, else its bytes as they are. */
static bool put_bytes(const struct vector *v, struct buf *out, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(json_object_get(v->value, "wire"), "sends"));

	if (!text && !(text = vector_text(v, "bytes", fault)))
		return false;
	for (const char *c = text; *c; c++)
		if (*c == '"' || (unsigned char)*c < 0x20)
			return vector_complain(v, "wire.sends", "expected bytes that a scenario can spell", fault);
	buf_format(out, "x\"%s\"", text);
	return true;
}

/* Where the rule has a manner: 0x81 or 0x82, both of which it takes, or what else the vector says to be
 * exact. Advice has no manner. */
static void put_codes(const struct registry *registry, const struct vector *v, struct buf *out)
{
	const json_t *code;
	size_t i;

	if (!registry_manner(registry, slice_text(v->rule)))
		return;
	buf_text(out, " should 0x81 0x82");
	json_array_foreach (json_object_get(v->value, "codes"), i, code) {
		const char *text = json_string_value(code);
		if (text && strcmp(text, "0x81") != 0 && strcmp(text, "0x82") != 0)
			buf_format(out, " %s", text);
	}
}

/* The permitted neighbour: the vector's twin, or, where that one cannot be sent alone, what every
 * broker takes: a CONNECT of the suite's own, a PINGREQ on a live connection. */
static bool put_twin(const struct vector_set *set, const struct vector *v, bool connect, struct buf *out,
		     struct fault *fault)
{
	const struct vector *twin = v->twin ? vector_find(set, v->twin) : NULL;
	const struct outcome *outcome = NULL;

	if (!twin || !twin->holds)
		return vector_complain(v, "twin", "expected the id of a sound packet", fault);
	if (twin->wire && !(outcome = outcome_of(twin, fault)))
		return false;
	if (!outcome || outcome->connect != connect) {
		buf_format(out, "  twin     %s [%s]\n", connect ? "good connects -> accepted" : "bad pings -> alive", v->rule);
		return true;
	}
	buf_format(out, "  twin     %s sends ", connect ? "good" : "bad");
	if (!put_bytes(twin, out, fault))
		return false;
	buf_format(out, " -> %s [%s]\n", outcome->word, v->rule);
	return true;
}

static bool put_broken(const struct registry *registry, const struct vector *v, const struct outcome *outcome,
		       struct buf *out, struct fault *fault)
{
	const char *statement = vector_text(v, "statement", fault);

	if (!statement)
		return false;
	buf_text(out, "  deny     bad sends ");
	if (!put_bytes(v, out, fault))
		return false;
	buf_format(out, " with breaks \"%s\" -> %s", statement, outcome->word);
	if (outcome->codes)
		put_codes(registry, v, out);
	buf_format(out, " [%s]\n  good     pings -> alive [SUB-08]\n", v->rule);
	return true;
}

static bool sound(const struct vector *v, const struct outcome *outcome, struct buf *out, struct fault *fault)
{
	buf_format(out, "  good     is agent\n%s  twin     good sends ", outcome->connect ? "" : "  good     connects\n");
	if (!put_bytes(v, out, fault))
		return false;
	buf_format(out, " -> %s [%s]\n%s", outcome->word, v->rule,
		   outcome->connect ? "  good     disconnects with session 0s\n" : "");
	return true;
}

static bool broken(const struct registry *registry, const struct vector_set *set, const struct vector *v,
		   const struct outcome *outcome, struct buf *out, struct fault *fault)
{
	buf_format(out, "  good, bad are agents\n%s",
		   outcome->connect ? "" : "  good     connects\n  bad      connects\n");
	return put_twin(set, v, outcome->connect, out, fault) && put_broken(registry, v, outcome, out, fault);
}

bool vector_packet(const struct registry *registry, const struct vector_set *set, const struct vector *vector,
		   struct buf *out, struct fault *fault)
{
	const struct outcome *outcome = outcome_of(vector, fault);

	if (!outcome)
		return false;
	vector_head(vector, "substrate", out);
	if (outcome->holds)
		return sound(vector, outcome, out, fault);
	return broken(registry, set, vector, outcome, out, fault);
}
