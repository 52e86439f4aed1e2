/* What a check stands for as an exit status. */
#include "core/error.h"
#include "core/guide/check-private.h"

int
sp_check_exit_code_of_error(const GError *error)
{
    if (error->domain != SP_ERROR) {
        return 5;
    }
    switch (error->code) {
    case SP_ERROR_NETWORK:
    case SP_ERROR_TLS:
    case SP_ERROR_TIMEOUT: return 5;
    case SP_ERROR_AUTH: return 4;
    case SP_ERROR_NOT_FOUND:
    case SP_ERROR_CONFIG: return 2;
    default: return 3;
    }
}

/* Not one service could be read: why decides. */
static int
exit_code_of_silence(const SpCheck *check)
{
    int code = 3;

    for (guint i = 0; i < sp_check_count_services(check); i++) {
        const SpCopy *copy = check->compared[i];

        if (copy == NULL || copy->status == SP_COPY_SKIPPED || g_str_equal(copy->service, "file")) {
            continue;
        }
        if (copy->status == SP_COPY_DENIED) {
            code = 4;
        } else if (copy->status == SP_COPY_UNREACHABLE && code != 4) {
            code = 5;
        } else if (sp_copy_status_is_answer(copy->status)) {
            return 3;
        }
    }
    return code;
}

int
sp_check_exit_code(const SpCheck *check)
{
    if (check->error != NULL) {
        return sp_check_exit_code_of_error(check->error);
    }
    if (check->matches != NULL) {
        return 2;
    }
    switch (check->verdict) {
    case SP_VERDICT_IN_SYNC: return 0;
    case SP_VERDICT_OUT_OF_SYNC:
    case SP_VERDICT_NO_PHOTO: return 1;
    case SP_VERDICT_INCOMPLETE: break;
    }
    return exit_code_of_silence(check);
}
