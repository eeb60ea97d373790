#include "CGranaryReads.h"

#include <pthread.h>
#include <stdlib.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>

// linux/membarrier.h, which some libraries lack.
enum { granary_private_expedited = 1 << 3, granary_register_private_expedited = 1 << 4 };
#endif

bool granary_reads_are_plain;

_Thread_local struct granary_reader *granary_reader_here;

static struct granary_reader *_Atomic first;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#if defined(__linux__) && defined(SYS_membarrier)
__attribute__((constructor)) static void choose_reads(void) {
    granary_reads_are_plain = syscall(SYS_membarrier, granary_register_private_expedited, 0, 0) == 0;
}

bool granary_readers_meet(void) {
    if (granary_reads_are_plain) return syscall(SYS_membarrier, granary_private_expedited, 0, 0) == 0;
    atomic_thread_fence(memory_order_seq_cst);
    return true;
}
#else
bool granary_readers_meet(void) {
    atomic_thread_fence(memory_order_seq_cst);
    return true;
}
#endif

static void end_thread(void *reader) {
    granary_reader_here = 0;
    atomic_store(&((struct granary_reader *)reader)->is_taken, false);
}

static void make_key(void) {
    // Without the key a word is not used again after its thread's end: it stays in the list, even for good.
    (void)pthread_key_create(&key, end_thread);
}

static struct granary_reader *take_over(void) {
    for (struct granary_reader *reader = atomic_load(&first); reader != 0; reader = reader->next) {
        bool expected = false;
        if (atomic_compare_exchange_strong(&reader->is_taken, &expected, true)) return reader;
    }
    return 0;
}

static struct granary_reader *add(void) {
    void *memory = 0;
    // As everywhere in Swift: without memory for a few bytes the process cannot go on.
    if (posix_memalign(&memory, _Alignof(struct granary_reader), sizeof(struct granary_reader)) != 0) abort();
    struct granary_reader *reader = memory;
    atomic_init(&reader->turn, 0);
    atomic_init(&reader->is_taken, true);
    reader->next = atomic_load(&first);
    while (!atomic_compare_exchange_weak(&first, &reader->next, reader)) {
    }
    return reader;
}

struct granary_reader *granary_reader_make(void) {
    pthread_once(&once, make_key);
    struct granary_reader *reader = take_over();
    if (reader == 0) reader = add();
    granary_reader_here = reader;
    pthread_setspecific(key, reader);
    return reader;
}

void *granary_reader_first(void) { return atomic_load(&first); }

void *granary_reader_next(void *reader) { return ((struct granary_reader *)reader)->next; }

uint64_t granary_reader_turn(void *reader) { return atomic_load(&((struct granary_reader *)reader)->turn); }
