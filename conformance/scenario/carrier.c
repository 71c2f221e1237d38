#include "scenario/carrier.h"

static bool lower_qos0(struct script_step *step, const struct script_step *twin)
{
	(void)twin;
	step->qos = 0;
	return true;
}

static bool lower_qos1(struct script_step *step, const struct script_step *twin)
{
	(void)twin;
	step->qos = 1;
	return true;
}

static bool lower_nothing(struct script_step *step, const struct script_step *twin)
{
	(void)step, (void)twin;
	return true;
}

/* [SBS-03] The tested filter between two that are granted: neither may lend the other its answer. */
static bool lower_second_of_three(struct script_step *step, const struct script_step *twin)
{
	const char *neighbour = twin->filters[twin->tested];
	char *before = slice_copy(slice_text(neighbour)), *after = slice_copy(slice_text(neighbour));

	step->filters[1] = step->filters[0];
	step->filters[0] = before;
	step->filters[2] = after;
	step->filter_count = 3;
	step->tested = 1;
	return before && after;
}

static const struct carrier carriers[] = {
	{ "publish", "qos0", ACT_PUBLISH, lower_qos0 },
	{ "publish", "qos1", ACT_PUBLISH, lower_qos1 },
	{ "subscribe", "alone", ACT_SUBSCRIBE, lower_nothing },
	{ "subscribe", "second-of-three", ACT_SUBSCRIBE, lower_second_of_three },
	{ "connect", "plain", ACT_CONNECT, lower_nothing },
};

const char carrier_listeners[] = "listeners";
const char carrier_doors[] = "a door: publish, subscribe, connect or listeners";

const struct carrier *carrier_of(struct slice door, size_t index)
{
	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
		if (slice_is(door, carriers[i].door) && index-- == 0)
			return &carriers[i];
	return NULL;
}
