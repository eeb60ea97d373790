#ifndef GRANARY_MEMORY_H
#define GRANARY_MEMORY_H

// Hands freed memory back to the system where the allocator is glibc's, which otherwise keeps it; Swift's module of glibc
// does not have malloc.h. See malloc_trim(3).
void granary_memory_trim(void);

#endif
