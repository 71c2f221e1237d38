#include "report/report.h"

static const char *finding_name(enum finding_kind kind)
{
	static const char *const names[] = { "grant refused", "denial not held", "no answer" };
	return names[kind];
}

static json_t *findings_json(const struct preflight *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < p->finding_count; i++) {
		const struct finding *f = &p->findings[i];
		json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:b, s:o}", "org", text_json(f->org), "rule",
						      text_json(f->rule), "finding", finding_name(f->kind), "blocks", f->blocks,
						      "sentence",
						      text_json(f->sentence)));
	}
	return list;
}

json_t *report_preflight(const struct preflight *p)
{
	json_t *offset = p->clock_known ? json_integer((json_int_t)p->clock_offset_ms) : json_null();
	return json_pack("{s:b, s:b, s:b, s:b, s:I, s:o, s:o, s:o, s:{s:I, s:I, s:o}}", "reached", p->reached,
			 "good_token_accepted", p->good_token_accepted, "own_message_back", p->own_message_back,
			 "bad_token_refused", p->bad_token_refused, "round_trip_us", (json_int_t)p->round_trip_us,
			 "clock_offset_ms", offset, "clock_warning", text_json(p->clock_warning), "problem",
			 text_json(p->problem), "probes", "asked", (json_int_t)p->probes, "held",
			 (json_int_t)p->probes_held, "findings", findings_json(p));
}
