// Counts what a process allocates, writes to sockets and asks of PostgreSQL, by standing in front of the functions that
// do it: the definitions of an executable come before those of its shared libraries.

#define _GNU_SOURCE
#include "CCounters.h"

#if defined(__linux__)
#include <features.h>
#endif

#if defined(__GLIBC__)
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

static atomic_long allocations, bytes, writes, written, statements;

// The allocator's header stands before every block.
enum { header = sizeof(size_t) };

static void *made(void *block) {
    if (block != NULL) {
        atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&bytes, malloc_usable_size(block) + header, memory_order_relaxed);
    }
    return block;
}

static void gone(void *block) {
    if (block != NULL) {
        atomic_fetch_sub_explicit(&bytes, malloc_usable_size(block) + header, memory_order_relaxed);
    }
}

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) { return made(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return made(__libc_calloc(count, size)); }

void *realloc(void *block, size_t size) {
    gone(block);
    return made(__libc_realloc(block, size));
}

void *memalign(size_t alignment, size_t size) { return made(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return made(__libc_memalign(alignment, size)); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *result = made(__libc_memalign(alignment, size));
    if (result == NULL) return ENOMEM;
    *block = result;
    return 0;
}

void free(void *block) {
    gone(block);
    __libc_free(block);
}

static ssize_t wrote(ssize_t result) {
    if (result > 0) {
        atomic_fetch_add_explicit(&writes, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&written, result, memory_order_relaxed);
    }
    return result;
}

static bool is_socket(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

ssize_t write(int descriptor, const void *data, size_t count) {
    static ssize_t (*next)(int, const void *, size_t);
    if (next == NULL) next = dlsym(RTLD_NEXT, "write");
    ssize_t result = next(descriptor, data, count);
    return is_socket(descriptor) ? wrote(result) : result;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    static ssize_t (*next)(int, const struct iovec *, int);
    if (next == NULL) next = dlsym(RTLD_NEXT, "writev");
    ssize_t result = next(descriptor, parts, count);
    return is_socket(descriptor) ? wrote(result) : result;
}

int PQsendQueryParams(
    void *connection, const char *command, int count, const unsigned *types, const char *const *values,
    const int *lengths, const int *formats, int format
) {
    static int (*next)(
        void *, const char *, int, const unsigned *, const char *const *, const int *, const int *, int);
    if (next == NULL) next = dlsym(RTLD_NEXT, "PQsendQueryParams");
    atomic_fetch_add_explicit(&statements, 1, memory_order_relaxed);
    return next(connection, command, count, types, values, lengths, formats, format);
}

int PQsendQueryPrepared(
    void *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats,
    int format
) {
    static int (*next)(void *, const char *, int, const char *const *, const int *, const int *, int);
    if (next == NULL) next = dlsym(RTLD_NEXT, "PQsendQueryPrepared");
    atomic_fetch_add_explicit(&statements, 1, memory_order_relaxed);
    return next(connection, name, count, values, lengths, formats, format);
}

int PQsendPrepare(void *connection, const char *name, const char *command, int count, const unsigned *types) {
    static int (*next)(void *, const char *, const char *, int, const unsigned *);
    if (next == NULL) next = dlsym(RTLD_NEXT, "PQsendPrepare");
    atomic_fetch_add_explicit(&statements, 1, memory_order_relaxed);
    return next(connection, name, command, count, types);
}

bool counters_work(void) { return true; }

counters_t counters_read(void) {
    return (counters_t){
        .allocations = atomic_load(&allocations),
        .bytes = atomic_load(&bytes),
        .writes = atomic_load(&writes),
        .written = atomic_load(&written),
        .statements = atomic_load(&statements),
    };
}

#else

bool counters_work(void) { return false; }

counters_t counters_read(void) { return (counters_t){0}; }

#endif
