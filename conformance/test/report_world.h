/* A finished run made by hand, for the tests of reports. */
#ifndef CONFORMANCE_TEST_REPORT_WORLD_H
#define CONFORMANCE_TEST_REPORT_WORLD_H

#include "report/report.h"
#include "sample.h"

enum { SCRIPTS = 3 };

/* One script with PUB-02 and PUB-03, one with SBS-01, both on the first listener; the third is PUB-02
 * on the second listener. */
struct world {
	struct sample sample;
	struct script scripts[SCRIPTS];
	struct check checks[SCRIPTS][2];
	struct script_step step;
	struct script *list[SCRIPTS];
	struct plan plan;
	struct plan_options selection;
	struct listener listeners[2];
	struct target target;
	struct fixture fixture;
	struct run_result result;
	struct areas areas;
	struct report_input input;
};

static char text_a[64], text_b[64];
static char tls[] = "tls", plain[] = "plain", host[] = "::1", core[] = "core", none[] = "", name[] = "sample";
static char case_pub[] = "PUB-02.other", case_sbs[] = "SBS-01.own", id_0[] = "PUB-02.other/upper/qos1@tls";
static char id_1[] = "SBS-01.own/alone@tls", id_2[] = "PUB-02.other/upper/qos1@plain", qos1[] = "qos1",
	    alone[] = "alone";
static char *classes[] = { core, NULL }, es256[] = "ES256", *algorithms[] = { es256, NULL };
static const char *const arguments[] = { "mqtt-agent-conformance", "run", NULL };

static inline struct check check_of(const struct rule *rule, enum verdict verdict)
{
	return (struct check){ .rule = rule, .verdict = verdict };
}

static inline void world_scripts(struct world *w)
{
	w->step = (struct script_step){ .source = "  deny same to \"agents/other/card\" -> denied" };
	w->checks[0][0] = check_of(&w->sample.rules[0], VERDICT_PASS);
	w->checks[0][1] = check_of(&w->sample.rules[1], VERDICT_PASS);
	w->checks[1][0] = check_of(&w->sample.rules[2], VERDICT_PASS);
	w->checks[2][0] = check_of(&w->sample.rules[0], VERDICT_PASS);
	w->scripts[0] = (struct script){ .id = id_0, .case_id = case_pub, .carrier = qos1, .check_count = 2 };
	w->scripts[1] = (struct script){ .id = id_1, .case_id = case_sbs, .carrier = alone, .check_count = 1 };
	w->scripts[2] =
		(struct script){ .id = id_2, .case_id = case_pub, .carrier = qos1, .check_count = 1, .listener = 1 };
	for (size_t i = 0; i < SCRIPTS; i++) {
		w->scripts[i].checks = w->checks[i];
		w->scripts[i].steps = &w->step;
		w->scripts[i].step_count = 1;
		w->list[i] = &w->scripts[i];
	}
}

static inline void world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	sample_init(&w->sample);
	world_scripts(w);
	w->plan = (struct plan){ .scripts = w->list, .script_count = SCRIPTS, .check_count = 4, .seed = 7 };
	w->listeners[0] = (struct listener){ .name = tls, .host = host, .port = 8883, .tls = true };
	w->listeners[1] = (struct listener){ .name = plain, .host = host, .port = 1883, .test = true };
	w->target = (struct target){ .name = name,
				     .version = none,
				     .vendor = none,
				     .listeners = w->listeners,
				     .listener_count = 2,
				     .token_credentials = true,
				     .client_id_prefix = none,
				     .classes = classes,
				     .algorithms = algorithms };
	memset(w->target.digest, 'b', 64);
	memset(w->fixture.digest, 'c', 64);
	w->result.preflight = (struct preflight){ .reached = true, .good_token_accepted = true, .own_message_back = true,
						 .bad_token_refused = true, .round_trip_us = 400, .clock_known = true };
	w->areas = (struct areas){ .names = { "PUB", "SBS", "WIL" }, .count = 3 };
	w->input = (struct report_input){ .registry = &w->sample.registry,
					  .plan = &w->plan,
					  .selection = &w->selection,
					  .target = &w->target,
					  .fixture = &w->fixture,
					  .result = &w->result,
					  .core_areas = &w->areas,
					  .preflight = true,
					  .repeat = 1,
					  .repeated = 1,
					  .target_text = "it's a target.json",
					  .fixture_text = "fx",
					  .arguments = arguments,
					  .started_ms = 1800000000000 };
}

#endif
