/* How far the broker's clock is from ours. A broker tells nobody the time; what it tells is which
 * tokens it still takes. [AUTH-02] lets it take one for less than 30 s after exp, and with an iat at most
 * 30 s ahead: both edges are looked for, each by halving, and the smallest offset that explains
 * them is the answer. */
#include "actor/play.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	NEAR_S = -61, FAR_S = 95, /* an edge is looked for between these: offsets of up to a minute are seen */
	LEEWAY_S = 30, LIFE_S = 300
};

struct edge { /* the largest distance in seconds at which a token is accepted */
	int accepted, refused; /* known so far; at the start believed */
	int tried;
	bool busy, done, unknown, far_tried;
	struct helper helper;
	struct peer peer;
};

struct skew {
	struct edge iat, exp;
	struct event *timer;
	struct run *run;
	bool late;
};

static void on_time(evutil_socket_t fd, short what, void *context)
{
	struct skew *skew = context;
	(void)fd;
	(void)what;
	skew->late = true;
	run_wake(skew->run);
}

static bool edge_init(struct edge *edge, struct run *run)
{
	*edge = (struct edge){ .accepted = NEAR_S, .refused = FAR_S };
	peer_init(&edge->peer);
	edge->peer.run = run;
	edge->peer.who = "preflight, clock";
	return helper_init(&edge->helper, run, NULL);
}

bool skew_begin(struct run *run)
{
	struct skew *skew = calloc(1, sizeof *skew);
	run->skew = skew;
	if (skew) {
		skew->run = run;
		skew->timer = event_new(run->base, -1, 0, on_time, skew);
	}
	if (!skew || !edge_init(&skew->iat, run) || !edge_init(&skew->exp, run) || !skew->timer) {
		run_fail(run, "out of memory");
		return false;
	}
	play_arm(skew->timer, SKEW_MS);
	return true;
}

void skew_end(struct run *run)
{
	struct skew *skew = run->skew;
	struct edge *edges[] = { skew ? &skew->iat : NULL, skew ? &skew->exp : NULL };
	for (size_t i = 0; skew && i < 2; i++) {
		if (!edges[i]->peer.run)
			continue;
		peer_release(&edges[i]->peer);
		helper_release(&edges[i]->helper);
	}
	if (skew && skew->timer)
		event_free(skew->timer);
	free(skew);
	run->skew = NULL;
}

/* A token that is distance seconds too early, or too late. */
static void edge_try(struct edge *edge, struct run *run, int distance, bool early)
{
	struct fault fault;
	int iat = early ? distance : -distance - LIFE_S;
	json_t *times = json_pack("{s:i, s:i}", "iat", iat, "exp", iat + LIFE_S);
	if (!times || json_object_set_new(edge->helper.actor.recipe, "times", times) != 0)
		run_fail(run, "out of memory");
	else if (!peer_connect(&edge->peer, &edge->helper.actor, &fault))
		run_fail(run, fault.text);
	edge->tried = distance;
	edge->busy = true;
}

static void edge_poll(struct edge *edge, struct run *run, bool early)
{
	const struct peer *peer = &edge->peer;
	bool accepted = peer->state == PEER_READY;
	bool answered = accepted || peer->answered || peer->state == PEER_CLOSED;
	if (edge->done || (edge->busy && !answered))
		return;
	if (edge->busy && accepted)
		edge->accepted = edge->tried;
	else if (edge->busy)
		edge->refused = edge->tried;
	edge->unknown = edge->accepted >= FAR_S; /* it looks at no clock here */
	edge->busy = false;
	edge->done = edge->unknown || (edge->far_tried && edge->refused - edge->accepted <= 1);
	if (edge->done) {
		peer_leave(&edge->peer);
		return;
	}
	int middle = edge->accepted + (edge->refused - edge->accepted) / 2;
	edge_try(edge, run, edge->far_tried ? middle : FAR_S, early);
	edge->far_tried = true;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* offset + leeway of iat lies between iat - 1 and iat + 1, as tokens bear whole seconds, leeway of exp -
 * offset between exp and exp + 2, both leeways in [0, 30]: false when no offset fits. */
static bool smallest_offset(int iat, int exp, int *offset)
{
	int least = larger(iat - 1 - LEEWAY_S, -exp - 2), most = -larger(-iat - 1, exp - LEEWAY_S);
	if (iat == NEAR_S || exp == NEAR_S || least > most)
		return false;
	*offset = least > 0 ? least : most < 0 ? most : 0;
	return true;
}

static void conclude(struct run *run)
{
	const struct skew *skew = run->skew;
	struct preflight *p = &run->result->preflight;
	int64_t tolerance = run->target->clock_skew_ms > 0 ? run->target->clock_skew_ms : CLOCK_SKEW_MS;
	int offset = 0;
	char text[200];
	p->clock_known = skew->iat.done && skew->exp.done && !skew->iat.unknown && !skew->exp.unknown &&
			 smallest_offset(skew->iat.accepted, skew->exp.accepted, &offset);
	p->clock_offset_ms = p->clock_known ? offset * INT64_C(1000) : 0;
	if (!p->clock_known || llabs(p->clock_offset_ms) <= tolerance)
		return;
	snprintf(text, sizeof text, "the broker's clock is at least %d s %s of the suite's: cases about time will not hold",
		 abs(offset), offset > 0 ? "ahead" : "behind");
	p->clock_warning = slice_copy(slice_text(text));
	if (!p->clock_warning)
		run_fail(run, "out of memory");
}

bool skew_poll(struct run *run)
{
	struct skew *skew = run->skew;
	edge_poll(&skew->iat, run, true);
	edge_poll(&skew->exp, run, false);
	bool over = skew->late || (skew->iat.done && skew->exp.done);
	if (over)
		conclude(run);
	return over;
}
