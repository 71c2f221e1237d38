#include "judge/trace.h"

#include "judge/instant.h"
#include "json.h"
#include "version.h"
#include "wire/describe.h"
#include "wire/read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const struct json_limits line_limits = { TRACE_LINE_MAX, 40 };

struct trace_reader {
	FILE *file;
	const char *name;
	const struct plan *plan;
	char salt[SALT_SIZE + 1];
	unsigned line;
	int64_t moments;
	struct buf text, raw;
	json_t *object; /* the current line */
	json_t *index;  /* script id -> position */
	struct packet packet;
};

static bool bad(const struct trace_reader *r, struct fault *fault, const char *what)
{
	return fault_set(fault, FAULT_MALFORMED, "%s:%u: %s", r->name, r->line, what);
}

/* One line of text into r->text; false at the end of the file or with *fault. */
static bool read_text(struct trace_reader *r, struct fault *fault)
{
	int c = EOF;
	buf_clear(&r->text);
	r->line++;
	while ((c = getc(r->file)) != EOF && c != '\n' && !r->text.failed)
		buf_u8(&r->text, (uint8_t)c);
	if (r->text.failed)
		return fault_set(fault, FAULT_LIMIT, "%s:%u: a line of more than %d bytes", r->name, r->line, TRACE_LINE_MAX);
	if (ferror(r->file))
		return fault_set(fault, FAULT_UNAVAILABLE, "%s:%u: %s", r->name, r->line, strerror(errno));
	if (c == EOF)
		return bad(r, fault, r->text.size ? "the trace breaks off within this line" : "the trace has no end line");
	return true;
}

static bool read_object(struct trace_reader *r, struct fault *fault)
{
	char name[300];
	json_decref(r->object);
	r->object = NULL;
	if (!read_text(r, fault))
		return false;
	snprintf(name, sizeof name, "%.250s:%u", r->name, r->line);
	r->object = json_parse(buf_slice(&r->text), name, &line_limits, fault);
	if (r->object && !json_is_object(r->object))
		return bad(r, fault, "expected a JSON object");
	return r->object != NULL;
}

static const char *text_of(const struct trace_reader *r, const char *name)
{
	return json_string_value(json_object_get(r->object, name));
}

static int64_t number_of(const struct trace_reader *r, const char *name, int64_t otherwise)
{
	const json_t *value = json_object_get(r->object, name);
	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static bool flag_of(const struct trace_reader *r, const char *name)
{
	return json_is_true(json_object_get(r->object, name));
}

static bool read_scripts(struct trace_reader *r, struct fault *fault)
{
	const json_t *scripts = json_object_get(r->object, "scripts");
	if (!json_is_array(scripts) || json_array_size(scripts) != r->plan->script_count)
		return bad(r, fault, "the trace is of another selection: it names another number of scripts than the plan");
	r->index = json_object();
	for (size_t i = 0; r->index && i < r->plan->script_count; i++) {
		const char *id = json_string_value(json_array_get(scripts, i));
		if (!id || strcmp(id, r->plan->scripts[i]->id) != 0)
			return fault_set(fault, FAULT_PROTOCOL, "%s:%u: script %zu is %.100s, in the plan it is %.100s", r->name,
					 r->line, i, id ? id : "no text", r->plan->scripts[i]->id);
		json_object_set_new(r->index, id, json_integer((json_int_t)i));
	}
	return r->index || fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
}

static bool read_head(struct trace_reader *r, struct fault *fault)
{
	char seed[24];
	if (!read_object(r, fault))
		return false;
	const char *kind = text_of(r, "trace"), *salt = text_of(r, "salt"), *given = text_of(r, "seed");
	if (!kind || strcmp(kind, SUITE_NAME) != 0 || number_of(r, "version", 0) != 1)
		return bad(r, fault, "expected the first line of a trace of this suite, version 1");
	if (!salt || strlen(salt) != SALT_SIZE)
		return bad(r, fault, "$.salt: expected 16 hex digits");
	memcpy(r->salt, salt, SALT_SIZE + 1);
	snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->plan->seed);
	if (!given || strcmp(given, seed) != 0)
		return fault_set(fault, FAULT_PROTOCOL, "%s:%u: the trace is of seed %.24s, the plan of %s", r->name, r->line,
				 given ? given : "(none)", seed);
	return read_scripts(r, fault);
}

struct trace_reader *trace_read(const char *file, const struct plan *plan, struct fault *fault)
{
	struct trace_reader *r = calloc(1, sizeof *r);
	if (!r) {
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
		return NULL;
	}
	r->name = file;
	r->plan = plan;
	buf_init(&r->text, TRACE_LINE_MAX);
	buf_init(&r->raw, TRACE_LINE_MAX);
	r->file = fopen(file, "r");
	if (!r->file)
		fault_set(fault, FAULT_UNAVAILABLE, "%s: cannot read: %s", file, strerror(errno));
	if (r->file && read_head(r, fault))
		return r;
	trace_reader_free(r);
	return NULL;
}

void trace_reader_free(struct trace_reader *r)
{
	if (!r)
		return;
	if (r->file)
		fclose(r->file);
	buf_release(&r->text);
	buf_release(&r->raw);
	json_decref(r->object);
	json_decref(r->index);
	free(r);
}

const char *trace_salt(const struct trace_reader *r)
{
	return r->salt;
}

static ptrdiff_t find_actor(const struct script *script, const char *name)
{
	for (size_t i = 0; name && i < script->actor_count; i++) {
		if (strcmp(script->actors[i].name, name) == 0)
			return (ptrdiff_t)i;
	}
	return NOBODY;
}

/* The message of a fence or of a copy. */
static bool read_message(struct trace_reader *r, const struct script *script, struct moment *m, struct fault *fault)
{
	if (m->kind != MOMENT_FENCE && m->kind != MOMENT_COPY)
		return true;
	ptrdiff_t observer = m->kind == MOMENT_FENCE ? find_actor(script, text_of(r, "observer")) : 0;
	m->observer = (size_t)observer;
	m->message = (size_t)number_of(r, "message", -1);
	m->nonce = text_of(r, "nonce");
	return (observer != NOBODY && m->message < script->step_count && m->nonce && strlen(m->nonce) == NONCE_SIZE) ||
	       bad(r, fault, "expected a message with its nonce and, of a fence, the observer");
}

static bool read_script(struct trace_reader *r, struct moment *m, struct fault *fault)
{
	const char *id = text_of(r, "script");
	const json_t *at = id ? json_object_get(r->index, id) : NULL;
	m->script = m->actor = NOBODY;
	if (!id)
		return true;
	if (!at)
		return bad(r, fault, "$.script: expected one of the first line's");
	m->script = (ptrdiff_t)json_integer_value(at);
	const struct script *script = r->plan->scripts[m->script];
	m->attempt = (unsigned)number_of(r, "attempt", 0);
	m->actor = find_actor(script, m->who);
	m->step = (size_t)number_of(r, "step", 0);
	if (m->kind == MOMENT_STEP && m->step >= script->step_count)
		return bad(r, fault, "$.step: expected a step of the script");
	return read_message(r, script, m, fault);
}

static bool read_raw(struct trace_reader *r, struct moment *m, struct fault *fault)
{
	const char *hex = text_of(r, "hex");
	struct fault why = { FAULT_NONE, "" };
	buf_clear(&r->raw);
	if (hex && !hex_decode(slice_text(hex), &r->raw))
		return bad(r, fault, "$.hex: expected pairs of lower-case hex digits");
	m->raw = buf_slice(&r->raw);
	if (m->kind == MOMENT_SENT && !json_object_get(r->object, "packet"))
		return m->raw.size > 0 || bad(r, fault, "$.hex: expected the bytes that were sent");
	if (m->kind != MOMENT_SENT && m->kind != MOMENT_RECEIVED)
		return true;
	enum direction from = m->kind == MOMENT_SENT ? FROM_CLIENT : FROM_BROKER;
	if (packet_read(m->raw, from, &r->packet, &why) != READ_PACKET || r->packet.size != m->raw.size)
		return bad(r, fault, "$.hex: expected one whole MQTT 5 packet");
	m->packet = &r->packet;
	return true;
}

static bool find_kind(const char *name, enum moment_kind *kind)
{
	for (int i = 0; name && i < MOMENT_KINDS; i++) {
		if (strcmp(moment_name((enum moment_kind)i), name) == 0) {
			*kind = (enum moment_kind)i;
			return true;
		}
	}
	return false;
}

/* An exp may be anything that a token says; instant_resolve clips it. */
static bool read_times(const struct trace_reader *r, struct moment *m, struct fault *fault)
{
	m->us = number_of(r, "us", -1);
	m->exp_us = number_of(r, "exp_us", 0);
	return (m->us >= 0 && m->us <= INSTANT_MOST) ||
	       bad(r, fault, "$.us: expected the microseconds since the run began");
}

static bool read_moment(struct trace_reader *r, struct moment *m, struct fault *fault)
{
	*m = (struct moment){ .kind = MOMENT_KINDS };
	if (!find_kind(text_of(r, "event"), &m->kind))
		return bad(r, fault, "$.event: expected the name of an event");
	m->who = text_of(r, "actor");
	m->text = text_of(r, "text");
	m->connection = (unsigned)number_of(r, "connection", 0);
	m->flag = moment_flag(m->kind) && flag_of(r, moment_flag(m->kind));
	int64_t status = number_of(r, "status", 0);
	m->code = status >= -255 && status <= 255 ? (int)status : -1; /* an exit code, or a signal */
	r->moments++;
	return read_times(r, m, fault) && read_script(r, m, fault) && read_raw(r, m, fault);
}

static void read_preflight(const struct trace_reader *r, struct preflight *p)
{
	preflight_release(p);
	*p = (struct preflight){
		.reached = flag_of(r, "reached"),
		.good_token_accepted = flag_of(r, "good_token_accepted"),
		.own_message_back = flag_of(r, "own_message_back"),
		.bad_token_refused = flag_of(r, "bad_token_refused"),
		.round_trip_us = number_of(r, "round_trip_us", 0),
		.clock_offset_ms = number_of(r, "clock_offset_ms", 0),
		.clock_known = flag_of(r, "clock_known"),
		.problem = text_of(r, "problem") ? slice_copy(slice_text(text_of(r, "problem"))) : NULL,
	};
}

static bool read_end(struct trace_reader *r, struct run_result *result, struct fault *fault)
{
	if (number_of(r, "moments", -1) != r->moments)
		return bad(r, fault, "the end line counts another number of events than the trace holds");
	result->interrupted = flag_of(r, "interrupted");
	result->unreachable = flag_of(r, "unreachable");
	result->duration_us = number_of(r, "duration_us", 0);
	return getc(r->file) == EOF || bad(r, fault, "something stands behind the end line");
}

enum trace_step trace_next(struct trace_reader *r, struct moment *m, struct run_result *result, struct fault *fault)
{
	while (read_object(r, fault)) {
		const char *event = text_of(r, "event");
		if (event && strcmp(event, "preflight") == 0) {
			read_preflight(r, &result->preflight);
			continue;
		}
		if (event && strcmp(event, "end") == 0)
			return read_end(r, result, fault) ? TRACE_END : TRACE_BAD;
		return read_moment(r, m, fault) ? TRACE_MOMENT : TRACE_BAD;
	}
	return TRACE_BAD;
}
