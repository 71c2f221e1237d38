/* The table of QoS 1 and QoS 2. */
#include "flow.h"

/* An acknowledgement of the other quality of service is a protocol error; one for an identifier
 * that is free may have crossed with ours, and is answered where an answer exists. */
static const struct sender_step sender_steps[SENDER_STATES][SENDER_EVENTS] = {
	[SENDER_FREE] = { { SENDER_FREE, ANSWER_NOTHING },
			  { SENDER_FREE, ANSWER_UNKNOWN },
			  { SENDER_FREE, ANSWER_NOTHING },
			  { SENDER_FREE, ANSWER_NOTHING } },
	[SENDER_PUBACK] = { { SENDER_FREE, ANSWER_NOTHING },
			    { SENDER_PUBACK, ANSWER_ERROR },
			    { SENDER_PUBACK, ANSWER_ERROR },
			    { SENDER_PUBACK, ANSWER_ERROR } },
	[SENDER_PUBREC] = { { SENDER_PUBREC, ANSWER_ERROR },
			    { SENDER_PUBCOMP, ANSWER_PUBREL },
			    { SENDER_FREE, ANSWER_NOTHING },
			    { SENDER_PUBREC, ANSWER_ERROR } },
	[SENDER_PUBCOMP] = { { SENDER_PUBCOMP, ANSWER_ERROR },
			     { SENDER_PUBCOMP, ANSWER_PUBREL },
			     { SENDER_FREE, ANSWER_NOTHING },
			     { SENDER_FREE, ANSWER_NOTHING } },
};

struct sender_step sender_step(enum sender_state state, enum sender_event event)
{
	return sender_steps[state][event];
}
