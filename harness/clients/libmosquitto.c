/* The dialogue of README.md with libmosquitto. */
#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum step { LIVE, RETAINED, WORK };

struct dialogue {
	char own[100], will[100];
	enum step step;
};

static void subscribe(struct mosquitto *client, const char *filter, int qos)
{
	if (mosquitto_subscribe_v5(client, NULL, filter, qos, 0, NULL))
		exit(3);
}

static void on_connect(struct mosquitto *client, void *context, int code)
{
	struct dialogue *dialogue = context;

	if (code)
		exit(4);
	subscribe(client, dialogue->own, 2);
}

static void on_subscribe(struct mosquitto *client, void *context, int id, int count, const int *granted)
{
	struct dialogue *dialogue = context;

	(void)id;
	if (count != 1 || granted[0] > 2)
		exit(5);
	if (dialogue->step == LIVE)
		mosquitto_publish_v5(client, NULL, dialogue->own, 3, "one", 2, true, NULL);
	if (dialogue->step == WORK)
		puts("ready");
	fflush(stdout);
}

static void on_message(struct mosquitto *client, void *context, const struct mosquitto_message *message)
{
	struct dialogue *dialogue = context;

	if (dialogue->step == WORK) {
		printf("work %.*s\n", message->payloadlen, (const char *)message->payload);
		fflush(stdout);
		_Exit(0);
	}
	printf("%s %d\n", dialogue->step == LIVE ? "live" : "retained", (int)message->retain);
	subscribe(client, dialogue->step == LIVE ? dialogue->own : "$share/g/t/work", 1);
	dialogue->step++;
}

int main(int argc, char **argv)
{
	struct dialogue dialogue = { .step = LIVE };
	struct mosquitto *client;

	if (argc != 6)
		return 2;
	snprintf(dialogue.own, sizeof dialogue.own, "t/%s", argv[5]);
	snprintf(dialogue.will, sizeof dialogue.will, "t/will/%s", argv[5]);
	mosquitto_lib_init();
	client = mosquitto_new(argv[5], true, &dialogue);
	mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	mosquitto_username_pw_set(client, "anybody", argv[4]);
	mosquitto_will_set(client, dialogue.will, 4, "gone", 1, false);
	mosquitto_connect_callback_set(client, on_connect);
	mosquitto_subscribe_callback_set(client, on_subscribe);
	mosquitto_message_callback_set(client, on_message);
	if (strcmp(argv[3], "-") != 0 && mosquitto_tls_set(client, argv[3], NULL, NULL, NULL, NULL))
		return 2;
	if (mosquitto_connect(client, argv[1], atoi(argv[2]), 60))
		return 3;
	return mosquitto_loop_forever(client, -1, 1) ? 6 : 0;
}
