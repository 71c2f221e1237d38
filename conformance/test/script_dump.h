/* A script as text, so that two can be compared and a test can say what it expects. */
#ifndef CONFORMANCE_TEST_SCRIPT_DUMP_H
#define CONFORMANCE_TEST_SCRIPT_DUMP_H

#include "buf.h"
#include "scenario/script.h"

#include <stdlib.h>

static inline void dump_message(const char *name, const struct script_message *m, struct buf *out)
{
	buf_format(out, " %s{%td %td %td %td %lld %s %s %s %s", name, m->qos, m->retain, m->dup, m->format,
		   (long long)m->expiry_s, m->content_type ? m->content_type : "-",
		   m->response_topic ? m->response_topic : "-", m->correlation ? m->correlation : "-",
		   m->topic ? m->topic : "-");
	for (size_t i = 0; i < m->identifier_count; i++)
		buf_format(out, " #%u", m->identifiers[i]);
	for (size_t i = 0; i < m->user_count; i++)
		buf_format(out, " %s=%s", m->user[i][0], m->user[i][1]);
	buf_text(out, "}");
}

static inline void dump_actor(const struct script_actor *a, struct buf *out)
{
	char *recipe = json_dumps(a->recipe, JSON_COMPACT | JSON_SORT_KEYS);

	buf_format(out, "%s %s %s=%s %s %s %d %u %d %lld %u %u %u %td %td %s %s\n", a->name, a->org_id, a->claim, a->value,
		   a->client_id, a->username ? a->username : "-", a->password, a->keep_alive_s, a->clean_start,
		   (long long)a->session_expiry_s, a->receive_maximum, a->maximum_packet, a->alias_maximum,
		   a->request_problem, a->request_response, a->method ? a->method : "-", recipe);
	free(recipe);
}

static inline void dump_instant(const char *name, const struct instant *i, struct buf *out)
{
	if (i->kind != INSTANT_NONE)
		buf_format(out, " %s %d.%zu%+lld", name, (int)i->kind, i->index, (long long)i->offset_ms);
}

static inline void dump_bytes(const struct script_step *s, struct buf *out)
{
	for (size_t i = 0; i < s->bytes_count; i++) {
		const struct bytes_part *part = &s->bytes[i];
		if (part->kind == BYTES_LENGTH)
			buf_format(out, " LEN%s%+d", part->overlong ? "*" : "", part->delta);
		else if (part->kind == BYTES_TOKEN)
			buf_format(out, " TOKEN.%zu", part->actor);
		for (size_t k = 0; k < part->size; k++)
			buf_format(out, "%s%02X", k ? "" : " ", part->data[k]);
	}
}

static inline void dump_step(const struct script_step *s, struct buf *out)
{
	buf_format(out, "%d %zu %s v%d check %td manner %td alike %td twin %td qos %u%s%s%s%s%s", (int)s->label, s->actor,
		   act_name(s->act), (int)s->vehicle, s->check, s->manner, s->alike, s->twin, s->qos,
		   s->retain ? " retain" : "", s->held_back ? " held" : "", s->again ? " again" : "",
		   s->if_open ? " if-open" : "", s->empty ? " empty" : "");
	buf_format(out, " topic %s payload %s size %zu alias %u count %td every %lld grace %lld", s->topic ? s->topic : "-",
		   s->payload ? s->payload : "-", s->payload_size, s->alias, s->count, (long long)s->every_ms,
		   (long long)s->grace_ms);
	if (s->will.topic)
		buf_format(out, " will %s %s %u %d %lld", s->will.topic, s->will.payload, s->will.qos, s->will.retain,
			   (long long)s->will.delay_s);
	for (size_t i = 0; i < s->message_count; i++)
		buf_format(out, " message %zu", s->messages[i]);
	for (size_t i = 0; i < s->filter_count; i++)
		buf_format(out, " filter %s%s", s->filters[i], i == s->tested ? "!" : "");
	buf_format(out, " options %02X identifier %u code %02X session %lld object %zu word %s breaks %s", s->filter_options,
		   s->identifier, s->code, (long long)s->session_s, s->object, s->word ? s->word : "-",
		   s->breaks ? s->breaks : "-");
	for (size_t i = 0; i < s->outcome_count; i++)
		buf_format(out, " -> %s", outcome_name(s->outcomes[i]));
	for (size_t i = 0; i < s->code_count; i++)
		buf_format(out, " 0x%02X", s->codes[i]);
	for (size_t i = 0; i < s->should_count; i++)
		buf_format(out, " should 0x%02X", s->should[i]);
	dump_instant("by", &s->by, out);
	dump_instant("should by", &s->should_by, out);
	dump_instant("after", &s->after, out);
	dump_instant("until", &s->until, out);
	dump_bytes(s, out);
	dump_message("m", &s->properties, out);
	dump_message("w", &s->will.properties, out);
	buf_text(out, "\n");
	if (s->as)
		dump_actor(s->as, out);
}

/* Everything that the wire and the judge see; not where it was written. */
static inline void dump_script(const struct script *s, struct buf *out)
{
	buf_format(out, "%s listener %zu%s\n", s->id, s->listener, s->alone ? " alone" : "");
	for (size_t i = 0; i < s->actor_count; i++)
		dump_actor(&s->actors[i], out);
	for (size_t i = 0; i < s->step_count; i++)
		dump_step(&s->steps[i], out);
	for (size_t i = 0; i < s->check_count; i++)
		buf_format(out, "%s%s\n", s->checks[i].rule->id, s->checks[i].deny ? " deny" : "");
}

#endif
