/* A target file. */
#include "actor/target.h"
#include "fuzz.h"
#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *value = json_parse(slice_of(data, size), "input", &json_limits_file, &fault);

	if (value)
		target_free(target_read(value, "input", &fault));
	json_decref(value);
	return 0;
}
