/* Each finding is held twice: by evidence that decides it and by evidence, as near to it as can be,
 * that must not. The evidence is written as words; everything that a row does not name is as in
 * BASE. */

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#include "core/guide/diagnose.h"
#include "core/guide/playbook.h"
#include "core/guide/rules.h"
#include "core/services/seen.h"

#define BASE                                                                                       \
    "graph=new:240 exchange=new:240 sharepoint-l=new:200 viva-engage=new:120 fetched=-39d "        \
    "licence=yes synced=no enabled=yes created=-900d "

typedef struct {
    SpPerson *person;
    SpPolicy *policy;
    GPtrArray *copies; /* SpCopy */
    SpGroups *groups;
    GDateTime *now;
    SpEvidence evidence;
} Scene;

static GHashTable *photos; /* "new:240" -> SpPhoto */

/* "heavy" has more bytes than may be uploaded: behind the picture's end, where nobody looks. */
static GBytes *
encode(GdkPixbuf *pixbuf, const char *name, int side)
{
    gboolean is_bitmap = g_str_equal(name, "bitmap");
    gchar *data = NULL;
    gsize length = 0;

    g_assert_true(gdk_pixbuf_save_to_buffer(pixbuf, &data, &length, is_bitmap ? "bmp" : "jpeg",
                                            NULL, is_bitmap ? NULL : "quality", "90", NULL));
    if (g_str_equal(name, "heavy") && side > 600) {
        gsize more = 4 * 1024 * 1024;

        data = g_realloc(data, length + more);
        memset(data + length, 0, more);
        length += more;
    }
    return g_bytes_new_take(data, length);
}

/* "new", "old", "burst" or "crop" (the new one, cut), as a square of that side; the old one as
 * "wide", as a "bitmap" or "heavy". */
static SpPhoto *
make_photo(const char *name, int side)
{
    gboolean is_crop = g_str_equal(name, "crop");
    gboolean is_plain = g_str_equal(name, "new") || g_str_equal(name, "burst");
    g_autofree char *file = g_strdup_printf("nadia-%s.jpg", is_crop    ? "new"
                                                            : is_plain ? name
                                                                       : "old");
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "..", "..", "assets", "practice", "photos", file, NULL);
    g_autoptr(GdkPixbuf) whole = gdk_pixbuf_new_from_file(path, NULL);
    g_autoptr(GdkPixbuf) scaled = NULL;
    int width = gdk_pixbuf_get_width(whole);
    int cut = is_crop ? width / 10 : 0;

    g_assert_nonnull(whole);
    g_autoptr(GdkPixbuf) part =
        gdk_pixbuf_new_subpixbuf(whole, cut, cut, width - 2 * cut, width - 2 * cut);
    scaled = gdk_pixbuf_scale_simple(part, side, g_str_equal(name, "wide") ? side * 2 / 3 : side,
                                     GDK_INTERP_HYPER);
    g_autoptr(GBytes) bytes = encode(scaled, name, side);
    SpPhoto *photo = sp_photo_new(bytes, NULL);
    g_assert_nonnull(photo);
    return photo;
}

static SpPhoto *
photo_named(const char *text)
{
    SpPhoto *photo = g_hash_table_lookup(photos, text);

    if (photo == NULL) {
        g_auto(GStrv) parts = g_strsplit(text, ":", 2);

        photo = make_photo(parts[0], parts[1] != NULL ? atoi(parts[1]) : 240);
        g_hash_table_insert(photos, g_strdup(text), photo);
    }
    return sp_photo_ref(photo);
}

static SpCopy *
copy_named(Scene *scene, const char *service)
{
    for (guint i = 0; i < scene->copies->len; i++) {
        SpCopy *copy = g_ptr_array_index(scene->copies, i);

        if (g_str_equal(copy->service, service)) {
            return copy;
        }
    }
    SpCopy *copy = sp_copy_new(service, service);
    g_ptr_array_add(scene->copies, copy);
    return copy;
}

static void
set_copy(Scene *scene, const char *service, const char *value)
{
    static const struct {
        const char *word;
        SpCopyStatus status;
        int http_status;
    } statuses[] = {
        {"none", SP_COPY_ABSENT, 404},         {"silhouette", SP_COPY_PLACEHOLDER, 200},
        {"denied", SP_COPY_DENIED, 403},       {"blocked", SP_COPY_BLOCKED, 403},
        {"throttled", SP_COPY_THROTTLED, 429}, {"unreachable", SP_COPY_UNREACHABLE, 0},
        {"invalid", SP_COPY_INVALID, 200},     {"skipped", SP_COPY_SKIPPED, 0},
    };
    SpCopy *copy = copy_named(scene, service);

    g_clear_pointer(&copy->photo, sp_photo_unref);
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (g_str_equal(statuses[i].word, value)) {
            copy->status = statuses[i].status;
            copy->http_status = statuses[i].http_status;
            return;
        }
    }
    copy->status = SP_COPY_PRESENT;
    copy->http_status = 200;
    copy->photo = photo_named(value);
}

/* "-39d", "-6h", "-25m" before now. */
static GDateTime *
time_from(const Scene *scene, const char *text)
{
    char *unit = NULL;
    gint64 n = g_ascii_strtoll(text, &unit, 10);
    gint64 seconds = *unit == 'd' ? 86400 : *unit == 'h' ? 3600 : 60;

    return g_date_time_add_seconds(scene->now, (double) (n * seconds));
}

static void
set_fact(Scene *scene, const char *service, const char *fact, const char *value)
{
    sp_copy_add_fact(copy_named(scene, service), fact, value);
}

/* SharePoint's profile stands on whichever sizes there are. */
static void
set_profile_fact(Scene *scene, const char *fact, const char *value)
{
    for (guint i = 0; i < scene->copies->len; i++) {
        SpCopy *copy = g_ptr_array_index(scene->copies, i);

        if (g_str_has_prefix(copy->service, "sharepoint-")) {
            sp_copy_add_fact(copy, fact, value);
        }
    }
}

static SpTruth
truth_from(const char *text)
{
    return g_str_equal(text, "yes") ? SP_YES : g_str_equal(text, "no") ? SP_NO : SP_UNKNOWN;
}

static void
set_fetched(Scene *scene, const char *value)
{
    if (g_str_equal(value, "never")) {
        set_profile_fact(scene, SP_FACT_PICTURE_TIMESTAMP, "");
        return;
    }
    g_autoptr(GDateTime) time = time_from(scene, value);
    g_autofree char *ticks = g_strdup_printf(
        "%" G_GINT64_FORMAT, g_date_time_to_unix(time) + G_GINT64_CONSTANT(62135596800));
    set_profile_fact(scene, SP_FACT_PICTURE_TIMESTAMP, ticks);
}

static void
set_changed(Scene *scene, const char *value)
{
    g_autoptr(GDateTime) time = time_from(scene, value);
    g_autofree char *text = g_date_time_format(time, "%Y%m%d%H%M%S.0Z");

    set_fact(scene, "directory", SP_FACT_PHOTO_CHANGED, text);
}

static void
set_name(Scene *scene, const char *value)
{
    g_free(scene->person->user_principal_name);
    scene->person->user_principal_name = g_strdup(value);
}

static void
set_mail(Scene *scene, const char *value)
{
    g_free(scene->person->mail);
    scene->person->mail = g_strdup(value);
}

static gboolean
set_person(Scene *scene, const char *key, const char *value)
{
    SpPerson *person = scene->person;

    if (g_str_equal(key, "licence")) {
        person->has_exchange_plan = truth_from(value);
    } else if (g_str_equal(key, "synced")) {
        person->is_synced = truth_from(value);
    } else if (g_str_equal(key, "enabled")) {
        person->is_enabled = truth_from(value);
    } else if (g_str_equal(key, "name")) {
        set_name(scene, value);
    } else if (g_str_equal(key, "mail")) {
        set_mail(scene, value);
    } else if (g_str_equal(key, "created")) {
        g_clear_pointer(&person->created, g_date_time_unref);
        person->created = time_from(scene, value);
    } else if (g_str_equal(key, "last-synced")) {
        g_clear_pointer(&person->last_synced, g_date_time_unref);
        person->last_synced = time_from(scene, value);
    } else {
        return FALSE;
    }
    return TRUE;
}

static gboolean
set_policy(Scene *scene, const char *key, const char *value)
{
    if (g_str_equal(key, "source")) {
        scene->policy->source =
            g_str_equal(value, "cloud") ? SP_POLICY_SOURCE_CLOUD : SP_POLICY_SOURCE_ON_PREMISES;
    } else if (g_str_equal(key, "restricted")) {
        scene->policy->is_restricted = truth_from(value);
    } else if (g_str_equal(key, "policy-error")) {
        scene->policy->error = g_strdup(value);
    } else {
        return FALSE;
    }
    return TRUE;
}

static gboolean
set_evidence(Scene *scene, const char *key, const char *value)
{
    static const struct {
        const char *key;
        const char *service; /* NULL: SharePoint's profile */
        const char *fact;
    } facts[] = {
        {"sync-state", NULL, SP_FACT_EXCHANGE_SYNC},
        {"account", NULL, SP_FACT_ACCOUNT_NAME},
        {"mail-account", NULL, SP_FACT_MAIL_ACCOUNT},
        {"stem", NULL, SP_FACT_FILE_STEM},
        {"picture-url", NULL, SP_FACT_PICTURE_URL},
        {"directory-bytes", "directory", SP_FACT_DIRECTORY_BYTES},
        {"graph-code", "graph", SP_FACT_ERROR_CODE},
        {"sharepoint-code", NULL, SP_FACT_ERROR_CODE},
        {"ews-reason", "exchange", SP_FACT_POLICY_REASON},
        {"exchange-kind", "exchange", SP_FACT_EXCHANGE_KIND},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(facts); i++) {
        if (!g_str_equal(facts[i].key, key)) {
            continue;
        }
        if (facts[i].service == NULL) {
            set_profile_fact(scene, facts[i].fact, value);
        } else {
            set_fact(scene, facts[i].service, facts[i].fact, value);
        }
        return TRUE;
    }
    return FALSE;
}

static void
apply(Scene *scene, const char *words)
{
    g_auto(GStrv) list = g_strsplit_set(words, " ", -1);

    for (guint i = 0; list[i] != NULL; i++) {
        char *value = strchr(list[i], '=');

        if (*list[i] == '\0') {
            continue;
        }
        g_assert_nonnull(value);
        *value++ = '\0';
        g_strdelimit(value, "+", ' ');
        if (g_str_equal(list[i], "fetched")) {
            set_fetched(scene, value);
        } else if (g_str_equal(list[i], "changed")) {
            set_changed(scene, value);
        } else if (!set_person(scene, list[i], value) && !set_policy(scene, list[i], value) &&
                   !set_evidence(scene, list[i], value)) {
            set_copy(scene, list[i], value);
        }
    }
}

static Scene *
scene_new(const char *words)
{
    Scene *scene = g_new0(Scene, 1);
    g_autoptr(GPtrArray) pictures = g_ptr_array_new();
    int reference = -1;

    scene->person = sp_person_new();
    scene->person->id = g_strdup("4c1e9a70-0d2b-4f6e-8a11-2b7d90c3e5f4");
    scene->person->display_name = g_strdup("Anna Keller");
    scene->person->has_sharepoint_plan = SP_YES;
    scene->policy = sp_policy_new();
    scene->copies = g_ptr_array_new_with_free_func((GDestroyNotify) sp_copy_unref);
    scene->now = g_date_time_new_utc(2026, 11, 22, 9, 0, 0);
    set_name(scene, "anna@norvane.example");
    set_mail(scene, "anna@norvane.example");
    apply(scene, BASE);
    apply(scene, words);

    guint n_seen = 0;

    for (guint i = 0; i < scene->copies->len; i++) {
        SpCopy *copy = g_ptr_array_index(scene->copies, i);

        n_seen += sp_seen_is_id(copy->service) ? 1 : 0;
        g_ptr_array_add(pictures, copy->status == SP_COPY_PRESENT ? copy->photo : NULL);
        if (g_str_equal(copy->service, "file") ||
            (reference < 0 && g_str_equal(copy->service, "graph"))) {
            reference = (int) i;
        }
    }
    gboolean has_reference =
        reference >= 0 && g_ptr_array_index(pictures, (guint) reference) != NULL;
    scene->groups = sp_groups_new((SpPhoto *const *) pictures->pdata, pictures->len,
                                  has_reference ? reference : -1);
    scene->evidence = (SpEvidence){.person = scene->person,
                                   .policy = scene->policy,
                                   .copies = (SpCopy *const *) scene->copies->pdata,
                                   .n_copies = scene->copies->len - n_seen,
                                   .n_seen = n_seen,
                                   .groups = scene->groups,
                                   .reference = reference,
                                   .now = scene->now};
    return scene;
}

static void
scene_free(Scene *scene)
{
    sp_person_unref(scene->person);
    sp_policy_free(scene->policy);
    g_ptr_array_unref(scene->copies);
    sp_groups_free(scene->groups);
    g_date_time_unref(scene->now);
    g_free(scene);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scene, scene_free)

typedef struct {
    const char *id;
    const char *decided;  /* evidence that must give the finding … */
    gboolean is_headline; /* … and as the first one */
    const char *spared;   /* evidence that must not */
} Row;

/* clang-format off */
static const Row rows[] = {
    {"just-created", "graph=none exchange=none sharepoint-l=none viva-engage=none created=-1h", TRUE,
     "graph=none exchange=none sharepoint-l=none viva-engage=none created=-30d"},
    {"just-created", "graph=none exchange=none created=-23h", TRUE, "graph=denied exchange=none created=-1h"},
    {"guest", "name=a_b.example#EXT#@norvane.onmicrosoft.com graph=none exchange=none sharepoint-l=none viva-engage=none licence=no", TRUE,
     "graph=none exchange=none sharepoint-l=none viva-engage=none licence=no"},
    {"account-disabled", "enabled=no sharepoint-l=old:200", TRUE, "enabled=yes sharepoint-l=old:200"},
    {"reference-unsuitable", "file=wide:240", TRUE, "file=old:240"},
    {"reference-unsuitable", "file=bitmap:240", TRUE, "graph=old:240 exchange=old:240 sharepoint-l=old:200 viva-engage=old:120 file=bitmap:240"},
    {"reference-unsuitable", "file=heavy:648", TRUE, "file=heavy:240"},
    {"reference-not-uploaded", "file=old:240", TRUE, "file=new:400"},
    {"identity-mismatch", "sharepoint-l=silhouette account=i:0#.f|membership|anna@norvane.example mail-account=i:0#.f|membership|a.keller@norvane.example mail=a.keller@norvane.example", TRUE,
     "sharepoint-l=silhouette account=i:0#.f|membership|Anna@Norvane.example mail=a.keller@norvane.example"},
    {"fallback-after-deletion", "graph=old:100 exchange=none sharepoint-l=old:100 viva-engage=old:100", TRUE,
     "graph=new:96 sharepoint-l=old:200"},
    {"fallback-after-deletion", "graph=old:256 exchange=none directory=old:256 viva-engage=old:120", TRUE,
     "graph=new:256 directory=new:96"},
    {"deleted-in-cloud", "graph=none exchange=none viva-engage=none", TRUE, "graph=denied exchange=denied"},
    {"mailbox-on-premises", "graph=blocked graph-code=MailboxNotHostedInExchangeOnline exchange=skipped sharepoint-l=none", TRUE,
     "graph=denied graph-code=ErrorAccessDenied sharepoint-l=none"},
    {"no-exchange-licence", "licence=no exchange=none sharepoint-l=old:200", TRUE,
     "licence=unknown exchange=none sharepoint-l=old:200"},
    {"directory-image-too-large", "synced=yes directory=old:96 directory-bytes=150000 changed=-5d last-synced=-12m", TRUE,
     "synced=yes directory=old:96 directory-bytes=90000 changed=-5d last-synced=-12m"},
    {"directory-newer", "synced=yes directory=old:200 changed=-10m last-synced=-25m", TRUE,
     "synced=yes directory=old:200 changed=-25m last-synced=-10m"},
    {"directory-newer", "synced=yes source=on-premises directory=old:96 changed=-10m last-synced=-25m", TRUE,
     "synced=yes directory=old:96 changed=-10m last-synced=-25m"},
    {"directory-newer", "synced=yes directory=old:96 changed=-10m last-synced=-25m graph=new:96 exchange=new:96", TRUE,
     "synced=yes directory=old:200 directory-bytes=150000 changed=-10m last-synced=-25m"},
    {"directory-wins", "synced=yes source=on-premises directory=old:96 changed=-3d last-synced=-25m", TRUE,
     "synced=yes source=cloud directory=old:96 changed=-3d last-synced=-25m"},
    {"directory-wins", "synced=yes source=on-premises directory=old:96 last-synced=-25m", TRUE,
     "synced=yes source=on-premises directory=old:96 changed=-10m last-synced=-25m"},
    {"hd-blocks-directory", "synced=yes directory=old:96 changed=-5d last-synced=-12m", TRUE,
     "synced=yes directory=old:96 changed=-5d last-synced=-12m graph=new:96 exchange=new:96"},
    {"sharepoint-sync-off", "sharepoint-l=old:200 sync-state=0", TRUE, "sharepoint-l=old:200 sync-state=0 licence=unknown"},
    {"thumbnails-disagree", "sharepoint-s=new:48 sharepoint-m=new:72 sharepoint-l=old:200", TRUE,
     "sharepoint-s=old:48 sharepoint-m=old:72 sharepoint-l=old:200"},
    {"sharepoint-never-synced", "sharepoint-l=silhouette fetched=never", TRUE, "sharepoint-l=denied fetched=never"},
    {"sharepoint-not-yet", "sharepoint-l=old:200 fetched=-6h", TRUE, "sharepoint-l=old:200 fetched=-25h"},
    {"sharepoint-stale", "sharepoint-l=old:200 fetched=-25h", TRUE, "sharepoint-l=old:200 fetched=-23h"},
    {"sharepoint-never-synced", "sharepoint-l=none", TRUE, "sharepoint-l=none enabled=no"},
    {"sharepoint-never-synced", "sharepoint-l=none sync-state=1", TRUE, "sharepoint-l=none sync-state=0"},
    {"sharepoint-not-yet", "sharepoint-l=old:200 fetched=-6h enabled=unknown", TRUE, "sharepoint-l=old:200 fetched=-6h enabled=no"},
    {"sharepoint-stale", "sharepoint-l=old:200 sync-state=0 licence=no exchange=none", FALSE, "sharepoint-l=old:200 sync-state=0"},
    {"sharepoint-stale", "sharepoint-l=old:200 synced=yes", TRUE, "sharepoint-l=old:200 synced=yes licence=no exchange=new:240"},
    {"exchange-differs", "exchange=old:240", TRUE, "exchange=none licence=no"},
    {"exchange-differs", "exchange=old:240 synced=yes", TRUE, "exchange=old:240 synced=yes licence=no"},
    {"exchange-differs", "exchange=none", TRUE, "exchange=old:240 exchange-kind=on-premises"},
    {"viva-engage-stale", "viva-engage=old:120", TRUE, "viva-engage=throttled"},
    {"viva-engage-stale", "viva-engage=none", TRUE, "viva-engage=crop:120"},
    {"cloud-wins", "synced=yes source=cloud directory=old:96", TRUE, "synced=yes directory=old:96"},
    {"source-differs", "hr=old:240", TRUE, "hr=new:240"},
    {"source-differs", "hr=none", TRUE, "hr=unreachable"},
    {"copies-differ", "sharepoint-l=old:200 fetched=never", TRUE, "sharepoint-l=old:200 fetched=-3d"},
    {"unsure-look-alike", "sharepoint-l=burst:48", TRUE, "sharepoint-l=new:48"},
    {"app-only-secret", "sharepoint-l=denied sharepoint-code=Unsupported+app+only+token", TRUE, "sharepoint-l=denied sharepoint-code=accessDenied"},
    {"access-denied", "sharepoint-l=denied", TRUE, "sharepoint-l=none"},
    {"throttled", "viva-engage=throttled", TRUE, "viva-engage=unreachable"},
    {"unreachable", "viva-engage=unreachable", TRUE, "viva-engage=skipped"},
    {"invalid-picture", "viva-engage=invalid", TRUE, "viva-engage=silhouette"},
    {"ews-blocked", "exchange=blocked ews-reason=blocked", TRUE, "graph=blocked graph-code=MailboxNotHostedInExchangeOnline"},
    {"low-resolution-only", "graph=new:96 exchange=new:96", TRUE, "graph=new:96 exchange=new:240"},
    {"recropped", "sharepoint-l=crop:200", TRUE, "sharepoint-l=new:120"},
    {"renamed-upn", "stem=anna_berg_norvane_example", TRUE, "stem=anna_norvane_example"},
    {"in-sync", "", TRUE, "exchange=throttled"},
    {"policy-on-premises", "source=on-premises graph=none exchange=none sharepoint-l=none viva-engage=none", TRUE, "source=cloud"},
    {"policy-roles", "restricted=yes graph=none exchange=none sharepoint-l=none viva-engage=none", TRUE, "restricted=yes policy-error=refused"},
    {"no-photo", "graph=none exchange=none sharepoint-l=silhouette viva-engage=none", TRUE,
     "graph=none exchange=none sharepoint-l=denied viva-engage=none"},
    {"client-cache", "", FALSE, "sharepoint-l=old:200"},
    {"client-cache", "evidence-1=new:120", FALSE, "sharepoint-l=old:200 evidence-1=old:120"},
    {"client-cache", "evidence-1=old:120", TRUE, "viva-engage=unreachable evidence-1=old:120"},
    {"nothing-read", "graph=skipped exchange=skipped sharepoint-l=skipped viva-engage=skipped", TRUE, "graph=unreachable exchange=skipped sharepoint-l=skipped viva-engage=skipped"},
};
/* clang-format on */

static const SpFinding *
find(GPtrArray *findings, const char *id)
{
    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *finding = g_ptr_array_index(findings, i);

        if (g_str_equal(finding->id, id)) {
            return finding;
        }
    }
    return NULL;
}

static void
evidence_decides_each_finding(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Scene) scene = scene_new(rows[i].decided);
        g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);
        const SpFinding *finding = find(findings, rows[i].id);
        const SpFinding *first = g_ptr_array_index(findings, 0);

        g_test_message("%s: %s", rows[i].id, first->summary);
        g_assert_nonnull(finding);
        if (rows[i].is_headline) {
            g_assert_cmpstr(first->id, ==, rows[i].id);
        }
        g_assert_nonnull(finding->summary);
        g_assert_cmpstr(finding->summary, !=, "");
        g_assert_true(g_str_has_prefix(finding->remedy, "profile-photo#"));
        g_assert_true(finding->evidence[0] != NULL || g_str_equal(rows[i].id, "nothing-read"));
        g_assert_nonnull(finding->source);
    }
}

static void
its_neighbour_does_not(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Scene) scene = scene_new(rows[i].spared);
        g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);

        g_test_message("not %s", rows[i].id);
        g_assert_cmpuint(findings->len, >, 0);
        g_assert_null(find(findings, rows[i].id));
    }
}

static void
every_rule_is_held(void)
{
    for (const SpRule *rule = sp_rules(); rule->id != NULL; rule++) {
        gboolean is_held = FALSE;

        for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
            is_held = is_held || g_str_equal(rows[i].id, rule->id);
        }
        g_test_message("%s", rule->id);
        g_assert_true(is_held);
    }
}

static void
the_verdict_follows_its_rules(void)
{
    static const struct {
        const char *words;
        SpVerdict verdict;
    } cases[] = {
        {"", SP_VERDICT_IN_SYNC},
        {"sharepoint-l=crop:200", SP_VERDICT_IN_SYNC},
        {"viva-engage=skipped", SP_VERDICT_IN_SYNC},
        {"directory=none", SP_VERDICT_IN_SYNC},
        {"exchange=none licence=no", SP_VERDICT_IN_SYNC},
        {"exchange=none", SP_VERDICT_OUT_OF_SYNC},
        {"exchange=blocked", SP_VERDICT_INCOMPLETE},
        {"viva-engage=invalid", SP_VERDICT_INCOMPLETE},
        {"sharepoint-l=burst:48", SP_VERDICT_INCOMPLETE},
        {"sharepoint-l=old:200 viva-engage=unreachable", SP_VERDICT_OUT_OF_SYNC},
        {"graph=none exchange=none sharepoint-l=none viva-engage=none", SP_VERDICT_NO_PHOTO},
        {"graph=none exchange=none sharepoint-l=none viva-engage=denied", SP_VERDICT_INCOMPLETE},
        {"graph=none exchange=none sharepoint-l=none viva-engage=none file=new:240",
         SP_VERDICT_OUT_OF_SYNC},
        {"graph=skipped exchange=skipped sharepoint-l=skipped viva-engage=skipped file=new:240",
         SP_VERDICT_INCOMPLETE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Scene) scene = scene_new(cases[i].words);
        SpVerdict verdict = sp_diagnose_verdict(&scene->evidence);
        g_autofree char *headline = sp_diagnose_headline(&scene->evidence);

        g_test_message("%s: %s", cases[i].words, headline);
        g_assert_cmpstr(sp_verdict_name(verdict), ==, sp_verdict_name(cases[i].verdict));
        g_assert_cmpstr(headline, !=, "");
    }
}

static void
the_sentence_names_services_and_dates(void)
{
    g_autoptr(Scene) scene = scene_new("sharepoint-l=old:200 fetched=-40d");
    g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);
    const SpFinding *finding = g_ptr_array_index(findings, 0);
    g_autofree char *headline = sp_diagnose_headline(&scene->evidence);

    g_assert_cmpstr(finding->summary, ==,
                    "SharePoint still shows the photo that it fetched on 13 October; the newer one "
                    "is in graph, exchange and viva-engage");
    g_assert_cmpstr(headline, ==,
                    "Not the same photo everywhere: another one in SharePoint than in graph, "
                    "exchange and viva-engage");
}

/* Three files that were deleted, or a picture that was cleared, had been fetched. */
static void
a_picture_that_is_gone_was_fetched_once(void)
{
    static const struct {
        const char *words;
        const char *says;
    } cases[] = {
        {"sharepoint-l=none", "is gone"},
        {"sharepoint-l=none fetched=never picture-url=https://my.example/a_MThumb.jpg", "is gone"},
        {"sharepoint-l=none fetched=never picture-url=", "has never fetched"},
        {"sharepoint-l=silhouette fetched=never", "has never fetched"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Scene) scene = scene_new(cases[i].words);
        g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);
        const SpFinding *finding = find(findings, "sharepoint-never-synced");

        g_assert_nonnull(finding);
        g_test_message("%s: %s", cases[i].words, finding->summary);
        g_assert_nonnull(strstr(finding->summary, cases[i].says));
    }
}

static void
sentences_name_services_in_their_middle(void)
{
    g_autoptr(Scene) scene = scene_new("sharepoint-l=old:200 file=new:240 directory=unreachable");
    g_autofree char *headline = sp_diagnose_headline(&scene->evidence);
    g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);

    g_assert_true(g_str_has_suffix(headline, " and your file"));
    g_assert_true(g_str_has_prefix(find(findings, "unreachable")->summary,
                                   "The directory could not be reached"));
}

/* Nadia's other shot of the moment, at 48 pixels, is in no group. */
static void
the_headline_sets_out_from_a_photo_in_a_group(void)
{
    g_autoptr(Scene) scene =
        scene_new("graph=denied exchange=burst:48 sharepoint-l=new:200 viva-engage=old:120");
    g_autofree char *headline = sp_diagnose_headline(&scene->evidence);

    g_assert_cmpint(sp_groups_of(scene->groups, 1), ==, SP_GROUP_NONE);
    g_assert_cmpstr(headline, ==,
                    "Not the same photo everywhere: another one in viva-engage than in SharePoint");
}

/* SharePoint's three sizes are one name. */
static void
verbs_agree_with_the_number_of_services(void)
{
    static const struct {
        const char *words;
        const char *id;
        const char *says;
    } cases[] = {
        {"sharepoint-s=throttled sharepoint-m=throttled sharepoint-l=throttled", "throttled",
         "read it again"},
        {"sharepoint-l=throttled viva-engage=throttled", "throttled", "read them again"},
        {"sharepoint-l=burst:48", "unsure-look-alike", "Whether SharePoint shows"},
        {"sharepoint-l=burst:48 exchange=burst:48", "unsure-look-alike",
         "exchange and SharePoint show the same photo cannot be told from the pictures: they look"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Scene) scene = scene_new(cases[i].words);
        g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);
        const SpFinding *finding = find(findings, cases[i].id);

        g_assert_nonnull(finding);
        g_test_message("%s", finding->summary);
        g_assert_nonnull(strstr(finding->summary, cases[i].says));
    }
}

static void
what_is_refused_alike_is_said_once(void)
{
    g_autoptr(Scene) scene =
        scene_new("sharepoint-s=denied sharepoint-m=denied sharepoint-l=denied viva-engage=denied");
    g_autoptr(GPtrArray) findings = NULL;
    const SpFinding *finding;

    for (guint i = 0; i < scene->copies->len; i++) {
        SpCopy *copy = scene->copies->pdata[i];

        if (copy->status == SP_COPY_DENIED) {
            copy->error = g_strdup_printf("%s: no (HTTP 403)", copy->title);
        }
        set_fact(scene, copy->service, SP_FACT_ERROR_CODE, "accessDenied");
    }
    findings = sp_diagnose(&scene->evidence);
    finding = find(findings, "access-denied");
    g_assert_cmpuint(g_strv_length(finding->evidence), ==, 2);
    g_assert_true(g_strv_contains((const char *const *) finding->evidence,
                                  "viva-engage: no (HTTP 403)"));
    g_assert_true(g_strv_contains((const char *const *) finding->evidence,
                                  "SharePoint L, S, M: no (HTTP 403)"));
}

static void
a_wait_says_until_when(void)
{
    g_autoptr(Scene) scene = scene_new("sharepoint-l=old:200 fetched=-6h");
    g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);
    const SpFinding *finding = g_ptr_array_index(findings, 0);
    g_autofree char *when = g_date_time_format_iso8601(finding->recheck_after);

    g_assert_cmpint(finding->severity, ==, SP_SEVERITY_WAIT);
    g_assert_cmpstr(when, ==, "2026-11-23T03:00:00Z");
}

static void
what_has_not_arrived_is_not_judged(void)
{
    g_autoptr(Scene) scene = scene_new("");
    SpCopy *early[] = {scene->copies->pdata[0], NULL, NULL, NULL};
    g_autoptr(SpGroups) groups =
        sp_groups_new((SpPhoto *[]){early[0]->photo, NULL, NULL, NULL}, 4, 0);
    SpEvidence evidence = scene->evidence;

    evidence.copies = early;
    evidence.groups = groups;
    g_autoptr(GPtrArray) findings = sp_diagnose(&evidence);
    g_assert_cmpint(sp_diagnose_verdict(&evidence), ==, SP_VERDICT_INCOMPLETE);
    g_assert_null(find(findings, "in-sync"));
    g_assert_nonnull(find(findings, "nothing-read"));
    evidence.groups = NULL;
    g_autoptr(GPtrArray) ungrouped = sp_diagnose(&evidence);
    g_assert_cmpuint(ungrouped->len, >, 0);
}

/* A record that came in a case file may lack the person, or name a time that no calendar holds. */
static void
every_scene_is_diagnosed_without_a_person(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Scene) scene = scene_new(rows[i].decided);
        SpEvidence evidence = scene->evidence;

        evidence.person = NULL;
        evidence.policy = NULL;
        g_test_message("%s", rows[i].decided);
        g_autoptr(GPtrArray) findings = sp_diagnose(&evidence);
        g_autoptr(GPtrArray) views = sp_diagnose_views(&evidence);
        g_auto(GStrv) forecast = sp_diagnose_forecast(&evidence);
        g_autofree char *headline = sp_diagnose_headline(&evidence);

        g_assert_cmpuint(findings->len, >, 0);
    }
}

static void
a_time_at_the_end_of_the_calendar_is_none(void)
{
    g_autoptr(Scene) scene = scene_new("sharepoint-l=old:200 fetched=2912116d");
    g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);
    g_auto(GStrv) forecast = sp_diagnose_forecast(&scene->evidence);

    g_assert_null(find(findings, "sharepoint-not-yet"));
    g_assert_nonnull(find(findings, "copies-differ"));
}

static const SpView *
view_of(GPtrArray *views, const char *app)
{
    for (guint i = 0; i < views->len; i++) {
        const SpView *view = g_ptr_array_index(views, i);

        if (g_str_equal(view->app, app)) {
            return view;
        }
    }
    g_assert_not_reached();
}

static void
each_app_is_told_by_its_store(void)
{
    g_autoptr(Scene) scene =
        scene_new("sharepoint-l=old:200 exchange=denied viva-engage=none directory=old:96");
    g_autoptr(GPtrArray) views = sp_diagnose_views(&scene->evidence);

    g_assert_cmpuint(views->len, >=, 6);
    g_assert_cmpstr(view_of(views, "Outlook")->service, ==, "graph");
    g_assert_cmpint(view_of(views, "Outlook")->group, ==, 0);
    g_assert_cmpint(view_of(views, "SharePoint page")->group, ==, 1);
    g_assert_cmpint(view_of(views, "Viva Engage")->group, ==, SP_GROUP_NONE);
    g_assert_nonnull(strstr(view_of(views, "Viva Engage")->says, "silhouette"));
    g_assert_cmpint(view_of(views, "Outlook with an on-premises mailbox")->group, ==, 1);
    g_assert_nonnull(strstr(view_of(views, "Teams")->says, "60 days"));
}

/* Nobody is sent to upload a photo where that is refused or makes no sense. */
static void
steps_that_would_fail_are_not_given(void)
{
    static const char none[] = "graph=none exchange=none sharepoint-l=none viva-engage=none";
    static const struct {
        const char *words;
        const char *says;
        const char *not_id;
    } cases[] = {
        {"", "no-photo", "policy-roles"},
        {"restricted=yes", "policy-roles", "no-photo"},
        {"source=on-premises", "policy-on-premises", "no-photo"},
        {"created=-1h", "just-created", "no-photo"},
        {"name=a_b.example#EXT#@norvane.onmicrosoft.com", "guest", "no-photo"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = g_strjoin(" ", none, cases[i].words, NULL);
        g_autoptr(Scene) scene = scene_new(g_strstrip(words));
        g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);

        g_test_message("%s", words);
        g_assert_nonnull(find(findings, cases[i].says));
        g_assert_null(find(findings, cases[i].not_id));
    }
}

static void
the_forecast_names_what_will_change(void)
{
    static const struct {
        const char *words;
        const char *says;
        const char * not ;
    } cases[] = {
        {"", "No synchronisation will change", "SharePoint fetches"},
        {"sharepoint-l=old:200", "SharePoint fetches the photo when Anna Keller next opens", NULL},
        {"sharepoint-l=old:200 fetched=-6h", "after 23 November", NULL},
        {"sharepoint-l=old:200 sync-state=0", "switched off", "SharePoint fetches"},
        {"sharepoint-l=old:200 enabled=no", "the account is disabled", "SharePoint fetches"},
        {"sharepoint-l=old:200 synced=yes licence=no exchange=new:240",
         "the mailbox is not in the cloud", "SharePoint fetches"},
        {"graph=none exchange=none sharepoint-l=old:200", "old copy goes when Anna Keller",
         "SharePoint fetches"},
        {"viva-engage=none", "Viva Engage fetches", "SharePoint fetches"},
        {"synced=yes source=on-premises directory=old:96", "replaces the photo in the cloud",
         "never writes"},
        {"synced=yes source=on-premises directory=old:96 directory-bytes=150000", "Apps may keep",
         "replaces"},
        {"synced=yes source=cloud directory=old:96", "never writes", "replaces"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Scene) scene = scene_new(cases[i].words);
        g_auto(GStrv) forecast = sp_diagnose_forecast(&scene->evidence);
        g_autofree char *all = g_strjoinv("\n", forecast);

        g_test_message("%s: %s", cases[i].words, all);
        g_assert_nonnull(strstr(all, cases[i].says));
        g_assert_true(cases[i].not == NULL || strstr(all, cases[i].not ) == NULL);
    }
}

/* What an account is, or lacks, keeps SharePoint behind; it is no word about the other copies. */
static void
an_account_explains_sharepoint_only(void)
{
    static const char *const accounts[] = {
        "licence=no exchange=none", "enabled=no",
        "name=a_b.example#EXT#@norvane.onmicrosoft.com licence=no exchange=none"};
    static const struct {
        const char *words;
        const char *id;
        gboolean is_told;
    } cases[] = {
        {"synced=yes directory=old:200", "copies-differ", TRUE},
        {"synced=yes directory=old:200 sharepoint-l=old:200 fetched=never", "copies-differ", FALSE},
        {"graph=new:96 exchange=skipped", "low-resolution-only", TRUE},
        {"graph=new:96 exchange=skipped sharepoint-l=old:200 fetched=never", "low-resolution-only",
         FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(accounts) * G_N_ELEMENTS(cases); i++) {
        gsize n = i % G_N_ELEMENTS(cases);
        g_autofree char *words =
            g_strjoin(" ", accounts[i / G_N_ELEMENTS(cases)], cases[n].words, NULL);
        g_autoptr(Scene) scene = scene_new(words);
        g_autoptr(GPtrArray) findings = sp_diagnose(&scene->evidence);

        g_test_message("%s: %s", words, cases[n].id);
        g_assert_cmpint(find(findings, cases[n].id) != NULL, ==, cases[n].is_told);
    }
}

static SpPlaybook *
load(const char *language)
{
    g_autoptr(GError) error = NULL;
    SpPlaybook *playbook = sp_playbook_load("profile-photo", language, &error);

    g_assert_no_error(error);
    g_auto(GStrv) faults = sp_playbook_lint(playbook);
    g_assert_cmpstr(faults[0], ==, NULL);
    return playbook;
}

/* The same steps in both languages: who, what is read again and for how long, what is played. */
static void
assert_same_steps(const SpSection *left, const SpSection *right)
{
    g_assert_cmpuint(left->steps->len, ==, right->steps->len);
    for (guint i = 0; i < left->steps->len; i++) {
        const SpStep *one = g_ptr_array_index(left->steps, i);
        const SpStep *other = g_ptr_array_index(right->steps, i);

        g_assert_cmpstr(one->text, !=, other->text);
        g_assert_cmpint(one->actor, ==, other->actor);
        g_assert_cmpint(one->wait_s, ==, other->wait_s);
        g_assert_cmpstr(one->play, ==, other->play);
        g_assert_true((one->say == NULL) == (other->say == NULL));
        g_assert_true(
            g_strv_equal((const char *const *) one->verify, (const char *const *) other->verify));
    }
}

static void
every_finding_has_its_section_in_both_languages(void)
{
    g_autoptr(SpPlaybook) english = load("en");
    g_autoptr(SpPlaybook) french = load("fr");

    for (const SpRule *rule = sp_rules(); rule->id != NULL; rule++) {
        const SpSection *section = sp_playbook_find_section(english, rule->section);
        const SpSection *other = sp_playbook_find_section(french, rule->section);

        g_test_message("%s", rule->id);
        g_assert_nonnull(section);
        g_assert_nonnull(other);
        g_assert_cmpuint(section->steps->len, >, 0);
        g_assert_true(g_strv_contains((const char *const *) section->when, rule->id));
        g_assert_true(g_strv_contains((const char *const *) other->when, rule->id));
        assert_same_steps(section, other);
    }
    g_assert_cmpuint(sp_playbook_count_steps(english), ==, sp_playbook_count_steps(french));
}

static void
the_documented_steps_are_all_there(void)
{
    static const char *const languages[] = {"en", "fr"};

    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
        g_autoptr(SpPlaybook) playbook = load(languages[i]);
        const SpSection *add = sp_playbook_find_section(playbook, "add-photo");
        const SpSection *differs = sp_playbook_find_section(playbook, "sharepoint-differs");

        g_assert_cmpuint(add->steps->len, ==, 4);
        g_assert_cmpuint(g_strv_length(add->notes), >=, 1);
        g_assert_cmpuint(differs->steps->len, ==, 4);
        g_assert_true(
            g_strv_contains((const char *const *) differs->links,
                            "https://support.office.com/article/"
                            "information-about-profile-picture-synchronization-in-office-365-"
                            "20594d76-d054-4af4-a660-401133e3d48a"));
    }
}

int
main(int argc, char **argv)
{
    g_setenv("TZ", "UTC", TRUE);
    g_test_init(&argc, &argv, NULL);
    photos =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) sp_photo_unref);
    g_test_add_func("/diagnose/evidence-decides-each-finding", evidence_decides_each_finding);
    g_test_add_func("/diagnose/its-neighbour-does-not", its_neighbour_does_not);
    g_test_add_func("/diagnose/every-rule-is-held", every_rule_is_held);
    g_test_add_func("/diagnose/the-verdict-follows-its-rules", the_verdict_follows_its_rules);
    g_test_add_func("/diagnose/sentences-name-services-in-their-middle",
                    sentences_name_services_in_their_middle);
    g_test_add_func("/diagnose/a-picture-that-is-gone-was-fetched-once",
                    a_picture_that_is_gone_was_fetched_once);
    g_test_add_func("/diagnose/the-headline-sets-out-from-a-photo-in-a-group",
                    the_headline_sets_out_from_a_photo_in_a_group);
    g_test_add_func("/diagnose/verbs-agree-with-the-number-of-services",
                    verbs_agree_with_the_number_of_services);
    g_test_add_func("/diagnose/what-is-refused-alike-is-said-once",
                    what_is_refused_alike_is_said_once);
    g_test_add_func("/diagnose/the-sentence-names-services-and-dates",
                    the_sentence_names_services_and_dates);
    g_test_add_func("/diagnose/a-wait-says-until-when", a_wait_says_until_when);
    g_test_add_func("/diagnose/what-has-not-arrived-is-not-judged",
                    what_has_not_arrived_is_not_judged);
    g_test_add_func("/diagnose/every-scene-is-diagnosed-without-a-person",
                    every_scene_is_diagnosed_without_a_person);
    g_test_add_func("/diagnose/a-time-at-the-end-of-the-calendar-is-none",
                    a_time_at_the_end_of_the_calendar_is_none);
    g_test_add_func("/diagnose/each-app-is-told-by-its-store", each_app_is_told_by_its_store);
    g_test_add_func("/diagnose/steps-that-would-fail-are-not-given",
                    steps_that_would_fail_are_not_given);
    g_test_add_func("/diagnose/an-account-explains-sharepoint-only",
                    an_account_explains_sharepoint_only);
    g_test_add_func("/diagnose/the-forecast-names-what-will-change",
                    the_forecast_names_what_will_change);
    g_test_add_func("/diagnose/every-finding-has-its-section-in-both-languages",
                    every_finding_has_its_section_in_both_languages);
    g_test_add_func("/diagnose/the-documented-steps-are-all-there",
                    the_documented_steps_are_all_there);
    int result = g_test_run();
    g_hash_table_unref(photos);
    return result;
}
