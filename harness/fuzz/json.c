/* Strict JSON: what is accepted must be writable again. */
#include "fuzz.h"
#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *value = json_parse(slice_of(data, size), "input", &json_limits_file, &fault);

	if (value) {
		char *text = json_dumps(value, JSON_ENCODE_ANY);
		fuzz_need(text != NULL);
		free(text);
	} else {
		fuzz_need(fault.class != FAULT_NONE && fault.text[0]);
	}
	json_decref(value);
	return 0;
}
