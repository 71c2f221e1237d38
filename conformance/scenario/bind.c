#include "scenario/bind.h"

#include "crypto.h"
#include "registry/list.h"
#include "scenario/carrier.h"
#include "scenario/draft.h"
#include "scenario/preset.h"

#include <ctype.h>
#include <stdlib.h>

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
	good = good && draft_actors(&d, b->registry);
	for (size_t i = 0; good && i < c->step_count; i++)
		good = draft_step(&d, &c->steps[i], &script->steps[script->step_count++]);
	good = good && (!b->carrier || carrier_expand(b->carrier, script) || list_no_memory(fault));
	buf_release(&role);
	if (good)
		return script;
	script_free(script);
	return NULL;
}
