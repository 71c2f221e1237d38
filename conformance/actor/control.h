/* A ping on another connection: tells a broker that broke a rule from one that is gone. */
#ifndef CONFORMANCE_CONTROL_H
#define CONFORMANCE_CONTROL_H

#include "actor/peer.h"

/* An agent of the suite's own, for the preflight and for control connections. */
struct helper {
	char name[64], client_id[96];
	struct script_actor actor; /* borrows the texts above */
};

/* edit NULL, or the value of the signature edit that spoils its token. false: out of memory. */
bool helper_init(struct helper *helper, struct run *run, const char *edit);
void helper_release(struct helper *helper);

struct control {
	bool active, pinged, over; /* over: its time is up */
	size_t listener;
	struct helper helper;
	struct peer peer;
	struct event *timer;
};

enum control_state { CONTROL_WAIT, CONTROL_ANSWERED, CONTROL_UNANSWERED };

/* false: a fault of the suite, already reported to the run. */
bool control_begin(struct control *control, struct run *run, size_t listener, int64_t budget_ms);
enum control_state control_poll(struct control *control);
void control_end(struct control *control);

#endif
