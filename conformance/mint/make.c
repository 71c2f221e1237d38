#include "mint/fixture.h"

#include "clock.h"
#include "files/files.h"
#include "mint/manifest.h"
#include "mint/roles.h"
#include "mint/tls.h"
#include "mint/words.h"
#include "version.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

const struct issuer fixture_issuers[ISSUER_COUNT] = {
	{ "issuers/main", "https://main.issuer.test" },
	{ "issuers/second", "https://second.issuer.test" },
	{ "revocation", "https://revocation.issuer.test" },
};

/* second-es256 and attacker-es256 carry the kid of main-es256, so that a token signed with the
 * wrong one of the three looks right until its signature is checked. [AUTH-02] */
const struct role fixture_roles[] = {
	{ "main-es256", JOSE_ES256, "main-es256", ISSUER_MAIN, true, "sig" },
	{ "main-eddsa", JOSE_EDDSA, "main-eddsa", ISSUER_MAIN, true, "sig" },
	{ "main-ps256", JOSE_PS256, "main-ps256", ISSUER_MAIN, true, "sig" },
	{ "main-rs256", JOSE_RS256, "main-rs256", ISSUER_MAIN, true, "sig" },
	{ "main-old", JOSE_ES256, "main-old", ISSUER_MAIN, true, "sig" },
	{ "main-enc", JOSE_ES256, "main-enc", ISSUER_MAIN, true, "enc" },
	{ "second-es256", JOSE_ES256, "main-es256", ISSUER_SECOND, true, "sig" },
	{ "attacker-es256", JOSE_ES256, "main-es256", ISSUER_MAIN, false, "sig" },
	{ "revocation-es256", JOSE_ES256, "revocation-es256", ISSUER_REVOCATION, true, "sig" },
	{ NULL, JOSE_NONE, NULL, 0, false, NULL },
};

const struct role *role_find(const char *name)
{
	const struct role *role = fixture_roles;
	while (role->role && strcmp(role->role, name) != 0)
		role++;
	return role->role ? role : NULL;
}

const char fixture_audience[] = "mqtt://broker.test";

/* Who may speak for whom in the spare organisations. In spare-1 the two issuers share a tree and a claim:
 * a broker that asks only whether an issuer is known there is found out. spare-2 has no policy. [AUTH-02] */
static const struct right {
	int issuer;
	const char *organisation, *claim;
	const char *names; /* with a space between: names, and prefixes that end in a dot; "*": all */
} rights[] = {
	{ ISSUER_MAIN, "spare-1", "agent_id", "warden home." },
	{ ISSUER_SECOND, "spare-1", "agent_id", "partner acme." },
	{ ISSUER_SECOND, "spare-2", "agent_id", "*" },
};

struct making {
	const char *dir;
	const struct registry *registry;
	json_t *manifest; /* fixture.json in the making */
	struct fault *fault;
};

static bool no_memory(struct making *m)
{
	return fault_set(m->fault, FAULT_UNAVAILABLE, "%s: out of memory while making the fixture", m->dir);
}

/* Writes one file, and its digest into the manifest unless it is secret. */
static bool put(struct making *m, const char *name, struct slice bytes)
{
	char digest[65];
	bool secret = slice_starts(slice_text(name), slice_text("secret/"));
	char *path = path_join(m->dir, name);
	bool done = path ? file_write(path, bytes, secret ? 0600 : 0644, m->fault) : no_memory(m);
	free(path);
	if (!done || secret)
		return done;
	if (!hex_digest(bytes, digest) ||
	    json_object_set_new(json_object_get(m->manifest, "files"), name, json_string(digest)) != 0)
		return no_memory(m);
	return true;
}

static bool put_json(struct making *m, const char *name, const json_t *document)
{
	struct buf b;
	buf_init(&b, FIXTURE_FILE_MAX);
	char *text = document ? json_dumps(document, JSON_INDENT(2)) : NULL;
	buf_text(&b, text);
	buf_text(&b, "\n");
	bool done = text && !b.failed ? put(m, name, buf_slice(&b)) : no_memory(m);
	buf_release(&b);
	free(text);
	return done;
}

/* Takes a file that another module wrote into the manifest. */
static bool enlist(struct making *m, const char *name)
{
	struct buf b;
	char digest[65];
	buf_init(&b, FIXTURE_FILE_MAX);
	char *path = path_join(m->dir, name);
	bool done = path ? file_read(path, FIXTURE_FILE_MAX, &b, m->fault) : no_memory(m);
	if (done && (!hex_digest(buf_slice(&b), digest) ||
		     json_object_set_new(json_object_get(m->manifest, "files"), name, json_string(digest)) != 0))
		done = no_memory(m);
	free(path);
	buf_release(&b);
	return done;
}

static bool folders(struct making *m)
{
	static const char *const names[] = { "issuers/main", "issuers/second", "revocation", "organisations", "tls", NULL };
	for (size_t i = 0; names[i]; i++) {
		char *path = path_join(m->dir, names[i]);
		bool done = path ? folder_make(path, 0755, m->fault) : no_memory(m);
		free(path);
		if (!done)
			return false;
	}
	char *secret = path_join(m->dir, "secret");
	bool done = secret ? folder_make(secret, 0700, m->fault) : no_memory(m);
	free(secret);
	return done;
}

static bool empty_folder(struct making *m)
{
	const struct dirent *entry;
	bool empty = true;
	DIR *folder = opendir(m->dir);
	if (!folder && errno == ENOENT)
		return true;
	if (!folder)
		return fault_set(m->fault, FAULT_UNAVAILABLE, "%s: cannot be opened as a folder: %s", m->dir,
				 strerror(errno));
	while ((entry = readdir(folder)))
		empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	closedir(folder);
	return empty || fault_set(m->fault, FAULT_PROTOCOL,
				  "%s: the folder is not empty; name a new one for the fixture", m->dir);
}

/* The public key as it stands in its issuer's set. The enc key says nothing of an algorithm, so
 * that a broker which overlooks "use" would find it good for ES256. */
static json_t *public_jwk(const struct role *role, const struct crypto_key *key)
{
	json_t *jwk = crypto_key_jwk(key, false);
	if (!jwk)
		return NULL;
	if (strcmp(role->use, "enc") == 0)
		json_object_del(jwk, "alg");
	json_object_set_new(jwk, "use", json_string(role->use));
	json_object_set_new(jwk, "kid", json_string(role->kid));
	return jwk;
}

static bool put_pem(struct making *m, const struct role *role, const struct crypto_key *key)
{
	char name[128];
	struct buf pem;
	buf_init(&pem, FIXTURE_FILE_MAX);
	snprintf(name, sizeof(name), "%s/%s.pem", fixture_issuers[role->issuer].folder, role->kid);
	bool done = crypto_key_pem(key, &pem) && !pem.failed ? put(m, name, buf_slice(&pem)) : no_memory(m);
	buf_release(&pem);
	return done;
}

static bool put_secret(struct making *m, const struct role *role, const struct crypto_key *key)
{
	char name[128], thumbprint[65];
	snprintf(name, sizeof(name), "secret/%s.json", role->role);
	json_t *jwk = crypto_key_jwk(key, true);
	bool done = put_json(m, name, jwk);
	json_decref(jwk);
	if (!done || !manifest_thumbprint(key, thumbprint))
		return done ? no_memory(m) : false;
	json_t *entry = json_pack("{s:s, s:s, s:s, s:s}", "role", role->role, "kid", role->kid, "iss",
				  fixture_issuers[role->issuer].iss, "thumbprint", thumbprint);
	return json_array_append_new(json_object_get(m->manifest, "keys"), entry) == 0 || no_memory(m);
}

static bool one_key(struct making *m, const struct role *role, json_t *set)
{
	struct crypto_key *key = crypto_key_generate(role->alg, m->fault);
	bool done = key && put_secret(m, role, key);
	if (done && role->published) {
		done = json_array_append_new(set, public_jwk(role, key)) == 0 || no_memory(m);
		if (done && strcmp(role->use, "sig") == 0)
			done = put_pem(m, role, key);
	}
	crypto_key_free(key);
	return done;
}

static bool keys(struct making *m, int issuer)
{
	char name[128];
	json_t *set = json_array();
	bool done = set != NULL || no_memory(m);
	for (const struct role *role = fixture_roles; done && role->role; role++)
		done = role->issuer != issuer || one_key(m, role, set);
	if (done && issuer == ISSUER_MAIN) { /* RFC 7517 section 5: a key of unknown type is passed over */
		json_t *unknown = json_pack("{s:s, s:s, s:s, s:s}", "kty", "TEST-UNKNOWN", "use", "sig", "kid",
					    "main-future", "x", "AAAA");
		done = json_array_append_new(set, unknown) == 0 || no_memory(m);
	}
	snprintf(name, sizeof(name), "%s/jwks.json", fixture_issuers[issuer].folder);
	json_t *document = json_pack("{s:O}", "keys", set);
	done = done && put_json(m, name, document);
	json_decref(document);
	json_decref(set);
	return done;
}

static bool is_spare(const char *organisation)
{
	return strncmp(organisation, "spare-", 6) == 0;
}

static json_t *names_json(const char *names)
{
	struct slice rest = slice_text(names);
	json_t *list = json_array();
	bool more = true;
	if (strcmp(names, "*") == 0) {
		json_decref(list);
		return json_string(names);
	}
	while (more) {
		struct slice name = slice_word(&rest, ' ', &more);
		json_array_append_new(list, json_stringn((const char *)name.data, name.size));
	}
	return list;
}

/* Main may assert everything in the organisations of the chapters, and each issuer what the table says. */
static json_t *rights_of(int issuer, const struct registry *registry)
{
	json_t *organisations = json_object();
	for (size_t i = 0; issuer == ISSUER_MAIN && i < registry->policy_count; i++) {
		const char *name = registry->policies[i].name;
		if (!is_spare(name))
			json_object_set_new(organisations, name,
					    json_pack("{s:s, s:s, s:s, s:s}", "agent_id", "*", "server_id", "*",
						      "tool_id", "*", "user_id", "*"));
	}
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		const struct right *right = &rights[i];
		if (right->issuer == issuer)
			json_object_set_new(organisations, right->organisation,
					    json_pack("{s:o}", right->claim, names_json(right->names)));
	}
	return organisations;
}

/* In just the form of the reference broker's configuration. */
static json_t *issuers(const struct registry *registry)
{
	return json_pack("[{s:s, s:s, s:o}, {s:s, s:s, s:o}]", "iss", fixture_issuers[ISSUER_MAIN].iss, "jwks",
			 "issuers/main/jwks.json", "organisations", rights_of(ISSUER_MAIN, registry), "iss",
			 fixture_issuers[ISSUER_SECOND].iss, "jwks", "issuers/second/jwks.json", "organisations",
			 rights_of(ISSUER_SECOND, registry));
}

/* Who may order that an identity is cut off, and in which organisations: all that main speaks for. */
static json_t *revocation(const struct registry *registry)
{
	json_t *organisations = json_array(), *claims = rights_of(ISSUER_MAIN, registry), *unused;
	const char *name;
	json_object_foreach(claims, name, unused)
		json_array_append_new(organisations, json_string(name));
	json_decref(claims);
	return json_pack("{s:s, s:s, s:o}", "iss", fixture_issuers[ISSUER_REVOCATION].iss, "jwks", "revocation/jwks.json",
			 "organisations", organisations);
}

static bool organisations(struct making *m)
{
	char name[256];
	struct buf words;
	bool done = true;
	for (size_t i = 0; done && i < m->registry->policy_count; i++) {
		const struct policy_block *policy = &m->registry->policies[i];
		snprintf(name, sizeof(name), "organisations/%s.json", policy->name);
		done = put_json(m, name, policy->document) &&
		       (json_array_append_new(json_object_get(m->manifest, "organisations"),
					      json_string(policy->name)) == 0 ||
			no_memory(m));
	}
	buf_init(&words, FIXTURE_FILE_MAX);
	words_policies(m->registry, &words);
	done = done && (words.failed ? no_memory(m) : put(m, "organisations/README.md", buf_slice(&words)));
	buf_release(&words);
	return done;
}

static bool documents(struct making *m)
{
	struct buf settings, setup;
	buf_init(&settings, FIXTURE_FILE_MAX);
	buf_init(&setup, FIXTURE_FILE_MAX);
	words_settings(json_object_get(m->manifest, "issuers"), m->registry, &settings);
	words_setup(&setup);
	bool done = settings.failed || setup.failed
			    ? no_memory(m)
			    : put(m, "settings.md", buf_slice(&settings)) && put(m, "SETUP.md", buf_slice(&setup));
	buf_release(&settings);
	buf_release(&setup);
	return done;
}

static bool certificates(struct making *m)
{
	char *folder = path_join(m->dir, "tls");
	bool done = folder ? tls_make(folder, m->fault) : no_memory(m);
	free(folder);
	return done && enlist(m, "tls/ca.pem") && enlist(m, "tls/server.pem") && enlist(m, "tls/server.key");
}

/* Last of all, so that a fixture that was cut short never looks whole. */
static bool manifest(struct making *m)
{
	char digest[65];
	if (!manifest_digest(m->manifest, digest) ||
	    json_object_set_new(m->manifest, "digest", json_string(digest)) != 0)
		return no_memory(m);
	char *text = json_dumps(m->manifest, JSON_INDENT(2));
	char *path = path_join(m->dir, "fixture.json");
	bool done = text && path ? file_write(path, slice_text(text), 0644, m->fault) : no_memory(m);
	free(path);
	free(text);
	return done;
}

static json_t *manifest_begin(const struct registry *registry)
{
	char made_at[32];
	struct tm utc;
	time_t now = (time_t)(clock_wall_ms() / 1000);
	if (!gmtime_r(&now, &utc) || strftime(made_at, sizeof(made_at), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:o, s:o, s:[], s:[], s:{}}", "suite", SUITE_VERSION, "profile",
			 registry->revision, "made_at", made_at, "audience", fixture_audience, "max_token_life",
			 FIXTURE_TOKEN_LIFE_S, "issuers", issuers(registry), "revocation", revocation(registry), "organisations", "keys", "files");
}

bool fixture_make(const char *dir, const struct registry *registry, struct fault *fault)
{
	struct making m = { .dir = dir, .registry = registry, .manifest = manifest_begin(registry), .fault = fault };
	bool done = m.manifest ? empty_folder(&m) : no_memory(&m);
	done = done && folders(&m) && keys(&m, ISSUER_MAIN) && keys(&m, ISSUER_SECOND) && keys(&m, ISSUER_REVOCATION) && organisations(&m) &&
	       certificates(&m) && documents(&m) && manifest(&m);
	json_decref(m.manifest);
	return done;
}
