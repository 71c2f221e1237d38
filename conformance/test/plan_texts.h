/* The small cases and vectors that test_plan.c makes its plans from. */
#ifndef CONFORMANCE_TEST_PLAN_TEXTS_H
#define CONFORMANCE_TEST_PLAN_TEXTS_H

static const char cases_text[] =
	"case PUB-02.other \"t\"\n"
	"  org seed\n"
	"  cites PUB-01\n"
	"  carriers publish\n"
	"  scout, analyst are agents\n"
	"  rows\n"
	"  | row | bad |\n"
	"  | one | \"agents/analyst/card\" |\n"
	"  | two | \"agents/{scout}x/{$self}\" |\n"
	"  analyst connects\n"
	"  analyst subscribes \"agents/+/card\"\n"
	"  scout connects\n"
	"  twin scout publishes \"agents/scout/card\" \"true\" [PUB-01]\n"
	"  analyst receives \"true\"\n"
	"  deny same to <bad>   # comment\n"
	"  analyst never receives \"true\" by 2s\n"
	"case SBS-03.three \"t\"\n"
	"  org patterns\n"
	"  cites [SBS-01]\n"
	"  carriers subscribe\n"
	"  scout is agent\n"
	"  scout connects\n"
	"  twin scout subscribes \"ops/#\"\n"
	"  deny same to \"#\"\n"
	"case REV-01.hook \"t\"\n"
	"  org seed\n"
	"  needs revoke\n"
	"  scout, other are agents\n"
	"  twin scout connects\n"
	"  scout revokes other\n"
	"  deny other connects -> refused should 0x86 0x87\n"
	"case POL-01.listeners \"t\"\n"
	"  org seed\n"
	"  carriers listeners\n"
	"  alone\n"
	"  scout is agent\n"
	"  bad is scout with key \"attacker-es256\"\n"
	"  twin scout connects\n"
	"  deny bad connects\n"
	"  bad disconnects\n"
	"  bad stalls\n"
	"  scout disconnects\n";

static const char vectors_text[] =
	"{\"kind\": \"token\", \"vectors\": [\n"
	" {\"id\": \"good\", \"rule\": \"AUTH-01\", \"comment\": \"it's \\\"good\\\"\", \"expect\": \"accepted\",\n"
	"  \"recipe\": {\"key\": \"main-ps256\", \"claims\": {\"org_id\": \"seed\", \"agent_id\": \"scout\", \"x\": \"it's\"}}},\n"
	" {\"id\": \"late\", \"rule\": \"AUTH-02\", \"expect\": \"refused\", \"twin\": \"good\",\n"
	"  \"recipe\": {\"key\": \"main-ps256\", \"times\": {\"exp\": -60}}}]}\n";

static const char decisions_text[] =
	"{\"kind\": \"decision\", \"vectors\": [\n"
	" {\"id\": \"own\", \"rule\": \"PUB-01\", \"policy\": \"seed\", \"identity\": {\"agent_id\": \"scout\"}, \"action\": \"pub\",\n"
	"  \"topic\": \"agents/scout/card\", \"expect\": \"allow\", \"wire\": true},\n"
	" {\"id\": \"other\", \"rule\": \"PUB-02\", \"policy\": \"seed\", \"identity\": {\"agent_id\": \"scout\"}, \"action\": \"pub\",\n"
	"  \"topic\": \"agents/first/card\", \"expect\": \"deny\", \"twin\": \"own\", \"wire\": true,\n"
	"  \"observer\": {\"agent_id\": \"watcher\"}, \"observe\": \"agents/+/card\"},\n"
	" {\"id\": \"dry\", \"rule\": \"PUB-02\", \"expect\": \"deny\"}]}\n";

#endif
