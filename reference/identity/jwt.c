/* What the claims must look like, one rule after the other. */
#include "jwt.h"

#include "refuse.h"

static const double NUMBER_MAX = 9007199254740991.0; /* 2^53-1: exact in every JSON reader */

/* The text of a string claim of 1 to most bytes, or NULL. (The parser refuses U+0000.) */
static const char *text_claim(const json_t *payload, const char *name, size_t most)
{
	const json_t *value = json_object_get(payload, name);

	if (!json_is_string(value) || json_string_length(value) < 1 || json_string_length(value) > most)
		return NULL;
	return json_string_value(value);
}

const char *jwt_issuer(const json_t *payload)
{
	return text_claim(payload, "iss", ISSUER_MAX);
}

/* A narrowing claim is enforced or its token refused; none of the classes that enforce them
 * (delegation, grants, pop) is claimed. events and at_hash mark tokens of other kinds. */
static const char *const refused_claims[] = { "act", "authorization_details", "cnf", "events", "at_hash", NULL };

bool jwt_check_kind(const json_t *payload, struct refusal *refusal)
{
	for (size_t i = 0; refused_claims[i]; i++)
		if (json_object_get(payload, refused_claims[i]))
			return refuse(refusal, "AUTH-02", "has act, authorization_details, cnf, events or at_hash");
	return true;
}

/* One audience, and it is ours: a token for two brokers could be replayed by either to the other. */
static bool audience_is(const json_t *aud, const char *audience)
{
	if (json_is_array(aud) && json_array_size(aud) == 1)
		aud = json_array_get(aud, 0);
	return json_is_string(aud) && strcmp(json_string_value(aud), audience) == 0;
}

bool jwt_read_names(const json_t *payload, const char *audience, struct identity *identity, struct refusal *refusal)
{
	const char *jti = text_claim(payload, "jti", TOKEN_ID_MAX);

	if (!audience_is(json_object_get(payload, "aud"), audience))
		return refuse(refusal, "AUTH-02", "aud is not this broker and nothing else");
	if (!text_claim(payload, "sub", TOKEN_BYTES_MAX))
		return refuse(refusal, "AUTH-02", "sub is missing or no non-empty string");
	if (!jti)
		return refuse(refusal, "AUTH-02", "jti is missing or no string of 1 to 256 bytes");
	memcpy(identity->jti, jti, strlen(jti) + 1);
	return true;
}

/* A NumericDate in seconds; fractions are lawful (RFC 7519 section 2). */
static bool date_claim(const json_t *payload, const char *name, double *seconds)
{
	const json_t *value = json_object_get(payload, name);

	if (!json_is_number(value))
		return false;
	*seconds = json_number_value(value);
	return *seconds >= 0 && *seconds <= NUMBER_MAX; /* and so neither infinite nor NaN */
}

/* Whole seconds as milliseconds. Fractions count against the token: exp goes down, iat and nbf
 * go up. A date is never negative, so that the cast rounds down. */
static int64_t floor_ms(double seconds)
{
	return (int64_t)seconds * 1000;
}

static int64_t ceil_ms(double seconds)
{
	return floor_ms(seconds) + ((double)(int64_t)seconds < seconds ? 1000 : 0);
}

/* Neither iat nor nbf may lie further ahead than the clocks may differ. */
static bool is_ahead(double seconds, int64_t now_ms)
{
	return ceil_ms(seconds) > now_ms + TOKEN_SKEW_MS;
}

bool jwt_read_times(const json_t *payload, int64_t max_life_s, int64_t now_ms, struct identity *identity,
		    struct refusal *refusal)
{
	double exp, iat, nbf = 0;

	if (!date_claim(payload, "exp", &exp) || !date_claim(payload, "iat", &iat))
		return refuse(refusal, "AUTH-02", "exp or iat is missing or no number from 0 to 2^53-1");
	if (json_object_get(payload, "nbf") && !date_claim(payload, "nbf", &nbf))
		return refuse(refusal, "AUTH-02", "nbf is no number from 0 to 2^53-1");
	identity->exp_ms = floor_ms(exp);
	identity->iat_ms = ceil_ms(iat);
	if (now_ms >= identity->exp_ms)
		return refuse(refusal, "AUTH-02", "expired");
	if (is_ahead(iat, now_ms) || is_ahead(nbf, now_ms))
		return refuse(refusal, "AUTH-02", "iat or nbf lies in the future");
	if (exp - iat > (double)max_life_s)
		return refuse(refusal, "AUTH-02", "lives longer than this broker allows");
	return true;
}

static bool read_claim(const json_t *payload, enum claim claim, struct identity *identity)
{
	const json_t *value = json_object_get(payload, claim_name(claim));
	struct slice text;

	if (!value)
		return true;
	text = slice_of(json_string_value(value), json_string_length(value));
	if (!json_is_string(value) || !claim_value_valid(text))
		return false;
	memcpy(identity->claims[claim], text.data, text.size);
	identity->claims[claim][text.size] = '\0';
	return true;
}

bool jwt_read_principal(const json_t *payload, struct identity *identity, struct refusal *refusal)
{
	static const enum claim workloads[] = { CLAIM_AGENT_ID, CLAIM_SERVER_ID, CLAIM_TOOL_ID };
	int principals = 0;

	for (int claim = 0; claim < CLAIM_COUNT; claim++)
		if (!read_claim(payload, (enum claim)claim, identity))
			return refuse(refusal, "CLM-01", "a reserved claim does not have the form of a name");
	if (!identity->claims[CLAIM_ORG_ID][0])
		return refuse(refusal, "CLM-03", "org_id is missing");
	for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
		principals += identity->claims[workloads[i]][0] != '\0';
	/* A workload and a user together are a delegated token, and those have act. */
	principals += identity->claims[CLAIM_USER_ID][0] != '\0';
	return principals == 1 ? true : refuse(refusal, "CLM-03", "names no principal, or more than one");
}
