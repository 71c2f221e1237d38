/* Acts that MQTT has no packet for: they go through the target's hooks, and orders perhaps over MQTT. */
#include "actor/play.h"

#include "clock.h"
#include "files/files.h"
#include "hook/hook.h"
#include "mint/order.h"
#include "wire/describe.h"

#include <stdio.h>
#include <stdlib.h>

enum { ORDER_MAX = 1 << 16, POLICY_MAX = 1 << 20, EVIDENCE_MAX = 400 };

static const char revocation_topic[] = "$identity/v1/revocations";

static void report(struct play *play, int code, bool in_time, const char *text)
{
	struct moment m = {
		.kind = MOMENT_HOOK, .script = (ptrdiff_t)play->index, .attempt = play->attempt, .actor = NOBODY,
		.step = play->step, .code = code, .flag = in_time, .text = text,
	};
	run_emit(play->run, &m);
}

/* After a restart no old connection stands, whether its end has reached us or not. */
static void lose_all(struct play *play)
{
	for (size_t i = 0; i < play->script->actor_count; i++)
		peer_lost(&play->peers[i], "the broker was restarted");
}

static void on_done(void *context, const struct hook_result *result)
{
	struct play *play = context;
	struct buf text;
	buf_init(&text, 4 * EVIDENCE_MAX + 1024);
	buf_text(&text, result->words);
	if (result->complaint.size > 0) {
		buf_text(&text, "; on standard error: ");
		text_escape(result->complaint, EVIDENCE_MAX, &text);
	}
	const char *words = buf_string(&text);
	if (!words)
		run_fail(play->run, "out of memory");
	if (words && play->stage == PLAY_STEP) {
		const struct script_step *step = &play->script->steps[play->step];
		if (step->act == ACT_RESTART)
			lose_all(play);
		if (result->end == HOOK_NOT_RUN)
			play_emit(play, MOMENT_HARNESS, false, words);
		else
			report(play, result->end == HOOK_REFUSED ? HOOK_REFUSED_STATUS : result->end == HOOK_IN_FORCE ? 0 : -1,
			       result->end != HOOK_BROKEN, words);
	}
	buf_release(&text);
	hook_free(play->hook);
	play->hook = NULL;
	run_wake(play->run);
}

static bool start(struct play *play, enum hook_kind kind, const char *org, const char *argument, struct slice input,
		  struct fault *fault)
{
	struct hook_call call = {
		.argv = (const char *const *)play->run->target->hooks[kind], .org = org, .argument = argument, .input = input,
		.done = on_done, .context = play,
	};
	if (!call.argv)
		return fault_set(fault, FAULT_BUG, "the target has no hook \"%s\"; name one in its file, or leave the case out",
				 hook_name(kind));
	play->hook = hook_start(play->run->base, &call, fault);
	return play->hook != NULL;
}

static bool publish_order(struct play *play, size_t carrier, struct slice order, struct fault *fault)
{
	struct publish message = { .qos = 1, .topic = slice_text(revocation_topic), .payload = order };
	static const struct carriage plain;
	if (!peer_carry(&play->peers[carrier], &message, &plain, fault))
		return false;
	play->order_id = play->peers[carrier].published_id;
	play->order_carrier = carrier;
	return true;
}

/* Each order is newer than the one before, else it would have no effect. */
static bool send_order(struct play *play, enum order_kind kind, size_t actor, size_t carrier, struct fault *fault)
{
	struct run *run = play->run;
	const json_t *claims = json_object_get(play->script->actors[actor].recipe, "claims");
	int64_t now_s = clock_wall_ms() / 1000;
	struct nonce nonce;
	struct buf order;
	play->order_s = now_s > play->order_s ? now_s : play->order_s + 1;
	buf_init(&order, ORDER_MAX);
	bool sent = nonce_make(run->salt, run->plan->seed, play->script->id, play->attempt, play->step, ++run->connections,
			       &nonce) ||
		    fault_set(fault, FAULT_UNAVAILABLE, "no digest can be computed");
	sent = sent && order_mint(run->fixture, kind, claims, play->order_s, now_s, nonce.text + 1, &order, fault);
	if (sent && run->target->revoke_by_mqtt)
		sent = publish_order(play, carrier, buf_slice(&order), fault);
	else if (sent)
		sent = start(play, HOOK_REVOKE, play->script->actors[actor].org_id, NULL, buf_slice(&order), fault);
	buf_release(&order);
	return sent;
}

/* The policy block as the fixture has it. */
static bool load(struct play *play, size_t actor, const char *name, struct fault *fault)
{
	char inner[128];
	struct buf document;
	buf_init(&document, POLICY_MAX);
	snprintf(inner, sizeof inner, "organisations/%.100s.json", name);
	char *path = path_join(play->run->fixture->dir, inner);
	bool started = path ? file_read(path, POLICY_MAX, &document, fault) :
			      fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	started = started && start(play, HOOK_POLICY, play->script->actors[actor].org_id, NULL, buf_slice(&document), fault);
	free(path);
	buf_release(&document);
	return started;
}

static void note(struct play *play, struct deed deed)
{
	play->deeds[play->deed_count++] = deed;
}

static void forget(struct play *play, size_t actor)
{
	size_t kept = 0;
	for (size_t i = 0; i < play->deed_count; i++) {
		if (play->deeds[i].kind != DEED_REVOKED || play->deeds[i].actor != actor)
			play->deeds[kept++] = play->deeds[i];
	}
	play->deed_count = kept;
}

bool play_hook(struct play *play, const struct script_step *step, struct fault *fault)
{
	switch (step->act) {
	case ACT_REVOKE:
		note(play, (struct deed){ DEED_REVOKED, step->object, step->actor });
		return send_order(play, ORDER_REVOKE, step->object, step->actor, fault);
	case ACT_LIFT:
		forget(play, step->object);
		return send_order(play, ORDER_LIFT, step->object, step->actor, fault);
	case ACT_LOAD:
		note(play, (struct deed){ DEED_LOADED, step->actor, step->actor });
		if (!step->document)
			return load(play, step->actor, step->word, fault);
		return start(play, HOOK_POLICY, play->script->actors[step->actor].org_id, NULL, slice_text(step->document), fault);
	default:
		return start(play, HOOK_RESTART, "", step->word, slice_of(NULL, 0), fault);
	}
}

void play_watch_order(struct play *play)
{
	const struct peer *carrier = &play->peers[play->order_carrier];
	char text[64];
	bool acked = carrier->last_ack == play->order_id;
	if (!play->order_id || (!acked && carrier->line))
		return;
	play->order_id = 0;
	if (play->stage != PLAY_STEP)
		return;
	if (acked)
		snprintf(text, sizeof text, "PUBACK 0x%02X", carrier->last_code);
	else
		snprintf(text, sizeof text, "the connection ended before a PUBACK");
	report(play, acked && carrier->last_code < 0x80 ? 0 : HOOK_REFUSED_STATUS, acked, text);
}

bool play_undo(struct play *play)
{
	struct fault ignored; /* what cannot be undone stays as it is: there is nobody to tell */
	play_watch_order(play);
	while (!play->hook && !play->order_id && play->deed_count > 0) {
		struct deed deed = play->deeds[--play->deed_count];
		if (deed.kind == DEED_LOADED)
			load(play, deed.actor, play->script->actors[deed.actor].org_id, &ignored);
		else if (!play->run->target->revoke_by_mqtt || play->peers[deed.carrier].state == PEER_READY)
			send_order(play, ORDER_LIFT, deed.actor, deed.carrier, &ignored);
	}
	return play->hook || play->order_id;
}
