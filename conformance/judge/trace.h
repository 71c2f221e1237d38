/* The trace: everything that happened in a run, a JSON object a line, enough to judge it again.
 *   line 1        what was run: seed, salt, target, the ids of the scripts
 *   then          moments (judge/moment.h), with decoded packet and hex; one "preflight"
 *   last line     "end": the number of moments, so that a cut-off trace is known for one
 * Of a token it shows header and claims; its signature is in neither form, so that a trace can be
 * published. */
#ifndef CONFORMANCE_TRACE_H
#define CONFORMANCE_TRACE_H

#include "actor/run.h"
#include "judge/moment.h"
#include "judge/nonce.h"

enum { TRACE_LINE_MAX = 16 << 20, TRACE_RAW_MAX = 4096 }; /* bytes; of MOMENT_WRONG's raw */

struct trace;

/* Begins the file. NULL with *fault. */
struct trace *trace_open(const char *file, const struct plan *plan, const struct target *target,
			 const struct fixture *fixture, const char *salt, struct fault *fault);
void trace_moment(struct trace *trace, const struct moment *moment);
void trace_preflight(struct trace *trace, const struct preflight *preflight);
/* Ends the file and frees the trace (NULL: nothing). false: something could not be written. */
bool trace_close(struct trace *trace, const struct run_result *result, struct fault *fault);

struct trace_reader;

/* Reads the first line; its scripts must be those of the plan. NULL with *fault. */
struct trace_reader *trace_read(const char *file, const struct plan *plan, struct fault *fault);
const char *trace_salt(const struct trace_reader *reader);

enum trace_step { TRACE_MOMENT, TRACE_END, TRACE_BAD };

/* The next moment, valid until the next call. TRACE_END: the whole trace was there, and *result
 * holds what its last lines say. TRACE_BAD: *fault names the line. */
enum trace_step trace_next(struct trace_reader *reader, struct moment *moment, struct run_result *result,
			   struct fault *fault);
void trace_reader_free(struct trace_reader *reader);

#endif
