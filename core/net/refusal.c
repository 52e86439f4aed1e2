#include "core/net/refusal.h"

#include <string.h>

#include "core/i18n.h"
#include "core/text.h"

#define MAX_TEXT_CHARACTERS 200

typedef struct {
    gint64 number;
    const char *text;
} Row;

static const Row rows[] = {
    {16000, N_("Several accounts are signed in in the browser and none fits; sign in again and "
               "choose the work or school account")},
    {28000, N_("Tokens for several services were asked for at once; this is a fault of samephoto, "
               "please report it")},
    {50011, N_("The app registration does not know this redirect address; an administrator adds "
               "http://localhost as a redirect of a mobile or desktop app")},
    {50020, N_("The account belongs to another organisation and is no guest here; sign in with an "
               "account of this tenant")},
    {50034, N_("The tenant has no such account; check the address that was used to sign in")},
    {50053, N_("The account is locked after too many wrong passwords; wait, or ask an "
               "administrator to unlock it")},
    {50055, N_("The account's password has expired; change it at the sign-in page, then sign in "
               "again")},
    {50057, N_("The account is disabled; an administrator must enable it")},
    {50058, N_("Nobody is signed in in the browser; run: samephoto sign-in")},
    {50059, N_("The sign-in does not say which tenant it is for; set id= under [tenant]")},
    {50072, N_("The account must register for multi-factor sign-in first; sign in once in a "
               "browser, then run: samephoto sign-in")},
    {50076, N_("This service asks for multi-factor sign-in; run: samephoto sign-in")},
    {50078, N_("The multi-factor sign-in has expired; run: samephoto sign-in")},
    {50079, N_("The account must register for multi-factor sign-in first; sign in once in a "
               "browser, then run: samephoto sign-in")},
    {50105, N_("The account is not assigned to this app; an administrator assigns it under "
               "Enterprise applications")},
    {50126, N_("The user name or the password is wrong; sign in again")},
    {50132, N_("The sign-in was revoked; run: samephoto sign-in")},
    {50133, N_("The password was changed since the sign-in; run: samephoto sign-in")},
    {50158, N_("A further check is asked for by the organisation; run: samephoto sign-in")},
    {50173, N_("The sign-in was revoked, perhaps by a new password; run: samephoto sign-in")},
    {50194, N_("The app registration is for one tenant only; set id= under [tenant] to that "
               "tenant")},
    {53000, N_("Conditional access asks for a device that complies with the organisation's rules; "
               "use such a device, or ask the administrator of conditional access")},
    {53001, N_("Conditional access asks for a device that is joined to the organisation; use such "
               "a device, or ask the administrator of conditional access")},
    {53003, N_("A conditional access policy blocks this sign-in; ask the administrator of "
               "conditional access, or use flow=browser on a managed device")},
    {53004, N_("The account must set up its multi-factor sign-in from a trusted place first")},
    {65001, N_("Consent is missing: an administrator grants the app the permissions of this "
               "service (Entra admin centre, App registrations, API permissions)")},
    {65004, N_("Consent was declined; sign in again and accept, or ask an administrator to "
               "consent")},
    {70000, N_("The sign-in is no longer valid; run: samephoto sign-in")},
    {70008, N_("The sign-in has expired; run: samephoto sign-in")},
    {70011, N_("The permission that was asked for does not exist for this service; check cloud= "
               "and name= under [tenant]")},
    {70016, N_("The sign-in was not finished yet")},
    {70018, N_("The code is wrong or was declined; run: samephoto sign-in")},
    {70019, N_("The code has expired; run: samephoto sign-in")},
    {70020, N_("The code has expired; run: samephoto sign-in")},
    {70043, N_("The sign-in has expired by a policy of the organisation; run: samephoto sign-in")},
    {90002, N_("There is no such tenant; check id=, name= and cloud= under [tenant]")},
    {90072, N_("The account belongs to another organisation; sign in with an account of this "
               "tenant")},
    {90094, N_("Only an administrator may consent to these permissions; ask one to grant them to "
               "the app")},
    {500011, N_("The tenant does not know this service (it may not be licensed, or name= or cloud= "
                "under [tenant] is wrong)")},
    {500113, N_("The app registration has no redirect address; an administrator adds "
                "http://localhost as a redirect of a mobile or desktop app")},
    {500133, N_("The certificate's assertion is outside its time; check this machine's clock")},
    {530036, N_("A policy of the organisation blocks sign-in by device code; use flow=browser")},
    {650051, N_("The app is being set up in this tenant; try again in a few minutes")},
    {650052, N_("The tenant has no licence or no registration for this service; ask an "
                "administrator")},
    {650057, N_("The app registration does not list this service; an administrator adds its "
                "permissions under API permissions")},
    {700016, N_("The tenant does not know the app; check client-id= under [sign-in], id= and "
                "cloud= under [tenant]")},
    {700024, N_("The certificate's assertion is outside its time; check this machine's clock")},
    {700027, N_("The tenant does not know this certificate; an administrator uploads it to the app "
                "registration, or certificate= under [sign-in] names the wrong one")},
    {700030, N_("The certificate is not valid for this app; an administrator uploads a new one")},
    {700082, N_("The sign-in has expired because it was not used for long; run: samephoto "
                "sign-in")},
    {700084, N_("The sign-in has expired; run: samephoto sign-in")},
    {7000112, N_("The app is disabled in the tenant; an administrator must enable it")},
    {7000215, N_("The client secret is wrong; the file in secret-file= must hold the secret's "
                 "value, not its id")},
    {7000218, N_("The app registration does not allow sign-in by device code or without a secret; "
                 "an administrator switches on \"Allow public client flows\"")},
    {7000222, N_("The client secret has expired; an administrator makes a new one")},
    {9002313, N_("The sign-in service found the request malformed; check the values under "
                 "[sign-in] and [tenant]")},
    {9002327, N_("The app registration lists the redirect as a single-page app; an administrator "
                 "lists http://localhost under mobile and desktop apps instead")},
    {90033, N_("The sign-in service is disturbed for the moment; try again in a few minutes")},
};

typedef struct {
    const char *code;
    const char *text;
} CodeRow;

/* The device flow's errors say more than the numbers that come with them: 70018 and 70020 are each
 * told with several of these (reference 8.1). */
static const CodeRow device_rows[] = {
    {"authorization_declined", N_("The sign-in was declined at the sign-in page")},
    {"expired_token", N_("The code has expired before it was used; run: samephoto sign-in")},
    {"bad_verification_code", N_("The sign-in service does not know this code any more; run: "
                                 "samephoto sign-in")},
    {NULL, NULL},
};

/* What the OAuth error says where there is no number, or an unknown one. */
static const CodeRow code_rows[] = {
    {"access_denied", N_("The sign-in was declined at the sign-in page")},
    {"interaction_required", N_("The organisation asks for a new sign-in; run: samephoto sign-in")},
    {"consent_required", N_("Consent is missing: an administrator grants the app the permissions "
                            "of this service")},
    {"invalid_grant", N_("The sign-in is no longer valid; run: samephoto sign-in")},
    {"invalid_client", N_("The sign-in service does not accept the app's credentials; check "
                          "client-id= and the secret or certificate under [sign-in]")},
    {"unauthorized_client", N_("The app may not sign in this way; an administrator allows it in "
                               "the app registration")},
    {"invalid_scope", N_("The permission that was asked for does not exist for this service")},
    {"temporarily_unavailable", N_("The sign-in service is busy; try again in a few minutes")},
    {"server_error", N_("The sign-in service is disturbed; try again in a few minutes")},
    {NULL, NULL},
};

static const char *
find_code(const CodeRow *row, const char *code)
{
    for (; row->code != NULL; row++) {
        if (g_strcmp0(row->code, code) == 0) {
            return _(row->text);
        }
    }
    return NULL;
}

static const char *
known_text(gint64 number, const char *code)
{
    const char *text = find_code(device_rows, code);

    for (gsize i = 0; text == NULL && i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].number == number) {
            text = _(rows[i].text);
        }
    }
    return text != NULL ? text : find_code(code_rows, code);
}

/* The service's words without the number in front and the trace behind. */
static char *
own_words(const char *description)
{
    const char *end = description == NULL ? NULL : strstr(description, "Trace ID");
    const char *start = description;

    if (description == NULL) {
        return g_strdup("");
    }
    if (g_str_has_prefix(start, "AADSTS")) {
        const char *colon = strchr(start, ':');

        start = colon != NULL && (end == NULL || colon < end) ? colon + 1 : start;
    }
    return g_strstrip(sp_text_clean(start, end == NULL ? -1 : end - start, MAX_TEXT_CHARACTERS));
}

char *
sp_refusal_explain(gint64 number, const char *code, const char *description)
{
    const char *text = known_text(number, code);
    g_autofree char *words = NULL;
    g_autofree char *clean_code = NULL;

    if (text != NULL && number > 0) {
        return g_strdup_printf("%s (AADSTS%" G_GINT64_FORMAT ")", text, number);
    }
    if (text != NULL) {
        return g_strdup(text);
    }
    words = own_words(description);
    clean_code = sp_text_clean(code != NULL ? code : "?", -1, 60);
    return g_strdup_printf(_("The sign-in was refused: %s (%s)"),
                           *words != '\0' ? words : clean_code, clean_code);
}
