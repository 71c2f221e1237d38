#include "mint/mint.h"

#include "mint/edits.h"
#include "mint/roles.h"

enum { REMOVALS_MAX = 32 };

static const int64_t times_max_s = (int64_t)1 << 33; /* 272 years */

static bool key_known(const struct json_at *recipe, struct fault *fault)
{
	struct json_at at = json_member(recipe, "key");
	const char *role = NULL;
	if (!at.value)
		return true;
	if (!json_text_at(&at, &role, fault))
		return false;
	return role_find(role) || json_complain(&at, fault, "no fixture has a key \"%.100s\"", role);
}

static bool object_or_absent(const struct json_at *recipe, const char *name, struct fault *fault)
{
	struct json_at at = json_member(recipe, name);
	return !at.value || json_is_object(at.value) || json_expected(&at, "an object", fault);
}

static bool times_known(const struct json_at *recipe, struct fault *fault)
{
	static const char *const names[] = { "iat", "exp", "nbf", NULL };
	struct json_at at = json_member(recipe, "times");
	if (!at.value)
		return true;
	if (!json_object_at(&at, names, fault))
		return false;
	for (size_t i = 0; names[i]; i++) {
		struct json_at member = json_member(&at, names[i]);
		int64_t offset = 0;
		if (member.value &&
		    !json_integer_at(&member, -times_max_s, times_max_s, &offset, fault))
			return false;
	}
	return true;
}

static bool removals_known(const struct json_at *recipe, struct fault *fault)
{
	struct json_at at = json_member(recipe, "remove");
	if (!at.value)
		return true;
	if (!json_array_at(&at, 0, REMOVALS_MAX, fault))
		return false;
	for (size_t i = 0; i < json_array_size(at.value); i++) {
		struct json_at element = json_element(&at, i);
		const char *name = NULL;
		if (!json_text_at(&element, &name, fault))
			return false;
		if (strncmp(name, "claims.", 7) != 0 && strncmp(name, "header.", 7) != 0)
			return json_expected(&element, "claims.NAME or header.NAME", fault);
	}
	return true;
}

bool mint_recipe_known(const json_t *recipe, struct fault *fault)
{
	static const char *const known[] = { "key", "header", "claims", "times", "remove", "edits", NULL };
	struct json_at root = json_root(recipe, "recipe"), edits = json_member(&root, "edits");
	fault->class = FAULT_NONE;
	return json_object_at(&root, known, fault) && key_known(&root, fault) &&
	       object_or_absent(&root, "header", fault) && object_or_absent(&root, "claims", fault) &&
	       times_known(&root, fault) && removals_known(&root, fault) &&
	       (!edits.value || mint_edits_known(&edits, fault));
}
