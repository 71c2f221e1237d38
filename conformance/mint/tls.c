#include "mint/tls.h"

#include "crypto.h"
#include "files/files.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

enum { SERIAL_BYTES = 16, BACKDATED_S = 3600 };

struct extension {
	int nid;
	const char *value;
};

struct subject {
	const char *name;
	const struct extension *extensions; /* ends with value NULL */
};

static const struct extension ca_extensions[] = {
	{ NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
	{ NID_key_usage, "critical,keyCertSign,cRLSign" },
	{ NID_subject_key_identifier, "hash" },
	{ NID_undef, NULL },
};
static const struct extension server_extensions[] = {
	{ NID_basic_constraints, "critical,CA:FALSE" },
	{ NID_key_usage, "critical,digitalSignature" },
	{ NID_ext_key_usage, "serverAuth" },
	{ NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1" },
	{ NID_subject_key_identifier, "hash" },
	{ NID_authority_key_identifier, "keyid:always" },
	{ NID_undef, NULL },
};
static const struct subject ca_subject = { "MQTT.Agent test CA (trust it in tests only)", ca_extensions };
static const struct subject server_subject = { "localhost", server_extensions };

static bool set_serial(X509 *certificate)
{
	unsigned char bytes[SERIAL_BYTES];
	if (!random_bytes(bytes, sizeof(bytes)))
		return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40); /* positive, and never shorter (RFC 5280 4.1.2.2) */
	BIGNUM *number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	bool done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
	BN_free(number);
	return done;
}

static bool set_extensions(X509 *certificate, X509 *issuer, const struct extension *extensions)
{
	X509V3_CTX context;
	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	for (; extensions->value; extensions++) {
		X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &context, extensions->nid, extensions->value);
		bool added = e && X509_add_ext(certificate, e, -1);
		X509_EXTENSION_free(e);
		if (!added)
			return false;
	}
	return true;
}

static bool fill(X509 *certificate, const struct subject *subject, X509 *issuer)
{
	X509_NAME *name = X509_get_subject_name(certificate);
	return X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
	       X509_gmtime_adj(X509_getm_notBefore(certificate), -BACKDATED_S) &&
	       X509_time_adj_ex(X509_getm_notAfter(certificate), TLS_DAYS, -BACKDATED_S, NULL) &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)subject->name, -1, -1, 0) &&
	       X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
}

/* issuer NULL: signs itself. */
static X509 *certificate_make(const struct subject *subject, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *certificate = X509_new();
	X509 *signer = issuer ? issuer : certificate;
	if (certificate && X509_set_pubkey(certificate, key) && fill(certificate, subject, signer) &&
	    set_extensions(certificate, signer, subject->extensions) &&
	    X509_sign(certificate, issuer_key, EVP_sha256()) > 0)
		return certificate;
	X509_free(certificate);
	return NULL;
}

static bool bio_write(BIO *bio, const char *folder, const char *name, struct fault *fault)
{
	char *data = NULL;
	long size = BIO_get_mem_data(bio, &data);
	char *path = path_join(folder, name);
	bool done = path && size > 0 && file_write(path, slice_of(data, (size_t)size), 0644, fault);
	if (!path || size <= 0)
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory while writing %s", name);
	free(path);
	return done;
}

static bool certificate_write(X509 *certificate, const char *folder, const char *name, struct fault *fault)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool done = bio && PEM_write_bio_X509(bio, certificate);
	done = done ? bio_write(bio, folder, name, fault)
		    : fault_set(fault, FAULT_UNAVAILABLE, "cannot encode %s", name);
	BIO_free(bio);
	return done;
}

/* Readable by all: it is a test key, and brokers often run as a user of their own. */
static bool key_write(EVP_PKEY *key, const char *folder, const char *name, struct fault *fault)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool done = bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	done = done ? bio_write(bio, folder, name, fault)
		    : fault_set(fault, FAULT_UNAVAILABLE, "cannot encode %s", name);
	BIO_free(bio);
	return done;
}

bool tls_make(const char *folder, struct fault *fault)
{
	X509 *ca = NULL, *server = NULL;
	bool done = false;
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *server_key = EVP_EC_gen("P-256");
	if (!ca_key || !server_key) {
		fault_set(fault, FAULT_UNAVAILABLE, "OpenSSL cannot make a P-256 key");
		goto cleanup;
	}
	ca = certificate_make(&ca_subject, ca_key, NULL, ca_key);
	server = ca ? certificate_make(&server_subject, server_key, ca, ca_key) : NULL;
	if (!server) {
		fault_set(fault, FAULT_UNAVAILABLE, "OpenSSL cannot make the test certificates");
		goto cleanup;
	}
	done = certificate_write(ca, folder, "ca.pem", fault) &&
	       certificate_write(server, folder, "server.pem", fault) &&
	       key_write(server_key, folder, "server.key", fault);
cleanup:
	X509_free(server);
	X509_free(ca);
	EVP_PKEY_free(server_key);
	EVP_PKEY_free(ca_key);
	return done;
}
