/* The order of the rows is the order of the findings. First what explains a difference, the
 * person's account before the services and the master before its copies; then why something could
 * not be read; then what is worth knowing although all is well. */

#include "core/guide/rules.h"

#include <string.h>

#include "core/i18n.h"

#define READ "2026-11" /* when the pages were read */

static const SpRuleSource get_photo = {"Microsoft Graph: Get profilePhoto",
                                       "https://learn.microsoft.com/graph/api/profilephoto-get",
                                       READ};
static const SpRuleSource put_photo = {"Microsoft Graph: Update profilePhoto",
                                       "https://learn.microsoft.com/graph/api/profilephoto-update",
                                       READ};
static const SpRuleSource photo_settings = {
    "Microsoft Graph: Manage user profile photo settings in Microsoft 365",
    "https://learn.microsoft.com/graph/profilephoto-configure-settings", READ};
static const SpRuleSource graph_errors = {"Microsoft Graph: error responses",
                                          "https://learn.microsoft.com/graph/errors", READ};
static const SpRuleSource graph_throttling = {"Microsoft Graph: throttling guidance",
                                              "https://learn.microsoft.com/graph/throttling", READ};
static const SpRuleSource synchronization = {
    "Information about profile picture synchronization in Office 365",
    "https://support.office.com/article/"
    "information-about-profile-picture-synchronization-in-office-365-"
    "20594d76-d054-4af4-a660-401133e3d48a",
    READ};
static const SpRuleSource remove_photo = {
    "Remove-UserPhoto (how a change reaches SharePoint)",
    "https://learn.microsoft.com/powershell/module/exchange/remove-userphoto", READ};
static const SpRuleSource profile_sync = {
    "About user profile synchronization in SharePoint",
    "https://learn.microsoft.com/sharepoint/user-profile-sync", READ};
static const SpRuleSource ews_control = {
    "Control access to EWS in Exchange",
    "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/"
    "how-to-control-access-to-ews-in-exchange",
    READ};
static const SpRuleSource ews_photos = {
    "Get user photos by using EWS in Exchange",
    "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/"
    "how-to-get-user-photos-by-using-ews-in-exchange",
    READ};
static const SpRuleSource engage_users = {
    "Manage Viva Engage users across their lifecycle from Microsoft 365",
    "https://learn.microsoft.com/viva/engage/manage-viva-engage-users/"
    "manage-users-across-their-lifecycle",
    READ};
static const SpRuleSource connect_attributes = {
    "Microsoft Entra Connect Sync: attributes synchronized",
    "https://learn.microsoft.com/entra/identity/hybrid/connect/"
    "reference-connect-sync-attributes-synchronized",
    READ};
static const SpRuleSource directory_schema = {
    "Active Directory schema: Picture (thumbnailPhoto)",
    "https://learn.microsoft.com/windows/win32/adschema/a-thumbnailphoto", READ};
static const SpRuleSource field_notes = {"ThumbnailPhoto attribute (KB4518417)", NULL, READ};
static const SpRuleSource teams_cache = {"User information isn't updated in Microsoft Teams", NULL,
                                         READ};
static const SpRuleSource message_center = {"Message center: MC653734, profile photos", NULL, READ};
static const SpRuleSource photo_uploader = {"OfficeDev PnP: Core.ProfilePictureUploader", NULL,
                                            READ};
static const SpRuleSource picture_files = {
    "Names of SharePoint's picture files, as seen in public code", NULL, READ};
static const SpRuleSource app_only = {
    "pnpframework, discussion 432: app-only sign-in needs a certificate", NULL, READ};
static const SpRuleSource daily_pull = {"Answers in Microsoft forums: one request a day", NULL,
                                        READ};
static const SpRuleSource look_up = {"sp-dev-docs, issue 9289: pictures by account or by mail",
                                     NULL, READ};
static const SpRuleSource provisioning = {
    "msgraph-beta-sdk-dotnet, issue 388: a new account's photo", NULL, READ};
static const SpRuleSource own_measure = {"samephoto's own comparison of the pictures", NULL, READ};

/* clang-format off */
#define OK       SP_SEVERITY_OK
#define INFO     SP_SEVERITY_INFO
#define WAIT     SP_SEVERITY_WAIT
#define ACTION   SP_SEVERITY_ACTION
#define PROBLEM  SP_SEVERITY_PROBLEM
#define DOC      SP_CONFIDENCE_DOCUMENTED
#define COMM     SP_CONFIDENCE_COMMUNITY
#define INFER    SP_CONFIDENCE_INFERRED
#define NOBODY   SP_ACTOR_NOBODY
#define USER     SP_ACTOR_USER
#define AGENT    SP_ACTOR_AGENT
#define ADMIN    SP_ACTOR_ADMIN
#define ALL      SP_EXPLAINS_ALL
#define NOTHING  SP_EXPLAINS_NOTHING
#define SHAREPOINT SP_EXPLAINS_SHAREPOINT

static const SpRule rules[] = {
    /* id, severity, confidence, actor, explains, source, section, predicate */
    {"just-created", WAIT, COMM, NOBODY, ALL, &provisioning, "just-created", sp_rule_just_created},
    {"guest", INFO, INFER, USER, SHAREPOINT, &get_photo, "guest", sp_rule_guest},
    {"account-disabled", ACTION, DOC, ADMIN, SHAREPOINT, &profile_sync, "account-disabled", sp_rule_account_disabled},
    {"reference-unsuitable", ACTION, DOC, USER, ALL, &put_photo, "reference-unsuitable", sp_rule_reference_unsuitable},
    {"reference-not-uploaded", ACTION, INFER, USER, ALL, &own_measure, "add-photo", sp_rule_reference_not_uploaded},
    {"identity-mismatch", ACTION, COMM, ADMIN, ALL, &look_up, "identity-mismatch", sp_rule_identity_mismatch},
    {"fallback-after-deletion", ACTION, INFER, ADMIN, ALL, &get_photo, "fallback-after-deletion", sp_rule_fallback_after_deletion},
    {"deleted-in-cloud", ACTION, INFER, USER, ALL, &remove_photo, "deleted-in-cloud", sp_rule_deleted_in_cloud},
    {"mailbox-on-premises", ACTION, COMM, ADMIN, ALL, &photo_uploader, "mailbox-on-premises", sp_rule_mailbox_on_premises},
    {"no-exchange-licence", INFO, DOC, ADMIN, SHAREPOINT, &message_center, "no-exchange-licence", sp_rule_no_exchange_licence},
    {"directory-image-too-large", ACTION, DOC, ADMIN, ALL, &directory_schema, "directory-image-too-large", sp_rule_directory_image_too_large},
    {"directory-newer", WAIT, DOC, NOBODY, ALL, &connect_attributes, "directory-newer", sp_rule_directory_newer},
    {"directory-wins", ACTION, DOC, ADMIN, ALL, &photo_settings, "directory-wins", sp_rule_directory_wins},
    {"hd-blocks-directory", ACTION, DOC, ADMIN, ALL, &field_notes, "hd-blocks-directory", sp_rule_hd_blocks_directory},
    {"sharepoint-sync-off", ACTION, DOC, ADMIN, ALL, &synchronization, "sharepoint-sync-off", sp_rule_sharepoint_sync_off},
    {"thumbnails-disagree", ACTION, INFER, ADMIN, ALL, &photo_uploader, "thumbnails-disagree", sp_rule_thumbnails_disagree},
    {"sharepoint-never-synced", ACTION, DOC, USER, ALL, &remove_photo, "sharepoint-differs", sp_rule_sharepoint_never_synced},
    {"sharepoint-not-yet", WAIT, COMM, USER, ALL, &daily_pull, "sharepoint-not-yet", sp_rule_sharepoint_not_yet},
    {"sharepoint-stale", ACTION, DOC, USER, ALL, &remove_photo, "sharepoint-differs", sp_rule_sharepoint_stale},
    {"exchange-differs", WAIT, INFER, NOBODY, ALL, &ews_photos, "exchange-differs", sp_rule_exchange_differs},
    {"viva-engage-stale", ACTION, DOC, USER, ALL, &engage_users, "viva-engage-stale", sp_rule_viva_engage_stale},
    {"cloud-wins", INFO, DOC, ADMIN, ALL, &photo_settings, "cloud-wins", sp_rule_cloud_wins},
    {"source-differs", ACTION, INFER, AGENT, ALL, &own_measure, "source-differs", sp_rule_source_differs},
    {"copies-differ", ACTION, INFER, AGENT, NOTHING, &own_measure, "copies-differ", sp_rule_copies_differ},
    {"unsure-look-alike", ACTION, INFER, AGENT, NOTHING, &own_measure, "unsure-look-alike", sp_rule_unsure_look_alike},
    {"client-cache", ACTION, DOC, USER, ALL, &teams_cache, "client-cache", sp_rule_client_shows_other},

    {"app-only-secret", PROBLEM, COMM, ADMIN, NOTHING, &app_only, "app-only-secret", sp_rule_app_only_secret},
    {"access-denied", PROBLEM, DOC, ADMIN, NOTHING, &graph_errors, "access-denied", sp_rule_access_denied},
    {"throttled", PROBLEM, DOC, AGENT, NOTHING, &graph_throttling, "throttled", sp_rule_throttled},
    {"unreachable", PROBLEM, INFER, AGENT, NOTHING, &own_measure, "unreachable", sp_rule_unreachable},
    {"invalid-picture", PROBLEM, INFER, AGENT, NOTHING, &own_measure, "invalid-picture", sp_rule_invalid_picture},
    {"ews-blocked", INFO, DOC, ADMIN, NOTHING, &ews_control, "ews-blocked", sp_rule_ews_blocked},

    {"low-resolution-only", ACTION, DOC, USER, NOTHING, &field_notes, "low-resolution-only", sp_rule_low_resolution_only},
    {"recropped", INFO, INFER, NOBODY, NOTHING, &own_measure, "recropped", sp_rule_recropped},
    {"renamed-upn", INFO, COMM, NOBODY, NOTHING, &picture_files, "renamed-upn", sp_rule_renamed_upn},
    {"in-sync", OK, INFER, NOBODY, NOTHING, &own_measure, "in-sync", sp_rule_in_sync},
    {"policy-on-premises", INFO, DOC, ADMIN, ALL, &photo_settings, "policy-on-premises", sp_rule_policy_on_premises},
    {"policy-roles", INFO, DOC, ADMIN, ALL, &photo_settings, "policy-roles", sp_rule_policy_roles},
    {"no-photo", ACTION, DOC, USER, NOTHING, &get_photo, "add-photo", sp_rule_no_photo},
    {"client-cache", INFO, DOC, USER, NOTHING, &teams_cache, "client-cache", sp_rule_client_cache},
    {"nothing-read", PROBLEM, INFER, AGENT, NOTHING, &own_measure, "nothing-read", sp_rule_nothing_read},
    {0},
};
/* clang-format on */

const SpRule *
sp_rules(void)
{
    return rules;
}

/* A service's name for the middle of a sentence may have come to its beginning; an address keeps
 * its letters. */
static char *
capitalise(char *sentence)
{
    g_autofree char *taken = sentence;
    gsize word = strcspn(sentence, " ");
    char first[8] = "";

    if (!g_utf8_validate(sentence, -1, NULL) || memchr(sentence, '@', word) != NULL) {
        return g_steal_pointer(&taken);
    }
    g_unichar_to_utf8(g_unichar_toupper(g_utf8_get_char(sentence)), first);
    return g_strconcat(first, *sentence == '\0' ? "" : g_utf8_next_char(sentence), NULL);
}

void
sp_notes_say(SpNotes *notes, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_free(notes->summary);
    notes->summary = capitalise(g_strdup_vprintf(format, args));
    va_end(args);
}

void
sp_notes_add(SpNotes *notes, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_ptr_array_add(notes->lines, g_strdup_vprintf(format, args));
    va_end(args);
}

void
sp_notes_add_copy(SpNotes *notes, const SpCase *c, int index)
{
    if (sp_evidence_copy(c->evidence, index) != NULL) {
        g_ptr_array_add(notes->lines, sp_evidence_line(c->evidence, index));
    }
}

/* "2026-11-22T21:50:25Z" or LDAP's way of writing it, as evidence writes times. */
static char *
tell_time(const char *value)
{
    g_autoptr(GDateTime) time = sp_evidence_parse_time(value);

    return time == NULL ? g_strdup(value) : sp_evidence_stamp(time);
}

/* A fact as a sentence; NULL: it has none. */
static char *
tell_fact(const char *title, const char *fact, const char *value)
{
    if (g_str_equal(fact, SP_FACT_ERROR_CODE)) {
        return g_strdup_printf(_("%s answered with the error code %s"), title, value);
    }
    if (g_str_equal(fact, SP_FACT_MISSING_PERMISSION)) {
        return g_strdup_printf(_("%s: the permission %s is missing"), title, value);
    }
    if (g_str_equal(fact, SP_FACT_POLICY_REASON)) {
        return g_strdup_printf(_("%s gives as the reason: %s"), title, value);
    }
    if (g_str_equal(fact, SP_FACT_SIZES)) {
        return g_strdup_printf(_("%s offers the photo in these sizes: %s"), title, value);
    }
    if (g_str_equal(fact, SP_FACT_PHOTO_CHANGED)) {
        g_autofree char *time = tell_time(value);

        return g_strdup_printf(_("%s: the photo was changed at %s"), title, time);
    }
    return NULL;
}

void
sp_notes_add_fact(SpNotes *notes, const SpCase *c, int index, const char *fact)
{
    const SpCopy *copy = sp_evidence_copy(c->evidence, index);
    const char *value = copy != NULL ? sp_copy_get_fact(copy, fact) : NULL;
    char *sentence = value == NULL || *value == '\0' ? NULL : tell_fact(copy->title, fact, value);

    if (sentence != NULL) {
        g_ptr_array_add(notes->lines, sentence);
    }
}

void
sp_notes_recheck(SpNotes *notes, GDateTime *from, GTimeSpan span)
{
    g_clear_pointer(&notes->recheck_after, g_date_time_unref);
    if (from != NULL) {
        notes->recheck_after = g_date_time_add(from, span);
    }
}
