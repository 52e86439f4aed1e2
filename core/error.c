#include "core/error.h"

G_DEFINE_QUARK(samephoto-error-quark, sp_error)
