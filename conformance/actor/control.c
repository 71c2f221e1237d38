#include "actor/control.h"

#include "actor/play.h"

#include <stdio.h>

enum { HELPER_KEEP_ALIVE_S = 60 };

bool helper_init(struct helper *helper, struct run *run, const char *edit)
{
	unsigned number = ++run->helpers;
	const char *prefix = run->target->client_id_prefix ? run->target->client_id_prefix : "";
	snprintf(helper->name, sizeof helper->name, "suite-%.8s-%u", run->salt, number);
	snprintf(helper->client_id, sizeof helper->client_id, "%.32s%s", prefix, helper->name);
	json_t *recipe = json_pack("{s:s, s:{s:s, s:s}}", "key", run->helper_key, "claims", "org_id", "seed", "agent_id",
				   helper->name);
	if (recipe && edit)
		json_object_set_new(recipe, "edits", json_pack("[{s:s}]", "signature", edit));
	helper->actor = (struct script_actor){
		.name = helper->name,
		.client_id = helper->client_id,
		.password = true,
		.recipe = recipe,
		.keep_alive_s = HELPER_KEEP_ALIVE_S,
		.clean_start = true,
	};
	return recipe != NULL;
}

void helper_release(struct helper *helper)
{
	json_decref(helper->actor.recipe);
	helper->actor.recipe = NULL;
}

static void on_time(evutil_socket_t fd, short what, void *context)
{
	struct control *control = context;
	(void)fd;
	(void)what;
	control->over = true;
	run_wake(control->peer.run);
}

bool control_begin(struct control *control, struct run *run, size_t listener, int64_t budget_ms)
{
	struct fault fault;
	memset(control, 0, sizeof *control);
	peer_init(&control->peer);
	control->active = true;
	control->peer.run = run;
	control->peer.listener = listener;
	control->peer.who = "control";
	control->timer = event_new(run->base, -1, 0, on_time, control);
	if (!control->timer || !helper_init(&control->helper, run, NULL)) {
		run_fail(run, "out of memory");
		return false;
	}
	play_arm(control->timer, budget_ms);
	if (peer_connect(&control->peer, &control->helper.actor, &fault))
		return true;
	run_fail(run, fault.text);
	return false;
}

enum control_state control_poll(struct control *control)
{
	struct peer *peer = &control->peer;
	struct fault ignored;
	if (peer->pongs > 0 || (peer->answered && peer->state != PEER_READY))
		return CONTROL_ANSWERED; /* a CONNACK of any kind is a sign of life */
	if (control->over || peer->state == PEER_CLOSED)
		return CONTROL_UNANSWERED;
	if (peer->state == PEER_READY && !control->pinged) {
		control->pinged = true;
		peer_ping(peer, &ignored);
	}
	return CONTROL_WAIT;
}

void control_end(struct control *control)
{
	if (!control->active)
		return;
	peer_release(&control->peer);
	if (control->timer)
		event_free(control->timer);
	helper_release(&control->helper);
	control->active = false;
}
