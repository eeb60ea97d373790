#ifndef C_COUNTERS_H
#define C_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/// What the process has done so far; all numbers only grow, but for `bytes`.
typedef struct {
    /// Blocks that were allocated.
    int64_t allocations;
    /// Bytes that are allocated now, with what the allocator rounds up and its header.
    int64_t bytes;
    /// Writes to sockets: flushes.
    int64_t writes;
    /// Bytes that these wrote.
    int64_t written;
    /// Statements that were sent to PostgreSQL.
    int64_t statements;
} counters_t;

/// Whether this platform's allocations can be counted.
bool counters_work(void);

/// Reads the counters.
counters_t counters_read(void);

#endif
