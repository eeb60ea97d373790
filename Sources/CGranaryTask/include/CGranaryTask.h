#ifndef GRANARY_TASK_H
#define GRANARY_TASK_H

#include <stdbool.h>

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

#endif
