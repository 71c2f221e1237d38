#include "scenario/bind.h"

#include "crypto.h"
#include "registry/list.h"
#include "scenario/carrier.h"
#include "scenario/draft.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

enum { ID_MAX = 1024 };

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
	return draft_take(&id, fault);
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

/* Checks that no run against this target can judge, said before it begins. */
static bool preset(struct script *s, enum verdict verdict, const char *text, struct slice what, struct fault *fault)
{
	for (size_t i = 0; i < s->check_count; i++) {
		struct buf sentence;
		if (s->checks[i].verdict != VERDICT_PENDING)
			continue;
		buf_init(&sentence, ID_MAX);
		buf_text(&sentence, text);
		buf_put(&sentence, what);
		s->checks[i].verdict = verdict;
		s->checks[i].sentence = draft_take(&sentence, fault);
		if (!s->checks[i].sentence)
			return false;
	}
	return true;
}

/* The algorithm that a key role ends with: main-es256. JOSE_NONE: none that is known. */
static enum jose_alg role_alg(const char *role)
{
	static const enum jose_alg algs[] = { JOSE_ES256, JOSE_EDDSA, JOSE_PS256, JOSE_RS256 };
	const char *dash = role ? strrchr(role, '-') : NULL;

	for (size_t i = 0; dash && i < sizeof algs / sizeof *algs; i++)
		if (strcasecmp(dash + 1, jose_alg_name(algs[i])) == 0)
			return algs[i];
	return JOSE_NONE;
}

static bool declared(enum jose_alg alg, const char *const *algorithms)
{
	if (alg == JOSE_NONE || !algorithms)
		return true;
	for (; *algorithms; algorithms++)
		if (jose_alg_from(slice_text(*algorithms)) == alg)
			return true;
	return false;
}

/* An actor who is to be accepted with an algorithm that the target has not: nothing to judge. */
static bool preset_unjudgeable(struct script *s, const struct scenario_case *c, const struct binding *b,
			       struct fault *fault)
{
	for (size_t i = 0; i < s->step_count; i++) {
		const struct script_step *step = &s->steps[i];
		const char *key = json_string_value(json_object_get(s->actors[step->actor].recipe, "key"));
		if (step->act != ACT_CONNECT || step->label == LABEL_DENY || declared(role_alg(key), b->algorithms))
			continue;
		if (!preset(s, VERDICT_NA, "the target does not declare the algorithm ",
			    slice_text(jose_alg_name(role_alg(key))), fault))
			return false;
	}
	return !c->needs.size || preset(s, VERDICT_UNTESTED, "needs a hook that is not there: ", c->needs, fault);
}

/* "main-es256" where the target has ES256, else the first that it has. */
static const char *default_key(const char *const *algorithms, struct buf *role)
{
	enum jose_alg alg = JOSE_ES256;

	if (algorithms && algorithms[0] && !declared(JOSE_ES256, algorithms))
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
	good = good && draft_actors(&d, b->registry);
	for (size_t i = 0; good && i < c->step_count; i++)
		good = draft_step(&d, &c->steps[i], &script->steps[script->step_count++]);
	good = good && (!b->carrier || carrier_expand(b->carrier, script) || list_no_memory(fault));
	good = good && preset_unjudgeable(script, c, b, fault);
	buf_release(&role);
	if (good)
		return script;
	script_free(script);
	return NULL;
}
