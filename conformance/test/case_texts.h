/* Pieces of a small case under SMALL_SPEC (tree.h): together they are a good one. */
#ifndef CONFORMANCE_TEST_CASE_TEXTS_H
#define CONFORMANCE_TEST_CASE_TEXTS_H

#define HEAD "case PUB-02.x \"t\"\n  org seed\n" /* lines 1 and 2 */
#define CAST "  scout, analyst are agents\n"	 /* line 3 */
#define LIVE "  analyst connects\n  analyst subscribes \"agents/+/card\"\n  scout connects\n" /* 4 to 6 */
#define TWIN "  twin scout publishes \"agents/scout/card\" \"true\"\n" /* 7 */
#define SEEN "  analyst receives \"true\"\n" /* 8 */
#define DENY "  deny same to \"agents/analyst/card\"\n" /* 9 */
#define GOOD HEAD CAST LIVE TWIN SEEN DENY

#endif
