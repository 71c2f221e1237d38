#include "command/command.h"

#include "clock.h"
#include "command/open.h"
#include "json.h"
#include "mint/mint.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_TEXT_MAX = 1 << 18, RECIPE_BYTES_MAX = 1 << 20, LIFETIME_MAX = 315360000 };

static json_t *read_stdin(struct fault *fault)
{
	struct buf text;
	unsigned char chunk[4096];
	size_t size;
	json_t *recipe = NULL;
	buf_init(&text, RECIPE_BYTES_MAX);
	while ((size = fread(chunk, 1, sizeof(chunk), stdin)) > 0)
		buf_put(&text, slice_of(chunk, size));
	if (text.failed)
		fault_set(fault, FAULT_LIMIT, "standard input: larger than %d bytes", RECIPE_BYTES_MAX);
	else
		recipe = json_parse(buf_slice(&text), "standard input", &json_limits_file, fault);
	buf_release(&text);
	return recipe;
}

static json_t *recipe_of_options(const struct arguments *arguments, uint64_t lifetime)
{
	const char *org = arguments->values[OPTION_ORG], *agent = arguments->values[OPTION_AGENT];
	const char *user = arguments->values[OPTION_USER];
	json_t *claims = json_pack("{s:s}", "org_id", org ? org : "seed");
	if (!agent && !user)
		agent = "scout";
	if (agent)
		json_object_set_new(claims, "agent_id", json_string(agent));
	if (user)
		json_object_set_new(claims, "user_id", json_string(user));
	return json_pack("{s:o, s:{s:I}}", "claims", claims, "times", "exp", (json_int_t)lifetime);
}

static json_t *recipe_of(const struct arguments *arguments, struct fault *fault)
{
	const char *file = arguments->values[OPTION_RECIPE];
	uint64_t lifetime = 0;
	if (!arguments_number(arguments, OPTION_LIFETIME, 1, LIFETIME_MAX, 300, &lifetime, fault))
		return NULL;
	if (!file)
		return recipe_of_options(arguments, lifetime);
	if (arguments->values[OPTION_ORG] || arguments->values[OPTION_AGENT] || arguments->values[OPTION_USER] ||
	    arguments->values[OPTION_LIFETIME]) {
		fault_set(fault, FAULT_PROTOCOL,
			  "--recipe says it all: leave out --org, --agent, --user and --lifetime");
		return NULL;
	}
	return strcmp(file, "-") == 0 ? read_stdin(fault) : json_read_file(file, &json_limits_file, fault);
}

static bool fresh_nonce(char nonce[33], struct fault *fault)
{
	unsigned char raw[16];
	if (!random_bytes(raw, sizeof(raw)))
		return fault_set(fault, FAULT_UNAVAILABLE, "no random bytes");
	for (size_t i = 0; i < sizeof(raw); i++)
		snprintf(nonce + 2 * i, 3, "%02x", raw[i]);
	return true;
}

int command_mint_token(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	struct buf token;
	char nonce[33];
	json_t *recipe = NULL;
	int code = EXIT_USAGE;
	buf_init(&token, TOKEN_TEXT_MAX);
	if (!open_fixture(arguments, &opened, &fault) || !(recipe = recipe_of(arguments, &fault)) ||
	    !fresh_nonce(nonce, &fault) ||
	    !mint_token(opened.fixture, recipe, clock_wall_ms() / 1000, nonce, &token, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	fwrite(token.data, 1, token.size, stdout);
	putchar('\n');
	code = EXIT_CONFORMANT;
cleanup:
	json_decref(recipe);
	buf_release(&token);
	opened_release(&opened);
	return code;
}
