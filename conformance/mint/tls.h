/* The test CA and the server certificate of a fixture: ECDSA P-256, for localhost, 127.0.0.1 and ::1. */
#ifndef CONFORMANCE_TLS_H
#define CONFORMANCE_TLS_H

#include "fault.h"

enum { TLS_DAYS = 825 };

/* Writes ca.pem, server.pem and server.key into the folder. The CA's private key is not kept:
 * nobody can sign a second certificate with it. */
bool tls_make(const char *folder, struct fault *fault);

#endif
