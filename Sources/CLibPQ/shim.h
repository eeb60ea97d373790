#ifndef GRANARY_CLIBPQ_SHIM_H
#define GRANARY_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#if defined(__linux__)
#include <sys/prctl.h>

/* prctl is variadic, which Swift cannot call. */
static inline void granary_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
#else
#include <pthread.h>

static inline void granary_name_thread(const char *name) { pthread_setname_np(name); }
#endif

#endif
