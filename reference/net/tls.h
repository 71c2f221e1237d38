/* Inside net/: what a listener does with its certificate. */
#ifndef MQTT_AGENT_NET_TLS_H
#define MQTT_AGENT_NET_TLS_H

#include "net.h"

#include <openssl/ssl.h>

struct net_tls {
	SSL_CTX *context;
};

#endif
