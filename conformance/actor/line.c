#include "actor/line.h"

#include "wire/read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	OUTPUT_MAX = 8 << 20, /* bytes that may wait to be written */
	STALLED_BUFFER = 4096 /* of the kernel, so that the other side feels it soon */
};

struct line {
	struct bufferevent *stream;
	SSL *ssl; /* borrowed from the stream; NULL: plaintext */
	const struct line_owner *owner;
	void *context;
	bool opened, finishing;
	struct evbuffer *slow; /* to be dribbled; NULL: never was any */
	struct event *ending;  /* of a stalled line: the other side closes; NULL: not stalled */
};

SSL_CTX *line_tls(const char *ca_file, struct fault *fault)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	if (!tls || !SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION)) {
		fault_set(fault, FAULT_UNAVAILABLE, "cannot set up TLS");
		SSL_CTX_free(tls);
		return NULL;
	}
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_options(tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
	if (SSL_CTX_load_verify_locations(tls, ca_file, NULL) == 1)
		return tls;
	fault_set(fault, FAULT_UNAVAILABLE, "%.400s: no certificate authority can be read from it", ca_file);
	ERR_clear_error();
	SSL_CTX_free(tls);
	return NULL;
}

/* Name or address, whichever it is, must stand in the certificate. */
static SSL *make_ssl(SSL_CTX *tls, const char *name)
{
	unsigned char binary[16];
	SSL *ssl = SSL_new(tls);
	if (!ssl)
		return NULL;
	bool numeric = inet_pton(AF_INET, name, binary) == 1 || inet_pton(AF_INET6, name, binary) == 1;
	bool set = numeric ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1 :
			     SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
	if (set)
		return ssl;
	SSL_free(ssl);
	return NULL;
}

static void on_readable(struct bufferevent *stream, void *context)
{
	struct line *line = context;
	struct evbuffer *input = bufferevent_get_input(stream);
	size_t size = evbuffer_get_length(input);
	unsigned char *data = evbuffer_pullup(input, -1);
	if (!data || line->finishing) {
		evbuffer_drain(input, size);
		return;
	}
	if (line->ending)
		return;
	ptrdiff_t taken = line->owner->bytes(line->context, slice_of(data, size));
	if (taken != LINE_GONE)
		evbuffer_drain(input, (size_t)taken);
}

size_t line_dribbling(const struct line *line)
{
	return line->slow ? evbuffer_get_length(line->slow) : 0;
}

static bool slow_pending(const struct line *line)
{
	return line_dribbling(line) > 0;
}

static void on_written(struct bufferevent *stream, void *context)
{
	struct line *line = context;
	struct evbuffer *output = bufferevent_get_output(stream);
	if (evbuffer_get_length(output) > 0)
		return;
	if (slow_pending(line)) {
		evbuffer_remove_buffer(line->slow, output, 1);
		return;
	}
	if (!line->finishing)
		return;
	if (line->ssl)
		SSL_shutdown(line->ssl);
	line->owner->finished(line->context);
}

static void tls_cause(struct line *line, char *how, size_t size)
{
	unsigned long error = bufferevent_get_openssl_error(line->stream);
	long verified = SSL_get_verify_result(line->ssl);
	if (verified != X509_V_OK)
		snprintf(how, size, "TLS: %s", X509_verify_cert_error_string(verified));
	else if (error)
		snprintf(how, size, "TLS: %s", ERR_reason_error_string(error) ? ERR_reason_error_string(error) : "error");
}

static void on_event(struct bufferevent *stream, short what, void *context)
{
	struct line *line = context;
	char how[200] = "";
	int error = EVUTIL_SOCKET_ERROR();
	(void)stream;
	if (what & BEV_EVENT_CONNECTED) {
		int fd = bufferevent_getfd(line->stream), on = 1;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		line->opened = true;
		line->owner->opened(line->context);
		return;
	}
	if (what & BEV_EVENT_ERROR)
		snprintf(how, sizeof how, "%s", error ? evutil_socket_error_to_string(error) : "");
	if (what & BEV_EVENT_ERROR && line->ssl)
		tls_cause(line, how, sizeof how);
	ERR_clear_error();
	line->owner->closed(line->context, how);
}

struct line *line_open(struct event_base *base, const struct address *address, SSL_CTX *tls, const char *name,
		       const struct line_owner *owner, void *context, struct fault *fault)
{
	struct line *line = calloc(1, sizeof *line);
	int options = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;
	if (!line)
		goto failed;
	line->owner = owner;
	line->context = context;
	line->ssl = tls ? make_ssl(tls, name) : NULL;
	if (tls && !line->ssl)
		goto failed;
	line->stream = tls ? bufferevent_openssl_socket_new(base, -1, line->ssl, BUFFEREVENT_SSL_CONNECTING, options) :
			     bufferevent_socket_new(base, -1, options);
	if (!line->stream) {
		line->ssl = NULL; /* libevent has freed it */
		goto failed;
	}
	if (tls)
		bufferevent_openssl_set_allow_dirty_shutdown(line->stream, 1);
	bufferevent_setcb(line->stream, on_readable, on_written, on_event, line);
	bufferevent_setwatermark(line->stream, EV_READ, 0, WIRE_PACKET_MAX + 65536);
	if (bufferevent_enable(line->stream, EV_READ | EV_WRITE) != 0 ||
	    bufferevent_socket_connect(line->stream, (const struct sockaddr *)&address->storage, (int)address->size) != 0 ||
	    /* A hook must not inherit it: the broker would not see it end. */
	    fcntl(bufferevent_getfd(line->stream), F_SETFD, FD_CLOEXEC) != 0)
		goto failed;
	return line;
failed:
	fault_set(fault, FAULT_UNAVAILABLE, "cannot open a connection: %s", strerror(errno));
	line_free(line);
	return NULL;
}

/* A peer that never reads must not fill our memory. */
static bool fits(const struct line *line, size_t size)
{
	size_t waiting = evbuffer_get_length(bufferevent_get_output(line->stream));
	return waiting + line_dribbling(line) + size <= OUTPUT_MAX;
}

bool line_send(struct line *line, struct slice bytes)
{
	if (slow_pending(line))
		return line_dribble(line, bytes);
	return fits(line, bytes.size) && bufferevent_write(line->stream, bytes.data, bytes.size) == 0;
}

bool line_dribble(struct line *line, struct slice bytes)
{
	if (!line->slow)
		line->slow = evbuffer_new();
	if (!line->slow || !fits(line, bytes.size) || evbuffer_add(line->slow, bytes.data, bytes.size) != 0)
		return false;
	if (evbuffer_get_length(bufferevent_get_output(line->stream)) == 0)
		bufferevent_trigger(line->stream, EV_WRITE, BEV_OPT_DEFER_CALLBACKS);
	return true;
}

static void on_ending(evutil_socket_t fd, short what, void *context)
{
	struct line *line = context;
	(void)fd;
	(void)what;
	line->owner->closed(line->context, "while nothing was read from it");
}

void line_stall(struct line *line)
{
	int fd = bufferevent_getfd(line->stream), size = STALLED_BUFFER;
	struct event_base *base = bufferevent_get_base(line->stream);
	if (line->ending)
		return;
	bufferevent_disable(line->stream, EV_READ);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	line->ending = event_new(base, fd, EV_CLOSED, on_ending, line);
	if (line->ending && event_base_get_features(base) & EV_FEATURE_EARLY_CLOSE)
		event_add(line->ending, NULL);
}

void line_finish(struct line *line)
{
	line->finishing = true;
	if (!slow_pending(line) && evbuffer_get_length(bufferevent_get_output(line->stream)) == 0)
		bufferevent_trigger(line->stream, EV_WRITE, BEV_OPT_DEFER_CALLBACKS);
}

void line_free(struct line *line)
{
	if (!line)
		return;
	if (line->ending)
		event_free(line->ending);
	if (line->slow)
		evbuffer_free(line->slow);
	if (line->stream) {
		bufferevent_setcb(line->stream, NULL, NULL, NULL, NULL);
		bufferevent_free(line->stream);
	} else {
		SSL_free(line->ssl);
	}
	free(line);
}
