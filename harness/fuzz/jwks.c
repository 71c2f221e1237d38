/* A key set, and a look-up in it. */
#include "fuzz.h"
#include "keyset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *value = json_parse(slice_of(data, size), "input", &json_limits_file, &fault);
	struct json_at root = json_root(value, "input");
	struct keyset keys;

	if (value && keyset_parse(&root, &keys, &fault)) {
		fuzz_need(keys.count > 0);
		keyset_find(&keys, slice_text("k"));
		keyset_release(&keys);
	}
	json_decref(value);
	return 0;
}
