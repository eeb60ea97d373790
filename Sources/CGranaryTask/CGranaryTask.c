#include "CGranaryTask.h"
