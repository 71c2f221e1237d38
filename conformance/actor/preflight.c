/* Preflight: is there a broker, does it know a good token from a bad one, and how far away is it?
 * Every listener is surveyed at once, in at most PREFLIGHT_MS. Then, of one that does: has it loaded
 * the fixture (questions.c), and what time is it there (skew.c)? */
#include "actor/control.h"
#include "actor/play.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>

struct survey {
	struct run *run;
	const struct listener *listener;
	struct helper good, bad;
	struct peer good_peer, bad_peer;
	char good_who[96], bad_who[96], topic[96];
	struct nonce nonce;
	struct event *timer;
	bool accepted, subscribed, published, back, pinged, measured;
	bool good_done, bad_done, refused;
};

static void on_time(evutil_socket_t fd, short what, void *context)
{
	struct survey *survey = context;
	(void)fd;
	(void)what;
	survey->good_done = survey->bad_done = true;
	run_wake(survey->run);
}

static void on_heard(void *context, const struct packet *packet)
{
	struct survey *survey = context;
	if (slice_is(packet->topic, survey->topic) && slice_is(packet->payload, survey->nonce.text))
		survey->back = true;
}

static void set_peer(struct survey *survey, struct peer *peer, size_t listener, const char *who)
{
	peer_init(peer);
	peer->run = survey->run;
	peer->listener = listener;
	peer->who = who;
}

static bool survey_begin(struct survey *survey, struct run *run, size_t listener, struct fault *fault)
{
	survey->run = run;
	survey->listener = &run->target->listeners[listener];
	snprintf(survey->good_who, sizeof survey->good_who, "preflight %.80s", survey->listener->name);
	snprintf(survey->bad_who, sizeof survey->bad_who, "preflight %.70s, bad token", survey->listener->name);
	set_peer(survey, &survey->good_peer, listener, survey->good_who);
	set_peer(survey, &survey->bad_peer, listener, survey->bad_who);
	survey->timer = event_new(run->base, -1, 0, on_time, survey);
	if (!survey->timer || !helper_init(&survey->good, run, NULL) || !helper_init(&survey->bad, run, "flipped"))
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	snprintf(survey->topic, sizeof survey->topic, "agents/%s/card", survey->good.name);
	survey->good_peer.heard = on_heard;
	survey->good_peer.context = survey;
	survey->bad_done = !run->target->token_credentials;
	/* Looking names up may have taken some of the time in which a dead target is told. */
	int64_t left = REACH_MS - (clock_monotonic_us() - run->begin_us) / 1000;
	play_arm(survey->timer, left < PREFLIGHT_MS ? left : PREFLIGHT_MS);
	return nonce_make(run->salt, run->plan->seed, survey->good.name, 0, listener, 0, &survey->nonce) &&
	       peer_connect(&survey->good_peer, &survey->good.actor, fault) &&
	       (survey->bad_done || peer_connect(&survey->bad_peer, &survey->bad.actor, fault));
}

bool preflight_begin(struct run *run)
{
	struct fault fault = { FAULT_BUG, "the preflight could not begin" };
	size_t count = run->target->listener_count;
	run->surveys = calloc(count ? count : 1, sizeof *run->surveys);
	for (size_t i = 0; run->surveys && i < count; i++) {
		if (!survey_begin(&run->surveys[i], run, i, &fault)) {
			run_fail(run, fault.text);
			return false;
		}
	}
	if (!run->surveys)
		run_fail(run, "out of memory");
	return run->surveys != NULL;
}

void preflight_end(struct run *run)
{
	questions_end(run);
	skew_end(run);
	for (size_t i = 0; run->surveys && i < run->target->listener_count; i++) {
		struct survey *survey = &run->surveys[i];
		if (!survey->run)
			break;
		peer_release(&survey->good_peer);
		peer_release(&survey->bad_peer);
		helper_release(&survey->good);
		helper_release(&survey->bad);
		if (survey->timer)
			event_free(survey->timer);
	}
	free(run->surveys);
	run->surveys = NULL;
}

static void send_card(struct survey *survey)
{
	struct fault ignored; /* a connection that ends is seen as such */
	struct publish card = { .topic = slice_text(survey->topic), .payload = slice_text(survey->nonce.text) };
	static const char *const directory[] = { "agents/+/card" };
	struct peer *peer = &survey->good_peer;
	if (!survey->subscribed) {
		survey->subscribed = peer_filters(peer, PACKET_SUBSCRIBE, directory, 1, 0, &ignored);
	} else if (!survey->published && peer->unanswered == 0) {
		survey->published = peer_publish(peer, &card, &ignored);
	} else if (survey->back && !survey->pinged) {
		survey->pinged = peer_ping(peer, &ignored);
	}
}

static void survey_poll(struct survey *survey)
{
	struct peer *good = &survey->good_peer, *bad = &survey->bad_peer;
	survey->accepted |= good->answered && good->code == 0x00;
	if (good->state == PEER_READY)
		send_card(survey);
	survey->measured |= survey->pinged && good->pongs > 0;
	survey->good_done |= good->state == PEER_CLOSED || (good->answered && good->state != PEER_READY) || survey->measured;
	if (survey->bad_done)
		return;
	bool answered = bad->answered || (bad->opened && bad->state == PEER_CLOSED);
	survey->refused = answered && bad->state != PEER_READY && (!bad->answered || bad->code >= 0x80);
	survey->bad_done = answered || bad->state == PEER_CLOSED;
}

/* What is wrong with a listener, first things first. NULL: nothing is. */
static const char *cause_of(const struct survey *survey, char *words, size_t size)
{
	const struct peer *good = &survey->good_peer;
	bool closed = good->state == PEER_CLOSED;
	const char *how = *good->how ? good->how : "closed";
	if (!good->opened) {
		snprintf(words, size, "no connection: %s", closed ? how : "not in time");
	} else if (!good->answered) {
		snprintf(words, size, closed ? "the connection ended without a CONNACK (%s)" : "silent: no CONNACK in time", how);
	} else if (!survey->accepted) {
		snprintf(words, size, "a good token was refused with CONNACK 0x%02X", good->code);
	} else if (!survey->back && closed) {
		snprintf(words, size, "the connection ended before the agent's own card came back (%s)", how);
	} else if (!survey->back) {
		return "the agent's own card did not come back in time: the fixture may not be loaded";
	} else if (!survey->refused && survey->run->target->token_credentials) {
		return "does not authenticate: a token with a spoilt signature was not refused";
	} else {
		return NULL;
	}
	return words;
}

static bool problem_of(const struct survey *survey, char *text, size_t size)
{
	char words[300];
	const char *cause = cause_of(survey, words, sizeof words);
	if (cause)
		snprintf(text, size, "listener %.60s (%.100s:%u): %.300s", survey->listener->name, survey->listener->host,
			 survey->listener->port, cause);
	return cause != NULL;
}

static void conclude(struct run *run)
{
	struct preflight *p = &run->result->preflight;
	char text[500];
	*p = (struct preflight){ .reached = true, .good_token_accepted = true, .own_message_back = true,
				 .bad_token_refused = true };
	for (size_t i = 0; i < run->target->listener_count; i++) {
		const struct survey *survey = &run->surveys[i];
		p->reached &= survey->good_peer.opened;
		p->good_token_accepted &= survey->accepted;
		p->own_message_back &= survey->back;
		p->bad_token_refused &= survey->refused;
		if (survey->measured && survey->good_peer.round_trip_us > p->round_trip_us)
			p->round_trip_us = survey->good_peer.round_trip_us;
		if (!p->problem && problem_of(survey, text, sizeof text))
			p->problem = slice_copy(slice_text(text));
	}
}

/* Of a broker that answers: its clock may be why it refuses good tokens. Questions make sense to one that
 * takes them and delivers. false: there is no second half. */
static bool begin_second_half(struct run *run)
{
	const struct preflight *p = &run->result->preflight;
	if (!p->reached || !run->heard || !run->target->token_credentials || !skew_begin(run))
		return false;
	if (p->good_token_accepted && p->own_message_back && !questions_begin(run))
		return false;
	run_wake(run);
	return true;
}

static bool second_half(struct run *run)
{
	bool questions = !run->questions || questions_poll(run), skew = run->skew_told || skew_poll(run);
	run->skew_told |= skew;
	return questions && skew;
}

bool preflight_poll(struct run *run)
{
	bool over = true, hopeless = false;
	if (run->skew)
		return second_half(run);
	for (size_t i = 0; i < run->target->listener_count; i++) {
		struct survey *survey = &run->surveys[i];
		survey_poll(survey);
		over &= survey->good_done && survey->bad_done;
		hopeless |= survey->good_done && !survey->measured;
	}
	if (!over && !hopeless)
		return false;
	conclude(run);
	return !begin_second_half(run);
}
