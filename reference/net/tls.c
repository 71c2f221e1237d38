/* TLS contexts for listeners, over OpenSSL. */
#include "tls.h"

#include <openssl/err.h>
#include <stdlib.h>

enum {
	SESSION_S = 3600, /* how long a session may be resumed */
	SECURITY_LEVEL = 2 /* at least 112 bits: RSA 2048, P-256, SHA-256 */
};

/* Of TLS 1.2 only what has forward secrecy and authenticates its bytes; TLS 1.3 has nothing else. */
static const char ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
static const unsigned char session_context[] = "mqtt-agent";

/* A TLS context cannot ask for a pass phrase: nobody is there to type it. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
	(void)out, (void)size, (void)writing, (void)context;
	return -1;
}

static bool tls_fault(struct fault *fault, const char *file, const char *expected)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	fault_set(fault, FAULT_UNAVAILABLE, "%s: expected %s (%s)", file, expected, reason ? reason : "unreadable");
	ERR_clear_error();
	return false;
}

/* [TLS-01] [TLS-02] TLS 1.2 or later, no renegotiation. A session is resumed by a ticket that the client
 * keeps, never with early data, and under the keys of this context alone: a certificate or a client
 * authority that was replaced is not outlived by what was agreed under it. */
static bool configure(SSL_CTX *context)
{
	SSL_CTX_set_options(context,
			    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_security_level(context, SECURITY_LEVEL);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_timeout(context, SESSION_S);
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_cipher_list(context, ciphers) == 1 && SSL_CTX_set_max_early_data(context, 0) == 1 &&
	       SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1) == 1;
}

struct net_tls *net_tls_new(struct fault *fault)
{
	struct net_tls *tls = calloc(1, sizeof *tls);

	if (tls)
		tls->context = SSL_CTX_new(TLS_server_method());
	if (tls && tls->context && configure(tls->context))
		return tls;
	net_tls_free(tls);
	tls_fault(fault, "TLS", "OpenSSL to set up a listener");
	return NULL;
}

bool net_tls_certificate(struct net_tls *tls, const char *file, struct fault *fault)
{
	ERR_clear_error();
	return SSL_CTX_use_certificate_chain_file(tls->context, file) == 1 ||
	       tls_fault(fault, file, "a certificate chain in PEM");
}

bool net_tls_key(struct net_tls *tls, const char *file, struct fault *fault)
{
	ERR_clear_error();
	return (SSL_CTX_use_PrivateKey_file(tls->context, file, SSL_FILETYPE_PEM) == 1 &&
		SSL_CTX_check_private_key(tls->context) == 1) ||
	       tls_fault(fault, file, "an unencrypted private key in PEM that fits the certificate");
}

/* The certificate admits to the listener and says nothing about who acts: the token does. */
bool net_tls_clients(struct net_tls *tls, const char *file, struct fault *fault)
{
	STACK_OF(X509_NAME) * names;

	ERR_clear_error();
	names = SSL_load_client_CA_file(file);
	if (!names || SSL_CTX_load_verify_file(tls->context, file) != 1) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		return tls_fault(fault, file, "certificates of authorities in PEM");
	}
	SSL_CTX_set_client_CA_list(tls->context, names);
	SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	return true;
}

void net_tls_free(struct net_tls *tls)
{
	if (!tls)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}
