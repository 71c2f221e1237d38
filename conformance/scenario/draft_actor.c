/* The cast of a script: names, client identifiers, and the recipes of their tokens. */
#include "registry/list.h"
#include "scenario/draft.h"

#include <ctype.h>
#include <stdlib.h>

enum { NAME_LETTERS = 5, CLIENT_LETTERS = 8, CLIENT_NAME_MAX = 10, KEEP_ALIVE_S = 60, ID_MAX = 1024 };

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
		return draft_take(&text, d->fault);
	}
	buf_put(&text, cast->name.text);
	buf_text(&text, "-");
	if (draft_random(d, "claim", cast->name.text, NAME_LETTERS, &text))
		return draft_take(&text, d->fault);
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
		return draft_take(&text, d->fault);
	buf_release(&text);
	return NULL;
}

/* The nearest cast in the line of originals that says in whose name the actor acts; NULL: its own. */
static const struct cast *delegation_of(const struct scenario_case *c, const struct cast *cast)
{
	while (cast->user < 0 && cast->original >= 0)
		cast = &c->casts[cast->original];
	return cast->user >= 0 ? cast : NULL;
}

/* RFC 8693 section 4.1: the actor outside, whoever handed the work on to it within. */
static json_t *actors_chain(const struct draft *d, const struct cast *cast, const char *self)
{
	json_t *chain = NULL;

	for (size_t i = 0; i <= cast->via_count; i++) {
		const char *name = i < cast->via_count ? d->script->actors[cast->via[i]].value : self;
		json_t *outer = json_pack("{s:s}", "sub", name);
		if (chain && outer && json_object_set_new(outer, "act", chain) != 0) {
			json_decref(outer);
			return NULL;
		}
		chain = outer;
	}
	return chain;
}

static bool delegate(struct draft *d, size_t index)
{
	struct script_actor *a = &d->script->actors[index];
	const struct cast *cast = delegation_of(d->c, &d->c->casts[index]);
	json_t *claims = json_object_get(a->recipe, "claims");

	if (!cast)
		return true;
	const char *user = d->script->actors[cast->user].value;
	return (json_object_set_new(claims, "user_id", json_string(user)) == 0 &&
		json_object_set_new(claims, "sub", json_string(user)) == 0 &&
		json_object_set_new(claims, "act", actors_chain(d, cast, a->value)) == 0) ||
	       list_no_memory(d->fault);
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
	return a->name && a->claim && a->recipe ? delegate(d, index) : list_no_memory(d->fault);
}

/* The original's attributes first, then the copy's own. */
static bool apply_cast(struct draft *d, const struct cast *cast)
{
	bool good = cast->original < 0 || apply_cast(d, &d->c->casts[cast->original]);

	for (size_t i = 0; good && i < cast->with.count; i++)
		if (cast->with.items[i].word->subject == SUBJECT_ACTOR)
			good = cast->with.items[i].word->apply(d, &cast->with.items[i]);
	return good;
}

/* All names before all attributes: an attribute may speak of any actor. */
bool draft_actors(struct draft *d, const struct registry *registry)
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

static bool copy_text(char **to, const char *from)
{
	*to = from ? slice_copy(slice_text(from)) : NULL;
	return *to || !from;
}

struct script_actor *actor_copy(const struct script_actor *actor)
{
	struct script_actor *copy = malloc(sizeof *copy);
	bool good;

	if (!copy)
		return NULL;
	*copy = *actor;
	copy->recipe = json_deep_copy(actor->recipe);
	good = copy->recipe != NULL;
	good &= copy_text(&copy->name, actor->name);
	good &= copy_text(&copy->org_id, actor->org_id);
	good &= copy_text(&copy->claim, actor->claim);
	good &= copy_text(&copy->value, actor->value);
	good &= copy_text(&copy->client_id, actor->client_id);
	good &= copy_text(&copy->username, actor->username);
	good &= copy_text(&copy->method, actor->method);
	if (good)
		return copy;
	script_actor_release(copy);
	free(copy);
	return NULL;
}
