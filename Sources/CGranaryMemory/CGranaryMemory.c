#include "CGranaryMemory.h"

#if defined(__linux__)
#include <features.h>
#endif

#if defined(__GLIBC__)
#include <malloc.h>

void granary_memory_trim(void) { malloc_trim(0); }
#else
void granary_memory_trim(void) {}
#endif
