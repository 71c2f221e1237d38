/* mqtt-agent-broker: the command line. */
#include "broker.h"

#include <getopt.h>
#include <stdlib.h>

enum { EXIT_RUNTIME = 1, EXIT_BAD = 2 };

static const char help[] =
	"usage: mqtt-agent-broker --config FILE [--check-config]\n"
	"\n"
	"The reference broker of the MQTT.Agent Identity-Bound ACL Profile: MQTT 5.0 in which a signed\n"
	"token at CONNECT says who a client is, and every publish, subscription and delivery is decided\n"
	"by comparing the topic with that token's claims. It keeps its state in memory.\n"
	"\n"
	"options\n"
	"  --config FILE    the configuration, JSON (reference/config.schema.json); file names in it are\n"
	"                   relative to it\n"
	"  --check-config   read configuration, key sets, policies and certificates, say whether they\n"
	"                   can be used, and start nothing\n"
	"  --version        print the version\n"
	"  --help           print this text\n"
	"\n"
	"When it listens it prints a line for each listener, then `ready`; port 0 takes any free port:\n"
	"  listening NAME ADDRESS PORT tls|plaintext\n"
	"Log lines go to standard error. SIGTERM and SIGINT end it after every client was told. SIGHUP has\n"
	"configuration, key sets, policies and certificates read again: all of them, or nothing changes.\n"
	"\n"
	"exit code: 0 stopped as asked, or the configuration is good; 1 a listener cannot be opened;\n"
	"2 usage, or a configuration that cannot be used (nothing was started)\n"
	"\n"
	"example\n"
	"  {\n"
	"    \"listeners\": [\n"
	"      { \"name\": \"tls\", \"address\": \"127.0.0.1\", \"port\": 8883,\n"
	"        \"tls\": { \"certificate\": \"server.pem\", \"key\": \"server.key\" } }\n"
	"    ],\n"
	"    \"audience\": \"mqtt://broker.example\",\n"
	"    \"issuers\": [\n"
	"      { \"iss\": \"https://issuer.example\", \"jwks\": \"issuer.json\",\n"
	"        \"organisations\": { \"acme\": { \"agent_id\": \"*\" } } }\n"
	"    ],\n"
	"    \"policies\": { \"acme\": \"acme.json\" }\n"
	"  }\n";

struct options {
	const char *config;
	bool check, help, version;
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' }, { "check-config", no_argument, NULL, 'k' },
	{ "version", no_argument, NULL, 'v' },	    { "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool read_options(int argc, char **argv, struct options *options)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == 'c')
			options->config = optarg;
		else if (option == 'k')
			options->check = true;
		else if (option == 'v')
			options->version = true;
		else if (option == 'h')
			options->help = true;
		else
			return false;
	}
	if (optind < argc) {
		fprintf(stderr, "%s: unexpected argument %s\n", argv[0], argv[optind]);
		return false;
	}
	if (options->config || options->help || options->version)
		return true;
	fprintf(stderr, "%s: --config FILE is missing\n", argv[0]);
	return false;
}

static int complain(const struct fault *fault, int code)
{
	fprintf(stderr, "mqtt-agent-broker: %s\n", fault->text);
	return code;
}

static int run(struct config *config)
{
	const struct broker_commit commit = { NULL, NULL }; /* nothing keeps anything yet: memory only */
	struct fault fault;
	struct broker *broker = broker_new(config, &commit, &fault);
	int code = 0;

	if (!broker)
		return complain(&fault, EXIT_RUNTIME);
	if (broker_listen(broker, stdout, &fault))
		broker_run(broker);
	else
		code = complain(&fault, EXIT_RUNTIME);
	broker_free(broker);
	return code;
}

static int start(const struct options *options)
{
	struct fault fault;
	struct config *config = config_load(options->config, &fault);
	int code = 0;

	if (!config)
		return complain(&fault, EXIT_BAD);
	if (options->check)
		printf("%s: good\n", options->config);
	else
		code = run(config);
	config_free(config);
	return code;
}

int main(int argc, char **argv)
{
	struct options options = { NULL, false, false, false };

	if (!read_options(argc, argv, &options)) {
		fprintf(stderr, "try mqtt-agent-broker --help\n");
		return EXIT_BAD;
	}
	if (options.help)
		return fputs(help, stdout) < 0 ? EXIT_RUNTIME : 0;
	if (options.version)
		return puts("mqtt-agent-broker " MQTT_AGENT_VERSION) < 0 ? EXIT_RUNTIME : 0;
	return start(&options);
}
