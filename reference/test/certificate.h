/* A self-signed certificate and its key, as PEM files in a test's folder. */
#ifndef MQTT_AGENT_TEST_CERTIFICATE_H
#define MQTT_AGENT_TEST_CERTIFICATE_H

#include "files.h"

#include <check.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static inline X509 *certificate_make(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);

	ck_assert(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1, -1, 0));
	ck_assert(X509_set_version(certificate, 2) && X509_set_issuer_name(certificate, name));
	ck_assert(X509_gmtime_adj(X509_getm_notBefore(certificate), -60));
	ck_assert(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600));
	ck_assert(X509_set_pubkey(certificate, key) && X509_sign(certificate, key, EVP_sha256()));
	return certificate;
}

/* certificate_file may be NULL: a key alone. */
static inline void certificate_write(const struct folder *folder, const char *certificate_file, const char *key_file)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	char path[128];
	FILE *out = fopen(folder_file(folder, key_file, path), "w");

	ck_assert(key && out && PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL));
	fclose(out);
	if (certificate_file) {
		X509 *certificate = certificate_make(key);

		out = fopen(folder_file(folder, certificate_file, path), "w");
		ck_assert(out && PEM_write_X509(out, certificate));
		fclose(out);
		X509_free(certificate);
	}
	EVP_PKEY_free(key);
}

#endif
