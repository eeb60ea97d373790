#ifndef GRANARY_CLIBPQ_SHIM_H
#define GRANARY_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#endif
