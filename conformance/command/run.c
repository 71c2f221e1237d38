#include "command/command.h"

#include "clock.h"
#include "command/open.h"
#include "command/repeat.h"
#include "files/files.h"
#include "report/report.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_DEFAULT = 16, JOBS_MAX = 256, REPEAT_MAX = 10000, PATH_BYTES_MAX = 4096 };

struct trial { /* one run or several, from the options to the report */
	const struct arguments *arguments;
	struct opened opened;
	struct areas areas;
	struct repeats *repeats;
	struct run_options options;
	struct run_result result; /* of all runs together; the preflight is the last one's */
	uint64_t repeat;          /* runs that are wanted */
	unsigned current;         /* 1, 2, … */
	char *folder, *unfinished_trace, *report_file;
	int64_t started_ms;
	bool terminal; /* standard error is one: progress is shown there */
};

static bool given(const struct trial *trial, enum option option)
{
	return trial->arguments->values[option] != NULL;
}

static void show_progress(void *context, const struct script *finished, size_t done, const char *waiting_for)
{
	const struct trial *trial = context;
	(void)finished;
	if (!trial->terminal)
		return;
	fputs("\r\033[K", stderr);
	if (trial->repeat > 1)
		fprintf(stderr, "repeat %u of %llu ", trial->current, (unsigned long long)trial->repeat);
	fprintf(stderr, "[%zu/%zu] %s%.60s", done, trial->opened.plan->script_count, waiting_for ? "waiting for " : "",
		waiting_for ? waiting_for : "");
	fflush(stderr);
}

static char *default_folder(const struct target *target)
{
	char *reports = path_join("build", "reports");
	char *folder = reports ? path_join(reports, target->name) : NULL;
	free(reports);
	return folder;
}

/* Before the run, so that an hour of judging does not end in "permission denied". */
static bool prepare_folder(struct trial *trial, struct fault *fault)
{
	const char *named = trial->arguments->values[OPTION_REPORT];
	trial->folder = named ? slice_copy(slice_text(named)) : default_folder(trial->opened.target);
	if (trial->folder) {
		trial->unfinished_trace = path_join(trial->folder, ".trace.jsonl.unfinished");
		trial->report_file = path_join(trial->folder, "report.json");
	}
	if (!trial->report_file || !trial->unfinished_trace)
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	return folder_make(trial->folder, 0755, fault) && folder_writable(trial->folder, fault);
}

static bool prepare(struct trial *trial, struct fault *fault)
{
	const struct arguments *arguments = trial->arguments;
	uint64_t jobs = JOBS_DEFAULT;
	if (!arguments_number(arguments, OPTION_JOBS, 1, JOBS_MAX, JOBS_DEFAULT, &jobs, fault) ||
	    !arguments_number(arguments, OPTION_REPEAT, 1, REPEAT_MAX, 1, &trial->repeat, fault) ||
	    !open_target(arguments, &trial->opened, fault) || !open_cases(arguments, &trial->opened, fault) ||
	    !open_fixture(arguments, &trial->opened, fault) || !open_plan(arguments, &trial->opened, fault) ||
	    !open_baseline(arguments, &trial->opened, fault) || !areas_load(arguments->values[OPTION_SPEC], "core", &trial->areas, fault) ||
	    !prepare_folder(trial, fault))
		return false;
	trial->repeats = repeats_new(trial->opened.plan);
	trial->options = (struct run_options){
		.jobs = (unsigned)jobs,
		.preflight = !given(trial, OPTION_NO_PREFLIGHT),
		.stop_on_fail = given(trial, OPTION_STOP_ON_FAIL),
		.registry = trial->opened.registry,
		.shuffle = given(trial, OPTION_SHUFFLE),
		.trace_file = trial->unfinished_trace,
		.progress = show_progress,
		.context = trial,
	};
	return trial->repeats || fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
}

static json_t *document_of(const struct trial *trial, const char *harness)
{
	const struct arguments *arguments = trial->arguments;
	struct report_input input = {
		.registry = trial->opened.registry,
		.plan = trial->opened.plan,
		.selection = &trial->opened.selection,
		.target = trial->opened.target,
		.fixture = trial->opened.fixture,
		.result = &trial->result,
		.core_areas = &trial->areas,
		.preflight = trial->options.preflight,
		.stop_on_fail = trial->options.stop_on_fail,
		.repeat = (unsigned)trial->repeat,
		.repeated = trial->current,
		.shuffle = trial->options.shuffle,
		.failed_from = arguments->values[OPTION_FAILED_FROM],
		.baseline = trial->opened.baseline,
		.baseline_file = arguments->values[OPTION_BASELINE],
		.fail_on_should = given(trial, OPTION_FAIL_ON),
		.spec_dir = arguments->values[OPTION_SPEC],
		.again = arguments->values[OPTION_AGAIN],
		.target_text = arguments->values[OPTION_TARGET],
		.fixture_text = arguments->values[OPTION_FIXTURE],
		.arguments = arguments->argv,
		.started_ms = trial->started_ms,
		.harness = harness,
	};
	return report_document(&input);
}

/* "trace.jsonl", or "trace-7.jsonl" of the seventh of several runs. */
static char *trace_path(const struct trial *trial, unsigned run)
{
	char name[40] = "trace.jsonl";
	if (run > 0)
		snprintf(name, sizeof name, "trace-%u.jsonl", run);
	return path_join(trial->folder, name);
}

/* A report never stands beside the trace of another run. */
static void remove_old_traces(const struct trial *trial)
{
	bool there = true;
	for (unsigned run = 0; there || run < 2; run++) {
		char *path = trace_path(trial, run);
		there = path && unlink(path) == 0;
		free(path);
	}
}

static bool keep_trace(const struct trial *trial, struct fault *fault)
{
	char *path = trace_path(trial, trial->repeat > 1 ? trial->current : 0);
	bool kept = path && (rename(trial->unfinished_trace, path) == 0 || errno == ENOENT);
	if (!kept)
		fault_set(fault, FAULT_UNAVAILABLE, "%s: cannot write: %s", path ? path : "trace", strerror(errno));
	free(path);
	return kept;
}

static bool colour_wanted(void)
{
	const char *no_colour = getenv("NO_COLOR");
	return isatty(STDOUT_FILENO) && (!no_colour || no_colour[0] == '\0');
}

/* Relative to the working directory where it lies below it. */
static const char *shown(const char *path)
{
	char here[PATH_BYTES_MAX];
	size_t size = getcwd(here, sizeof here) ? strlen(here) : 0;
	return size > 1 && strncmp(path, here, size) == 0 && path[size] == '/' ? path + size + 1 : path;
}

static int conclude(const struct trial *trial, const char *harness)
{
	struct fault fault = { FAULT_NONE, "" };
	struct text_style style = { colour_wanted(), given(trial, OPTION_VERBOSE), shown(trial->report_file) };
	json_t *report = document_of(trial, harness);
	if (!report) {
		command_refuse_text("out of memory while writing the report");
		return EXIT_HARNESS;
	}
	int code = report_exit(report);
	if (!report_write(report, trial->folder, &fault)) {
		command_refuse(&fault);
		style.report_file = NULL;
		code = code == EXIT_VIOLATION ? code : EXIT_HARNESS;
	}
	report_text(report, &style, stdout);
	json_decref(report);
	return code;
}

static void trial_release(struct trial *trial)
{
	preflight_release(&trial->result.preflight);
	free(trial->folder);
	free(trial->unfinished_trace);
	free(trial->report_file);
	repeats_free(trial->repeats);
	opened_release(&trial->opened);
}

/* The sum of all runs: what cut one of them short, cuts the whole short. */
static void take_result(struct trial *trial, struct run_result *one)
{
	preflight_release(&trial->result.preflight);
	one->duration_us += trial->result.duration_us;
	trial->result = *one;
}

static bool run_once(struct trial *trial, struct fault *fault)
{
	struct run_result one;
	trial->options.order = trial->opened.plan->seed + trial->current;
	bool whole = run_plan(trial->opened.plan, trial->opened.target, trial->opened.fixture, &trial->options, &one, fault);
	take_result(trial, &one);
	return whole && repeats_add(trial->repeats, trial->opened.plan, &trial->result) && keep_trace(trial, fault);
}

static bool over(const struct trial *trial)
{
	struct tally tally = tally_plan(trial->opened.plan, trial->opened.target);
	return trial->current == trial->repeat || trial->result.interrupted || trial->result.unreachable ||
	       (trial->options.stop_on_fail && tally.failed > 0);
}

static bool run_all(struct trial *trial, struct fault *fault)
{
	bool whole = true;
	sigset_t interrupt;
	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupt, NULL); /* from here on a report is left, whenever it comes */
	remove_old_traces(trial);
	do {
		trial->current++;
		whole = run_once(trial, fault);
	} while (whole && !over(trial));
	if (whole && !repeats_conclude(trial->repeats, trial->opened.plan))
		whole = fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	if (trial->opened.baseline)
		baseline_apply(trial->opened.baseline, trial->opened.plan);
	return whole;
}

int command_run(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct trial trial = { .arguments = arguments, .terminal = isatty(STDERR_FILENO) };
	int code = EXIT_USAGE;
	if (!prepare(&trial, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	trial.started_ms = clock_wall_ms();
	bool whole = run_all(&trial, &fault);
	if (trial.terminal)
		fputs("\r\033[K", stderr);
	code = conclude(&trial, whole ? NULL : fault.text);
cleanup:
	trial_release(&trial);
	return code;
}
