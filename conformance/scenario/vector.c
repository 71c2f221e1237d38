#include "scenario/vector.h"

#include "buf.h"
#include "registry/list.h"
#include "scenario/vector_set.h"

#include <ctype.h>
#include <stdlib.h>

enum { CASE_TEXT_MAX = 1 << 20 };

struct compiler {
	const struct registry *registry;
	struct vector_set set;
	struct vector_texts *texts;
	struct fault *fault;
};

static const char *const principals[][2] = { /* the claim, and what such an actor is called in a cast */
	{ "agent_id", "agent" }, { "server_id", "server" }, { "tool_id", "tool" }, { "user_id", "user" },
};

static const size_t principal_count = sizeof principals / sizeof *principals;

/* JSON between single quotes; an apostrophe in a string is written as its escape. */
static bool put_json(struct buf *out, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);

	buf_text(out, "'");
	for (const char *c = text; c && *c; c++) {
		if (*c == '\'')
			buf_text(out, "\\u0027");
		else
			buf_u8(out, (uint8_t)*c);
	}
	buf_text(out, "'");
	free(text);
	return text != NULL;
}

/* A topic or filter, verbatim: names of actors mean nothing in it. */
static bool put_topic(const struct vector *v, struct buf *out, struct fault *fault)
{
	const char *topic = vector_text(v, "topic", fault);

	if (!topic)
		return false;
	for (const char *c = topic; *c; c++)
		if (*c == '\'' || (unsigned char)*c < 0x20)
			return vector_complain(v, "topic", "expected a topic that a scenario can spell", fault);
	buf_format(out, "'%s'", topic);
	return true;
}

/* attack N01 N07, where the vector names any. */
static void put_attacks(const json_t *rows, struct buf *out)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const char *row = json_string_value(json_array_get(rows, i));
		buf_format(out, "%s %s%s", i ? "" : "  attack  ", row ? row : "?", i + 1 < json_array_size(rows) ? "" : "\n");
	}
}

/* case vector:ID "comment", org, cites, attack */
static void put_head(const struct vector *v, const char *org, struct buf *out)
{
	const char *comment = json_string_value(json_object_get(v->value, "comment"));

	buf_format(out, "case vector:%s \"", v->id);
	for (const char *c = comment ? comment : v->id; *c; c++)
		buf_u8(out, (uint8_t)(*c == '"' ? '\'' : (unsigned char)*c < 0x20 ? ' ' : *c));
	buf_format(out, "\"\n  org      %s\n  cites    %s\n", org, v->rule);
	put_attacks(json_object_get(v->value, "attack"), out);
}

/* Good in a string of the language: nothing in it needs an escape or stands for something else. */
static bool plain_name(const char *text)
{
	size_t size = 0;

	while (text && (isalnum((unsigned char)text[size]) || (text[size] && strchr("._-", text[size]))))
		size++;
	return size > 0 && text[size] == '\0';
}

/* NAME is agent with name "scout"; claims: of an identity or of a recipe. Leaves the line open and
 * returns what a further attribute begins with. */
static const char *put_cast(const char *name, const json_t *claims, struct buf *out)
{
	const char *kind = "agent", *value = NULL;

	for (size_t i = 0; i < principal_count && !value; i++) {
		value = json_string_value(json_object_get(claims, principals[i][0]));
		kind = value ? principals[i][1] : kind;
	}
	buf_format(out, "  %-8s is %s", name, kind);
	if (!plain_name(value))
		return " with";
	buf_format(out, " with name \"%s\"", value);
	return ",";
}

static bool put_token_cast(const char *name, const struct vector *v, struct buf *out, struct fault *fault)
{
	const json_t *recipe = json_object_get(v->value, "recipe");

	if (!json_is_object(recipe))
		return vector_complain(v, "recipe", "expected an object", fault);
	buf_format(out, "%s recipe ", put_cast(name, json_object_get(recipe, "claims"), out));
	if (!put_json(out, recipe))
		return list_no_memory(fault);
	buf_text(out, "\n");
	return true;
}

/* The permitted neighbour that a refused vector names: of the same kind, and one that holds. */
static const struct vector *twin_of(struct compiler *k, const struct vector *v)
{
	const struct vector *twin = v->twin ? vector_find(&k->set, v->twin) : NULL;

	if (twin && twin->holds && twin->token == v->token)
		return twin;
	vector_complain(v, "twin", "expected the id of a vector of the same kind that holds", k->fault);
	return NULL;
}

static const char *org_of_token(struct compiler *k, const struct vector *v)
{
	const json_t *claims = json_object_get(json_object_get(v->value, "recipe"), "claims");
	const char *org = json_string_value(json_object_get(claims, "org_id"));

	return org && registry_policy(k->registry, slice_text(org)) ? org : k->registry->policies[0].name;
}

/* Whose rule a token with a broken signature breaks: that of the vector which is just that, or else
 * of any other refused token. */
static const char *refusal_rule(struct compiler *k, const struct vector *v)
{
	json_t *flipped = json_pack("[{s:s}]", "signature", "flipped");
	const char *rule = NULL;
	bool exact = false;

	for (size_t i = 0; i < k->set.count && !exact; i++) {
		const struct vector *other = &k->set.items[i];
		const json_t *recipe = json_object_get(other->value, "recipe");

		if (!other->token || other->holds)
			continue;
		exact = json_equal(json_object_get(recipe, "edits"), flipped);
		rule = exact || !rule ? other->rule : rule;
	}
	json_decref(flipped);
	return rule ? rule : v->rule;
}

/* An accepted token discriminates by its own copy with a broken signature. */
static bool token_accepted(struct compiler *k, const struct vector *v, struct buf *out)
{
	put_head(v, org_of_token(k, v), out);
	if (!put_token_cast("good", v, out, k->fault))
		return false;
	buf_text(out, "  bad      is good with edit signature \"flipped\"\n");
	buf_format(out, "  twin     good connects -> accepted [%s]\n", v->rule);
	buf_format(out, "  deny     bad connects -> refused [%s]\n", refusal_rule(k, v));
	return true;
}

/* Whose check the twin is: that of the rule which grants. A broker may miss a SHOULD and still honour
 * the grant, which then is part of the same advice: its other checks do not hang on it. */
static const char *twin_rule(struct compiler *k, const struct vector *v, const struct vector *twin)
{
	const struct rule *rule = registry_rule(k->registry, slice_text(v->rule));

	return rule && rule->level != LEVEL_MUST ? v->rule : twin->rule;
}

/* [AUTH-06] A token that must be refused gets the code that all of them get; one that should be may be
 * taken, and then there is no code. */
static const char *answered_alike(struct compiler *k, const struct vector *v)
{
	const struct rule *rule = registry_rule(k->registry, slice_text(v->rule));
	bool known = registry_rule(k->registry, slice_text("AUTH-06")) != NULL;

	return known && rule && rule->level == LEVEL_MUST ? " alike AUTH-06" : "";
}

static bool token_refused(struct compiler *k, const struct vector *v, struct buf *out)
{
	const struct vector *twin = twin_of(k, v);

	if (!twin)
		return false;
	put_head(v, org_of_token(k, twin), out);
	if (!put_token_cast("good", twin, out, k->fault) || !put_token_cast("bad", v, out, k->fault))
		return false;
	buf_format(out, "  twin     good connects -> accepted [%s]\n", twin_rule(k, v, twin));
	buf_format(out, "  deny     bad connects -> refused%s [%s]\n", answered_alike(k, v), v->rule);
	return true;
}

/* An actor as the vector describes it: its claims as written, nothing of the run's. */
static bool put_identity(const char *name, const struct vector *v, const char *member, struct buf *out,
			 struct fault *fault)
{
	const json_t *identity = json_object_get(v->value, member);

	if (!json_is_object(identity))
		return vector_complain(v, member, "expected an object of claims", fault);
	if (strcmp(put_cast(name, identity, out), ",") != 0)
		return vector_complain(v, member, "expected the claim of a principal", fault);
	for (size_t i = 0, found = 0; i < principal_count; i++) {
		const char *value = json_string_value(json_object_get(identity, principals[i][0]));
		if (value && found++)
			buf_format(out, ", claim %s '%s'", principals[i][0], value);
	}
	buf_text(out, "\n");
	return true;
}

struct pair { /* a permitted act and the forbidden one that differs in one thing */
	const struct vector *good, *bad;
	const struct vector *also; /* a permitted act that borrows the pair to discriminate; NULL: none */
	bool by;                   /* they differ in who acts; else in the topic */
};

static bool same_member(const struct vector *a, const struct vector *b, const char *member)
{
	return json_equal(json_object_get(a->value, member), json_object_get(b->value, member));
}

/* What an allowed vector discriminates with: the denied one that names it as its twin, else one
 * that differs in the topic alone, else (*borrowed) any of the same policy and action. */
static const struct vector *denied_for(struct compiler *k, const struct vector *v, bool *borrowed)
{
	const struct vector *any = NULL, *against = vector_against(&k->set, v);

	*borrowed = false;
	for (size_t i = 0; i < k->set.count && !against; i++) {
		const struct vector *bad = &k->set.items[i];
		if (bad->token || bad->holds || !bad->wire || !same_member(v, bad, "policy") || !same_member(v, bad, "action"))
			continue;
		if (same_member(v, bad, "identity"))
			against = bad;
		else if (!any)
			any = bad;
	}
	*borrowed = !against && any;
	return against ? against : any;
}

static bool find_pair(struct compiler *k, const struct vector *v, struct pair *pair)
{
	bool borrowed = false;

	*pair = (struct pair){ .good = v, .bad = v };
	if (v->holds)
		pair->bad = denied_for(k, v, &borrowed);
	if (!pair->bad)
		return vector_complain(v, "wire", "expected a denied vector of the same policy and action on the wire",
				       k->fault);
	pair->also = borrowed ? v : NULL;
	if (!v->holds || borrowed)
		pair->good = twin_of(k, pair->bad);
	if (!pair->good)
		return false;
	if (!same_member(pair->good, pair->bad, "policy") || !same_member(pair->good, pair->bad, "action"))
		return vector_complain(pair->bad, "twin", "expected a twin of the same policy and action", k->fault);
	pair->by = !same_member(pair->good, pair->bad, "identity");
	if (pair->by && !same_member(pair->good, pair->bad, "topic"))
		return vector_complain(pair->bad, "twin", "expected a twin that differs in identity or in topic", k->fault);
	return true;
}

static bool put_actors(const struct pair *pair, struct buf *out, struct fault *fault)
{
	return put_identity("first", pair->good, "identity", out, fault) &&
	       (!pair->by || put_identity("second", pair->bad, "identity", out, fault)) &&
	       (!pair->also || put_identity("third", pair->also, "identity", out, fault));
}

static void put_connects(const struct pair *pair, struct buf *out)
{
	buf_format(out, "  first    connects\n%s%s", pair->by ? "  second   connects\n" : "",
		   pair->also ? "  third    connects\n" : "");
}

static bool put_deny(const struct pair *pair, struct buf *out, struct fault *fault)
{
	buf_text(out, pair->by ? "  deny     same by second" : "  deny     same to ");
	if (!pair->by && !put_topic(pair->bad, out, fault))
		return false;
	buf_format(out, " -> denied [%s]\n", pair->bad->rule);
	return true;
}

static bool put_grant(const struct vector *v, const char *actor, struct buf *out, struct fault *fault)
{
	buf_format(out, "  twin     %s subscribes ", actor);
	if (!put_topic(v, out, fault))
		return false;
	buf_format(out, " -> granted [%s]\n", v->rule);
	return true;
}

static bool subscribe_text(struct compiler *k, const struct pair *pair, struct buf *out)
{
	if (!put_actors(pair, out, k->fault))
		return false;
	put_connects(pair, out);
	return (!pair->also || put_grant(pair->also, "third", out, k->fault)) &&
	       put_grant(pair->good, "first", out, k->fault) && put_deny(pair, out, k->fault);
}

/* The vector of a pair that says who watches it. */
static const struct vector *watched(const struct vector *v, const struct vector *other)
{
	return json_object_get(v->value, "observer") ? v : other;
}

static bool put_watch(const struct vector *v, const char *observer, struct buf *out, struct fault *fault)
{
	const char *filter = vector_text(v, "observe", fault);

	if (!filter)
		return false;
	buf_format(out, "  %s connects\n  %s subscribes '%s' -> granted\n", observer, observer, filter);
	return true;
}

static bool put_allowance(const struct vector *v, const char *actor, const char *observer, struct buf *out,
			  struct fault *fault)
{
	buf_format(out, "  twin     %s publishes ", actor);
	if (!put_topic(v, out, fault))
		return false;
	buf_format(out, " \"from %s\" -> allowed [%s]\n  %s receives \"from %s\"\n", actor, v->rule, observer, actor);
	return true;
}

static bool publish_text(struct compiler *k, const struct pair *pair, struct buf *out)
{
	const struct vector *seen = watched(pair->bad, pair->good);

	if (!put_actors(pair, out, k->fault) || !put_identity("observer", seen, "observer", out, k->fault) ||
	    (pair->also && !put_identity("watcher", pair->also, "observer", out, k->fault)) ||
	    !put_watch(seen, "observer", out, k->fault) ||
	    (pair->also && !put_watch(pair->also, "watcher", out, k->fault)))
		return false;
	put_connects(pair, out);
	return (!pair->also || put_allowance(pair->also, "third", "watcher", out, k->fault)) &&
	       put_allowance(pair->good, "first", "observer", out, k->fault) && put_deny(pair, out, k->fault);
}

static bool decision_text(struct compiler *k, const struct vector *v, struct buf *out)
{
	const char *policy = vector_text(v, "policy", k->fault), *action;
	struct pair pair;

	if (!policy || !(action = vector_text(v, "action", k->fault)) || !find_pair(k, v, &pair))
		return false;
	put_head(v, policy, out);
	if (strcmp(action, "sub") == 0)
		return subscribe_text(k, &pair, out);
	if (strcmp(action, "pub") == 0)
		return publish_text(k, &pair, out);
	return vector_complain(v, "action", "expected \"pub\" or \"sub\"", k->fault);
}

/* The line on which "id": "ID" stands; the first where it cannot be found. */
static unsigned line_of(const struct vector *v)
{
	const char *text = v->file->text;
	size_t size = strlen(v->id);
	unsigned line = 1;

	for (const char *at = text; (at = strstr(at, "\"id\"")); at++) {
		const char *value = at + 4 + strspn(at + 4, " \t\r\n:");
		if (value[0] != '"' || strncmp(value + 1, v->id, size) != 0 || value[size + 1] != '"')
			continue;
		for (const char *c = text; c < at; c++)
			line += *c == '\n';
		break;
	}
	return line;
}

static bool keep_text(struct compiler *k, const struct vector *v, struct buf *text)
{
	struct vector_text *items = list_room(k->texts->items, k->texts->count, sizeof *items);
	struct buf name;

	if (!items)
		return list_no_memory(k->fault);
	k->texts->items = items;
	items += k->texts->count++;
	buf_init(&name, 1024);
	buf_format(&name, "%s#%s", v->file->file, v->id);
	items->name = name.failed ? NULL : slice_copy(buf_slice(&name));
	items->text = text->failed ? NULL : slice_copy(buf_slice(text));
	items->place = (struct place){ v->file->file, line_of(v) };
	buf_release(&name);
	return (items->name && items->text) || list_no_memory(k->fault);
}

static bool compile(struct compiler *k, const struct vector *v)
{
	struct buf text;
	bool good;

	buf_init(&text, CASE_TEXT_MAX);
	if (!v->token)
		good = decision_text(k, v, &text);
	else
		good = v->holds ? token_accepted(k, v, &text) : token_refused(k, v, &text);
	good = good && keep_text(k, v, &text);
	buf_release(&text);
	return good;
}

bool vectors_compile(const struct registry *registry, struct vector_texts *texts, struct fault *fault)
{
	struct compiler k = { .registry = registry, .texts = texts, .fault = fault };
	bool good = vector_set_load(registry, &k.set, fault);

	if (good && k.set.count && !registry->policy_count)
		good = fault_set(fault, FAULT_UNAVAILABLE, "spec/: expected a policy block for the vectors");
	for (size_t i = 0; good && i < k.set.count; i++)
		good = !k.set.items[i].wire || compile(&k, &k.set.items[i]);
	vector_set_release(&k.set);
	return good;
}

void vector_texts_release(struct vector_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		free(texts->items[i].name);
		free(texts->items[i].text);
	}
	free(texts->items);
	*texts = (struct vector_texts){ NULL, 0 };
}
