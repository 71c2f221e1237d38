/* The version of the suite: goes into fixtures, reports and --version. The same as in CMakeLists.txt. */
#ifndef CONFORMANCE_VERSION_H
#define CONFORMANCE_VERSION_H

#define SUITE_NAME "mqtt-agent-conformance"
#define SUITE_VERSION "0.2.0"

#endif
