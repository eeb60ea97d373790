#ifndef GRANARY_TASK_H
#define GRANARY_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

// The Swift concurrency runtime exports both symbols and its own modules call them; Swift source may not name them.
// The pointer is only ever compared with another one, never followed. `withUnsafeCurrentTask` tells the same at ten
// times the cost, which is more than the rest of a call.
__attribute__((swiftcall)) void *swift_task_getCurrent(void);
__attribute__((swiftcall)) bool swift_task_isCancelled(void *task);

static inline void *granary_current_task(void) { return swift_task_getCurrent(); }

static inline bool granary_current_task_is_cancelled(void) {
    void *task = swift_task_getCurrent();
    return task != 0 && swift_task_isCancelled(task);
}

// A clock in nanoseconds. The coarse one is right to a few milliseconds and costs 3 ns, but stands still while the
// machine sleeps; the exact one costs 20 ns and never stands still.
#if defined(__linux__)
static inline int64_t granary_coarse_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t granary_exact_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
#else
static inline int64_t granary_coarse_clock(void) { return (int64_t)clock_gettime_nsec_np(CLOCK_UPTIME_RAW_APPROX); }

static inline int64_t granary_exact_clock(void) { return (int64_t)clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW); }
#endif

// Names the thread that calls: tools show the first 15 bytes.
void granary_name_thread(const char *name);

// Asks the system to let the thread that calls run soon once it has something to do, before threads that have computed for
// a while: for threads that serve sockets, on which others wait, and compute little. Where it cannot be asked for, nothing
// changes.
void granary_thread_is_prompt(void);

// A bell that one thread waits for and any thread rings.
typedef struct granary_bell granary_bell;
granary_bell *granary_bell_make(void);
void granary_bell_free(granary_bell *bell);
// Ends the wait that goes on, or the next one.
void granary_bell_ring(granary_bell *bell);
// Waits until the bell is rung, at most so long.
void granary_bell_wait(granary_bell *bell, int64_t nanoseconds);

#endif
