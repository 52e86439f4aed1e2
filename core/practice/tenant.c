#include "core/practice/tenant.h"
