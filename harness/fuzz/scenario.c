/* A scenario file, against the registry of the shipped spec. */
#include "fuzz.h"
#include "registry/registry.h"
#include "scenario/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct registry *registry;
	struct fault fault = { FAULT_NONE, "" };

	if (!registry)
		registry = registry_load(NULL, &fault);
	fuzz_need(registry != NULL);
	if (!scenario_check_text(registry, slice_of(data, size), "input", &fault))
		fuzz_need(fault.text[0]);
	return 0;
}
