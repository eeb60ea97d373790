#ifndef GRANARY_READS_H
#define GRANARY_READS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Who reads a table without a lock, thread by thread: what is taken out of a table is let go when every read that may have
// seen it is over. (Fraser, "Practical lock-freedom", 2004, section 5.2.3, with a reader's own word instead of global epochs;
// the words are ordered against the tables' as in Dekker's algorithm: both sides write first, then read, in one total order.)
//
// Reads are many and retirements few. So where the system can have all threads of the process pass a barrier at once
// (membarrier(2)), those who retire ask for that, and a read costs a plain write instead of an exchange.

// One thread's word, in cache lines of its own: odd while the thread reads. Never freed, used again after its thread's end.
struct granary_reader {
    _Atomic uint64_t turn;
    _Atomic bool is_taken;
    struct granary_reader *next;
} __attribute__((aligned(128)));

extern _Thread_local struct granary_reader *granary_reader_here;

// This thread's word, made or taken over from a thread that is no more.
struct granary_reader *granary_reader_make(void);

// Whether reads are plain; set before main() and never changed.
extern bool granary_reads_are_plain;

// Begins a read; the result goes to granary_read_end. NULL within another read of this thread, which covers this one.
static inline void *granary_read_begin(void) {
    struct granary_reader *reader = granary_reader_here;
    if (__builtin_expect(reader == 0, 0)) reader = granary_reader_make();
    uint64_t turn = atomic_load_explicit(&reader->turn, memory_order_relaxed);
    if (__builtin_expect(turn & 1, 0)) return 0;
    if (__builtin_expect(granary_reads_are_plain, 1)) {
        atomic_store_explicit(&reader->turn, turn + 1, memory_order_relaxed);
        // The processor's order is made by granary_readers_meet; this is for the compiler.
        atomic_signal_fence(memory_order_seq_cst);
    } else {
        atomic_exchange_explicit(&reader->turn, turn + 1, memory_order_seq_cst);
    }
    return reader;
}

static inline void granary_read_end(void *read) {
    struct granary_reader *reader = read;
    if (reader == 0) return;
    uint64_t turn = atomic_load_explicit(&reader->turn, memory_order_relaxed);
    atomic_store_explicit(&reader->turn, turn + 1, memory_order_release);
}

// To be called between taking something out of a table and looking at the readers' words: from then on every read that may
// have seen it shows there. False, and then nothing may be let go, when the system refuses.
bool granary_readers_meet(void);

// All readers' words, one after the other; NULL at the end.
void *granary_reader_first(void);
void *granary_reader_next(void *reader);

// The word now: odd in a read. It has changed when that read is over.
uint64_t granary_reader_turn(void *reader);

#endif
