/* TLS contexts for listeners, over OpenSSL. */
#include "tls.h"

#include <openssl/err.h>
#include <stdlib.h>

/* A TLS context cannot ask for a pass phrase: nobody is there to type it. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
	(void)out, (void)size, (void)writing, (void)context;
	return -1;
}

static void *tls_fault(struct fault *fault, const char *file, const char *expected)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	fault_set(fault, FAULT_UNAVAILABLE, "%s: expected %s (%s)", file, expected, reason ? reason : "unreadable");
	ERR_clear_error();
	return NULL;
}

struct net_tls *net_tls_load(const char *certificate, const char *key, struct fault *fault)
{
	struct net_tls *tls = calloc(1, sizeof *tls);
	SSL_CTX *context = tls ? SSL_CTX_new(TLS_server_method()) : NULL;
	const char *file = certificate, *expected = "memory for TLS";

	if (!context)
		goto failed;
	tls->context = context;
	/* [TLS-01] and chapter 1: TLS 1.2 or later, no renegotiation; sessions are not resumed */
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
					     SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(context, 0);
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	ERR_clear_error();
	if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
		goto failed;
	expected = "a certificate chain in PEM";
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
		goto failed;
	file = key;
	expected = "an unencrypted private key in PEM that fits the certificate";
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(context) != 1)
		goto failed;
	return tls;
failed:
	net_tls_free(tls);
	return tls_fault(fault, file, expected);
}

void net_tls_free(struct net_tls *tls)
{
	if (!tls)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}
