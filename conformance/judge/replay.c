/* Judging a stored trace: the live run's judge, fed from the file. */
#include "actor/run.h"
#include "judge/judge.h"
#include "judge/trace.h"

bool judge_trace(struct plan *plan, const char *trace_file, struct run_result *result, struct fault *fault)
{
	struct moment moment;
	enum trace_step step = TRACE_BAD;
	bool judged = false;
	struct judge *judge = NULL;
	struct trace_reader *reader = trace_read(trace_file, plan, fault);
	if (!reader)
		return false;
	judge = judge_new(plan, trace_salt(reader));
	if (!judge) {
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
		goto cleanup;
	}
	while ((step = trace_next(reader, &moment, result, fault)) == TRACE_MOMENT) {
		if (!judge_feed(judge, &moment))
			break;
	}
	if (step == TRACE_BAD)
		goto cleanup;
	judged = step == TRACE_END && judge_finish(judge, plan);
	if (!judged)
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory while judging %.300s", trace_file);
cleanup:
	judge_free(judge);
	trace_reader_free(reader);
	return judged;
}
