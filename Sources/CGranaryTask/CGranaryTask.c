#if defined(__linux__)
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#include "CGranaryTask.h"

#include <pthread.h>
#include <stdlib.h>

struct granary_bell {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    bool is_rung;
};

void granary_name_thread(const char *name) {
#if defined(__linux__)
    prctl(PR_SET_NAME, name, 0, 0, 0);
#else
    pthread_setname_np(name);
#endif
}

granary_bell *granary_bell_make(void) {
    granary_bell *bell = calloc(1, sizeof(granary_bell));
    if (bell == NULL) { abort(); }
    pthread_mutex_init(&bell->mutex, NULL);
#if defined(__linux__)
    // The usual clock of a condition is the wall's, which may be set.
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&bell->condition, &attributes);
    pthread_condattr_destroy(&attributes);
#else
    pthread_cond_init(&bell->condition, NULL);
#endif
    return bell;
}

void granary_bell_free(granary_bell *bell) {
    pthread_cond_destroy(&bell->condition);
    pthread_mutex_destroy(&bell->mutex);
    free(bell);
}

void granary_bell_ring(granary_bell *bell) {
    pthread_mutex_lock(&bell->mutex);
    bell->is_rung = true;
    pthread_cond_signal(&bell->condition);
    pthread_mutex_unlock(&bell->mutex);
}

void granary_bell_wait(granary_bell *bell, int64_t nanoseconds) {
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
#if defined(__linux__)
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    limit.tv_sec += now.tv_sec;
    limit.tv_nsec += now.tv_nsec;
    if (limit.tv_nsec >= 1000000000) {
        limit.tv_sec += 1;
        limit.tv_nsec -= 1000000000;
    }
#endif
    pthread_mutex_lock(&bell->mutex);
    // A wait that ends for no reason is as good as one that ends early.
    if (!bell->is_rung) {
#if defined(__linux__)
        pthread_cond_timedwait(&bell->condition, &bell->mutex, &limit);
#else
        pthread_cond_timedwait_relative_np(&bell->condition, &bell->mutex, &limit);
#endif
    }
    bell->is_rung = false;
    pthread_mutex_unlock(&bell->mutex);
}

#if defined(__linux__) && defined(SYS_sched_setattr) && defined(SYS_sched_getattr)
// linux/sched/types.h, in its first size, which every kernel takes.
struct granary_sched_attr {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
};

void granary_thread_is_prompt(void) {
    struct granary_sched_attr attr = {.size = sizeof(attr)};
    if (syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0) != 0) return;
    // SCHED_OTHER: whoever gave the process another policy knows why.
    if (attr.policy != 0) return;
    // From Linux 6.12 on it is the length of the thread's turns in nanoseconds: the shorter, the sooner it is due once it
    // wakes (EEVDF; Stoica and Abdel-Wahab, 1995). Older kernels ignore it. This is the shortest that there is.
    attr.runtime = 100000;
    (void)syscall(SYS_sched_setattr, 0, &attr, 0);
}
#else
void granary_thread_is_prompt(void) {}
#endif
