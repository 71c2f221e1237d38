#include "command/command.h"

#include "clock.h"
#include "command/open.h"
#include "files/files.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_DEFAULT = 16, JOBS_MAX = 256 };

struct trial { /* one run, from the options to the report */
	const struct arguments *arguments;
	struct opened opened;
	struct areas areas;
	struct run_options options;
	struct run_result result;
	char *folder, *trace, *unfinished_trace, *report_file;
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
	fprintf(stderr, "\r\033[K[%zu/%zu] %s%.60s", done, trial->opened.plan->script_count,
		waiting_for ? "waiting for " : "", waiting_for ? waiting_for : "");
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
		trial->trace = path_join(trial->folder, "trace.jsonl");
		trial->unfinished_trace = path_join(trial->folder, ".trace.jsonl.unfinished");
		trial->report_file = path_join(trial->folder, "report.json");
	}
	if (!trial->report_file || !trial->trace || !trial->unfinished_trace)
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	return folder_make(trial->folder, 0755, fault) && folder_writable(trial->folder, fault);
}

static bool fail_on_known(const char *value, struct fault *fault)
{
	return !value || strcmp(value, "should") == 0 ||
	       fault_set(fault, FAULT_PROTOCOL, "--fail-on: expected should, found \"%.40s\"", value);
}

static bool prepare(struct trial *trial, struct fault *fault)
{
	const struct arguments *arguments = trial->arguments;
	uint64_t jobs = JOBS_DEFAULT;
	if (!arguments_number(arguments, OPTION_JOBS, 1, JOBS_MAX, JOBS_DEFAULT, &jobs, fault) ||
	    !fail_on_known(arguments->values[OPTION_FAIL_ON], fault) ||
	    !open_target(arguments, &trial->opened, fault) || !open_cases(arguments, &trial->opened, fault) ||
	    !open_fixture(arguments, &trial->opened, fault) || !open_plan(arguments, &trial->opened, fault) ||
	    !areas_load(arguments->values[OPTION_SPEC], "core", &trial->areas, fault) ||
	    !prepare_folder(trial, fault))
		return false;
	trial->options = (struct run_options){
		.jobs = (unsigned)jobs,
		.preflight = !given(trial, OPTION_NO_PREFLIGHT),
		.stop_on_fail = given(trial, OPTION_STOP_ON_FAIL),
		.trace_file = trial->unfinished_trace,
		.progress = show_progress,
		.context = trial,
	};
	return true;
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

/* The trace first: a report never stands beside the trace of another run. */
static bool write_files(const struct trial *trial, const json_t *report, struct fault *fault)
{
	if (rename(trial->unfinished_trace, trial->trace) != 0 && errno != ENOENT)
		return fault_set(fault, FAULT_UNAVAILABLE, "%s: cannot write: %s", trial->trace, strerror(errno));
	return report_write(report, trial->folder, fault);
}

static bool colour_wanted(void)
{
	const char *no_colour = getenv("NO_COLOR");
	return isatty(STDOUT_FILENO) && (!no_colour || no_colour[0] == '\0');
}

static int conclude(const struct trial *trial, const char *harness)
{
	struct fault fault = { FAULT_NONE, "" };
	struct text_style style = { colour_wanted(), given(trial, OPTION_VERBOSE), trial->report_file };
	json_t *report = document_of(trial, harness);
	if (!report) {
		command_refuse_text("out of memory while writing the report");
		return EXIT_HARNESS;
	}
	int code = report_exit(report);
	if (!write_files(trial, report, &fault)) {
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
	free(trial->result.preflight.problem);
	free(trial->folder);
	free(trial->trace);
	free(trial->unfinished_trace);
	free(trial->report_file);
	opened_release(&trial->opened);
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
	bool whole = run_plan(trial.opened.plan, trial.opened.target, trial.opened.fixture, &trial.options,
			      &trial.result, &fault);
	if (trial.terminal)
		fputs("\r\033[K", stderr);
	code = conclude(&trial, whole ? NULL : fault.text);
cleanup:
	trial_release(&trial);
	return code;
}
