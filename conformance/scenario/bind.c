#include "scenario/bind.h"

#include "crypto.h"
#include "registry/list.h"
#include "scenario/carrier.h"
#include "scenario/draft.h"
#include "scenario/preset.h"

#include <ctype.h>
#include <stdlib.h>

enum { NAME_LETTERS = 5, CLIENT_LETTERS = 8, CLIENT_NAME_MAX = 10, KEEP_ALIVE_S = 60, ID_MAX = 1024 };

static char *buf_take(struct buf *text, struct fault *fault)
{
	char *copy = text->failed ? NULL : slice_copy(buf_slice(text));

	if (!copy)
		list_no_memory(fault);
	buf_release(text);
	return copy;
}

static char *script_id(const struct scenario_case *c, const struct binding *b, struct fault *fault)
{
	struct buf id;

	buf_init(&id, ID_MAX);
	buf_text(&id, c->id);
	if (b->row) {
		buf_text(&id, "/");
		buf_put(&id, b->row->values[0].text);
	}
	if (b->carrier)
		buf_format(&id, "/%s", b->carrier->name);
	if (b->listener_name)
		buf_format(&id, "@%s", b->listener_name);
	return buf_take(&id, fault);
}

static struct script *new_script(const struct scenario_case *c, const struct binding *b, struct fault *fault)
{
	struct script *s = calloc(1, sizeof *s);

	if (!s) {
		list_no_memory(fault);
		return NULL;
	}
	s->id = script_id(c, b, fault);
	s->case_id = slice_copy(slice_text(c->id));
	s->title = slice_copy(slice_text(c->title));
	s->carrier = slice_copy(slice_text(b->carrier ? b->carrier->name : "-"));
	s->actors = calloc(c->cast_count ? c->cast_count : 1, sizeof *s->actors);
	s->steps = calloc(c->step_count, sizeof *s->steps);
	s->listener = b->listener;
	s->alone = c->alone;
	if (s->id && s->case_id && s->title && s->carrier && s->actors && s->steps) {
		s->actor_count = c->cast_count;
		return s;
	}
	script_free(s);
	list_no_memory(fault);
	return NULL;
}

static const struct attribute *find_attribute(const struct cast *cast, const char *word)
{
	for (size_t i = 0; i < cast->with.count; i++)
		if (strcmp(cast->with.items[i].word->word, word) == 0)
			return &cast->with.items[i];
	return NULL;
}

/* What the token calls the actor: what `with name` fixes, what its original is called, or its name
 * with a random part, so that no two scripts meet in one segment. */
static char *claim_value(struct draft *d, size_t index)
{
	const struct cast *cast = &d->c->casts[index];
	const struct attribute *name = find_attribute(cast, "name");
	struct buf text;

	if (name) {
		bool varies = false;
		char *value = draft_text(d, &name->values[0], EXPAND_BRACES, &varies);
		d->fixed[index] = !varies;
		return value;
	}
	buf_init(&text, ID_MAX);
	if (cast->original >= 0) {
		d->fixed[index] = d->fixed[cast->original];
		buf_text(&text, d->script->actors[cast->original].value);
		return buf_take(&text, d->fault);
	}
	buf_put(&text, cast->name.text);
	buf_text(&text, "-");
	if (draft_random(d, "claim", cast->name.text, NAME_LETTERS, &text))
		return buf_take(&text, d->fault);
	buf_release(&text);
	return NULL;
}

static char *org_of(struct draft *d, size_t index, const struct registry *registry)
{
	const struct cast *cast = &d->c->casts[index];
	const struct attribute *org = find_attribute(cast, "org");
	char *name;

	if (!org) {
		name = slice_copy(cast->original < 0 ? d->c->org :
						       slice_text(d->script->actors[cast->original].org_id));
		if (!name)
			list_no_memory(d->fault);
		return name;
	}
	name = draft_text(d, &org->values[0], EXPAND_BRACES, NULL);
	if (!name || registry_policy(registry, slice_text(name)))
		return name;
	place_fault(d->c->name, draft_value(d, &org->values[0]), d->fault,
		    "expected the name of a policy block of the spec, found \"%s\"", name);
	free(name);
	return NULL;
}

/* 1 to 23 letters and digits, which every server takes (MQTT 5.0 3.1.3.1), behind the target's
 * prefix; never the name in the token, so that a broker that confuses the two is found out. */
static char *client_id(struct draft *d, size_t index)
{
	struct slice name = d->c->casts[index].name.text;
	struct buf text;

	buf_init(&text, ID_MAX);
	buf_text(&text, d->client_id_prefix);
	for (size_t i = 0; i < name.size && i < CLIENT_NAME_MAX; i++)
		if (isalnum(name.data[i]))
			buf_u8(&text, name.data[i]);
	if (draft_random(d, "client", name, CLIENT_LETTERS, &text))
		return buf_take(&text, d->fault);
	buf_release(&text);
	return NULL;
}

static bool begin_actor(struct draft *d, size_t index, const struct registry *registry)
{
	const struct cast *cast = &d->c->casts[index];
	struct script_actor *a = &d->script->actors[index];

	a->password = true;
	a->clean_start = true;
	a->keep_alive_s = KEEP_ALIVE_S;
	script_actor_init(a);
	a->value = claim_value(d, index);
	a->org_id = a->value ? org_of(d, index, registry) : NULL;
	a->client_id = a->org_id ? client_id(d, index) : NULL;
	if (!a->client_id)
		return false;
	a->name = slice_copy(cast->name.text);
	a->claim = slice_copy(slice_text(cast->claim));
	a->recipe = json_pack("{s:s, s:{s:s, s:s}}", "key", d->default_key, "claims", "org_id", a->org_id, cast->claim,
			      a->value);
	return (a->name && a->claim && a->recipe) || list_no_memory(d->fault);
}

/* The original's attributes first, then the copy's own. */
static bool apply_cast(struct draft *d, const struct cast *cast)
{
	bool good = cast->original < 0 || apply_cast(d, &d->c->casts[cast->original]);

	for (size_t i = 0; good && i < cast->with.count; i++)
		good = cast->with.items[i].word->apply(d, &cast->with.items[i]);
	return good;
}

/* All names before all attributes: an attribute may speak of any actor. */
static bool bind_actors(struct draft *d, const struct registry *registry)
{
	bool good = true;

	for (size_t i = 0; good && i < d->c->cast_count; i++)
		good = begin_actor(d, i, registry);
	for (size_t i = 0; good && i < d->c->cast_count; i++) {
		d->actor = &d->script->actors[i];
		good = apply_cast(d, &d->c->casts[i]);
	}
	return good;
}

static bool bind_values(struct draft *d, const struct case_step *from)
{
	struct script_step *step = d->step;

	switch (step->act) {
	case ACT_PUBLISH:
		step->topic = draft_text(d, &from->values[0], EXPAND_SEGMENTS, NULL);
		step->payload = step->topic ? draft_text(d, &from->values[1], EXPAND_BRACES, NULL) : NULL;
		return step->payload != NULL;
	case ACT_SUBSCRIBE:
	case ACT_UNSUBSCRIBE:
		step->filters[0] = draft_text(d, &from->values[0], EXPAND_SEGMENTS, NULL);
		step->filter_count = 1;
		return step->filters[0] != NULL;
	case ACT_RECEIVE:
	case ACT_NEVER:
		step->payload = draft_text(d, &from->values[0], EXPAND_BRACES, NULL);
		step->messages[0] = (size_t)from->message;
		step->message_count = 1;
		return step->payload != NULL;
	default:
		return true;
	}
}

/* The check of this rule, one a script: the unit is (case.row, carrier, rule). -1: out of memory. */
static ptrdiff_t check_of(struct draft *d, const struct rule *rule, bool deny)
{
	struct script *s = d->script;
	struct check *checks;
	size_t i;

	for (i = 0; i < s->check_count && s->checks[i].rule != rule; i++)
		;
	if (i == s->check_count) {
		checks = list_room(s->checks, s->check_count, sizeof *checks);
		if (!checks)
			return -1;
		s->checks = checks;
		s->checks[s->check_count++] = (struct check){ .rule = rule, .verdict = VERDICT_PENDING };
	}
	s->checks[i].deny = s->checks[i].deny || deny;
	return (ptrdiff_t)i;
}

static bool bind_checks(struct draft *d, const struct case_step *from)
{
	bool deny = from->label == LABEL_DENY || from->verb->act == ACT_NEVER;

	d->step->check = d->step->manner = -1;
	if (from->rule && (d->step->check = check_of(d, from->rule, deny)) < 0)
		return list_no_memory(d->fault);
	if (from->manner && (d->step->manner = check_of(d, from->manner, deny)) < 0)
		return list_no_memory(d->fault);
	return true;
}

static bool bind_step(struct draft *d, const struct case_step *from, const struct carrier *carrier)
{
	struct script *s = d->script;
	struct script_step *step = d->step = &s->steps[s->step_count++];

	step->source = from->source;
	step->place = (struct place){ d->c->name, from->at.line };
	step->label = from->label;
	step->actor = from->actor;
	step->act = from->verb->act;
	step->qos = 1;
	script_step_init(step);
	step->by = (struct instant){ .kind = from->by_ms ? INSTANT_BEGIN : INSTANT_NONE, .offset_ms = from->by_ms };
	step->twin = from->twin;
	step->outcome_count = from->outcome_count;
	memcpy(step->outcomes, from->outcomes, sizeof from->outcomes);
	step->should_count = from->should_count;
	memcpy(step->should, from->should, sizeof from->should);
	if (!bind_values(d, from) || !bind_checks(d, from))
		return false;
	for (size_t i = 0; i < from->with.count; i++)
		if (!from->with.items[i].word->apply(d, &from->with.items[i]))
			return false;
	if (!carrier || from->label == LABEL_NONE || carrier->act != step->act)
		return true;
	return carrier->lower(step, step->twin >= 0 ? &s->steps[step->twin] : step) || list_no_memory(d->fault);
}

/* "main-es256" where the target has ES256, else the first that it has. */
static const char *default_key(const char *const *algorithms, struct buf *role)
{
	enum jose_alg alg = JOSE_ES256;

	if (algorithms && algorithms[0] && !algorithm_declared(JOSE_ES256, algorithms))
		alg = jose_alg_from(slice_text(algorithms[0]));
	buf_text(role, "main-");
	for (const char *c = alg == JOSE_NONE ? "es256" : jose_alg_name(alg); *c; c++)
		buf_u8(role, (uint8_t)tolower((unsigned char)*c));
	return buf_string(role);
}

struct script *script_bind(const struct scenario_case *c, const struct binding *b, struct fault *fault)
{
	struct script *script = new_script(c, b, fault);
	struct draft d = { .c = c, .row = b->row, .script = script, .seed = b->seed, .fault = fault };
	struct buf role;
	bool good = script != NULL;

	buf_init(&role, 64);
	d.client_id_prefix = b->client_id_prefix ? b->client_id_prefix : "";
	d.default_key = default_key(b->algorithms, &role);
	if (good && !d.default_key)
		good = list_no_memory(fault);
	good = good && bind_actors(&d, b->registry);
	for (size_t i = 0; good && i < c->step_count; i++)
		good = bind_step(&d, &c->steps[i], b->carrier);
	buf_release(&role);
	if (good)
		return script;
	script_free(script);
	return NULL;
}
