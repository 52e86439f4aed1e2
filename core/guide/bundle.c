/* One table says which columns travel and what kind of value each is; export and import both walk
 * it, so they cannot disagree. Ids of evidence are numbered anew on import. */

#include "core/guide/bundle.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/guide/session-private.h"
#include "core/i18n.h"
#include "core/photo/photo.h"
#include "core/text.h"
#include "core/write-file.h"

#define SCHEMA         "samephoto.bundle/1"
#define MAX_COLUMNS    24
#define MAX_CHARACTERS 8000

typedef enum {
    KIND_TEXT,
    KIND_LINES, /* text of several lines */
    KIND_NUMBER,
    KIND_RECORD,   /* the id of a row of evidence: numbered anew */
    KIND_DOCUMENT, /* JSON of ours */
    KIND_BYTES,    /* base64 of a picture, whose hash is the column before it */
} Kind;

typedef struct {
    const char *name;
    Kind kind;
    gboolean is_needed;
} Column;

typedef struct {
    const char *name;
    const char *where; /* which rows belong to session ?1 */
    guint max_rows;
    gboolean has_session; /* has a session_id, which is set to the new one */
    gboolean is_newer;    /* files of older versions have none */
    const char *order;    /* NULL: by the first column */
    Column columns[MAX_COLUMNS];
} Table;

static const Table tables[] = {
    {"session",
     "id = ?1",
     1,
     FALSE,
     FALSE,
     NULL,
     {{"uid", KIND_TEXT, TRUE},
      {"user", KIND_TEXT, FALSE},
      {"user_id", KIND_TEXT, FALSE},
      {"display_name", KIND_TEXT, FALSE},
      {"mail", KIND_TEXT, FALSE},
      {"playbook", KIND_TEXT, TRUE},
      {"title", KIND_TEXT, TRUE},
      {"language", KIND_TEXT, TRUE},
      {"ticket", KIND_TEXT, FALSE},
      {"agent", KIND_TEXT, TRUE},
      {"headline", KIND_TEXT, FALSE},
      {"started", KIND_NUMBER, TRUE},
      {"updated", KIND_NUMBER, TRUE},
      {"closed", KIND_NUMBER, FALSE},
      {"current", KIND_NUMBER, TRUE}}},
    {"evidence",
     "session_id = ?1",
     10000,
     TRUE,
     FALSE,
     NULL,
     {{"id", KIND_RECORD, TRUE},
      {"position", KIND_NUMBER, FALSE},
      {"at", KIND_NUMBER, TRUE},
      {"agent", KIND_TEXT, TRUE},
      {"document", KIND_DOCUMENT, TRUE}}},
    {"step",
     "session_id = ?1",
     2000,
     TRUE,
     FALSE,
     NULL,
     {{"position", KIND_NUMBER, TRUE},    {"section_id", KIND_TEXT, TRUE},
      {"section_title", KIND_TEXT, TRUE}, {"text", KIND_TEXT, TRUE},
      {"detail", KIND_LINES, FALSE},      {"actor", KIND_TEXT, TRUE},
      {"verify", KIND_TEXT, TRUE},        {"wait", KIND_TEXT, FALSE},
      {"wait_s", KIND_NUMBER, TRUE},      {"url", KIND_TEXT, FALSE},
      {"play", KIND_TEXT, FALSE},         {"say", KIND_TEXT, FALSE},
      {"state", KIND_TEXT, TRUE},         {"by_hand", KIND_NUMBER, TRUE},
      {"skip_reason", KIND_TEXT, TRUE},   {"note", KIND_LINES, FALSE},
      {"changed", KIND_NUMBER, FALSE},    {"changed_by", KIND_TEXT, FALSE},
      {"wait_until", KIND_NUMBER, FALSE}, {"proof", KIND_TEXT, FALSE},
      {"before_id", KIND_RECORD, FALSE},  {"after_id", KIND_RECORD, FALSE}}},
    {"log",
     "session_id = ?1",
     100000,
     TRUE,
     FALSE,
     "id",
     {{"at", KIND_NUMBER, TRUE},
      {"agent", KIND_TEXT, TRUE},
      {"position", KIND_NUMBER, FALSE},
      {"event", KIND_TEXT, TRUE},
      {"text", KIND_LINES, FALSE}}},
    {"overrule",
     "session_id = ?1",
     1000,
     TRUE,
     TRUE,
     "id",
     {{"left_service", KIND_TEXT, TRUE},
      {"right_service", KIND_TEXT, TRUE},
      {"at", KIND_NUMBER, TRUE},
      {"agent", KIND_TEXT, TRUE},
      {"taken_back", KIND_NUMBER, FALSE},
      {"taken_back_by", KIND_TEXT, FALSE}}},
    {"picture",
     "sha256 IN (SELECT p.sha256 FROM evidence_picture p JOIN evidence e ON e.id = p.evidence_id"
     " WHERE e.session_id = ?1)",
     2000,
     FALSE,
     FALSE,
     NULL,
     {{"sha256", KIND_TEXT, TRUE}, {"bytes", KIND_BYTES, TRUE}}},
    {"evidence_picture",
     "evidence_id IN (SELECT id FROM evidence WHERE session_id = ?1)",
     40000,
     FALSE,
     FALSE,
     NULL,
     {{"evidence_id", KIND_RECORD, TRUE},
      {"service", KIND_TEXT, TRUE},
      {"sha256", KIND_TEXT, TRUE}}},
};

static char *
list_columns(const Table *table)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (const Column *column = table->columns; column->name != NULL; column++) {
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", column->name);
    }
    return g_string_free(g_steal_pointer(&names), FALSE);
}

/* ---- export ---- */

static SpJson *
value_to_json(sqlite3_stmt *row, int number, Kind kind)
{
    g_autofree char *text = NULL;

    if (sqlite3_column_type(row, number) == SQLITE_NULL) {
        return NULL;
    }
    if (kind == KIND_NUMBER || kind == KIND_RECORD) {
        return json_object_new_int64(sqlite3_column_int64(row, number));
    }
    text = kind == KIND_BYTES ? g_base64_encode(sqlite3_column_blob(row, number),
                                                (gsize) sqlite3_column_bytes(row, number))
                              : sp_column_text(row, number);
    return json_object_new_string(text);
}

static SpJson *
table_to_json(SpStore *store, gint64 session_id, const Table *table, GError **error)
{
    g_autofree char *columns = list_columns(table);
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM %s WHERE %s ORDER BY %s", columns, table->name,
                        table->where, table->order == NULL ? "1" : table->order);
    g_autoptr(sqlite3_stmt) statement = sp_store_prepare(store, sql, error);
    g_autoptr(SpJson) rows = json_object_new_array();
    g_autoptr(GError) local = NULL;

    if (statement == NULL) {
        return NULL;
    }
    sp_bind_int(statement, 1, session_id);
    while (sp_store_step(store, statement, &local)) {
        SpJson *row = json_object_new_object();

        for (int i = 0; table->columns[i].name != NULL; i++) {
            json_object_object_add(row, table->columns[i].name,
                                   value_to_json(statement, i, table->columns[i].kind));
        }
        json_object_array_add(rows, row);
    }
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    return g_steal_pointer(&rows);
}

gboolean
sp_bundle_export(SpSession *session, const char *path, GError **error)
{
    g_autoptr(SpJson) json = json_object_new_object();
    g_autoptr(GError) local = NULL;
    const char *text;

    if (!sp_session_open_change(session, error) ||
        !sp_session_finish_change(session, -1, "exported", NULL, error)) {
        return FALSE;
    }
    sp_json_add_string(json, "schema", SCHEMA);
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        SpJson *rows = table_to_json(session->store, session->id, &tables[i], error);

        if (rows == NULL) {
            return FALSE;
        }
        json_object_object_add(json, tables[i].name, rows);
    }
    text = json_object_to_json_string_ext(json,
                                          JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    if (!sp_write_file(path, text, &local)) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE, _("the case could not be written: %s"),
                    local->message);
        return FALSE;
    }
    return TRUE;
}

/* ---- import ---- */

typedef struct {
    SpStore *store;
    gint64 session_id;
    GHashTable *records; /* gint64 of the file -> gint64 here */
} Import;

static gboolean
refuse(const Table *table, const char *why, GError **error)
{
    g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("this is no whole case file (%s: %s)"),
                table->name, why);
    return FALSE;
}

static char *
clean_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 1000);

    for (guint i = 0; lines[i] != NULL; i++) {
        gsize indent = strspn(lines[i], " ");
        g_autofree char *blanks = g_strnfill(MIN(indent, 40), ' ');
        g_autofree char *clean = sp_text_clean(lines[i], -1, MAX_CHARACTERS);

        g_free(lines[i]);
        lines[i] = g_strconcat(blanks, clean, NULL);
    }
    return g_strjoinv("\n", lines);
}

/* A record must be JSON again; it is written anew, without what JSON does not need. */
static char *
clean_document(const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    g_autoptr(SpJson) json = sp_json_parse(bytes, "evidence", NULL);

    if (!json_object_is_type(json, json_type_object)) {
        return NULL;
    }
    return g_strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
                                                             JSON_C_TO_STRING_NOSLASHESCAPE));
}

static gboolean
bind_bytes(sqlite3_stmt *statement, int number, const char *text, const char *sha256)
{
    gsize length = 0;
    g_autofree guchar *data = g_base64_decode(text, &length);
    g_autofree char *actual = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, length);

    if (length > SP_PHOTO_MAX_BYTES || g_strcmp0(actual, sha256) != 0) {
        return FALSE;
    }
    sqlite3_bind_blob64(statement, number, data, length, SQLITE_TRANSIENT);
    return TRUE;
}

/* NULL where it is not what it should be. */
static char *
clean_value(const char *text, Kind kind)
{
    switch (kind) {
    case KIND_DOCUMENT: return clean_document(text);
    case KIND_LINES: return clean_lines(text);
    default: return sp_text_clean(text, -1, MAX_CHARACTERS);
    }
}

static gboolean
bind_text(sqlite3_stmt *statement, int number, const Column *column, SpJson *row)
{
    const char *text = sp_json_string(row, column->name);
    g_autofree char *clean = NULL;

    if (text == NULL) {
        return FALSE;
    }
    if (column->kind == KIND_BYTES) {
        return bind_bytes(statement, number, text, sp_json_string(row, "sha256"));
    }
    clean = clean_value(text, column->kind);
    sp_bind_text(statement, number, clean);
    return clean != NULL;
}

/* The id here of a row of evidence that the file calls `id`; 0 where it has none. */
static gint64
map_record(const Import *import, gint64 id)
{
    const gint64 *found = g_hash_table_lookup(import->records, &id);

    return found == NULL ? 0 : *found;
}

static gboolean
bind_value(const Import *import, sqlite3_stmt *statement, int number, const Table *table,
           const Column *column, SpJson *row)
{
    SpJson *value = sp_json_member(row, column->name);
    gboolean is_own_id = column->kind == KIND_RECORD && strcmp(table->name, "evidence") == 0;

    if (value == NULL || is_own_id) {
        sqlite3_bind_null(statement, number);
        return value != NULL || !column->is_needed;
    }
    if (column->kind == KIND_NUMBER || column->kind == KIND_RECORD) {
        gint64 number_value = sp_json_int(row, column->name, -1);

        if (column->kind == KIND_RECORD) {
            number_value = map_record(import, number_value);
        }
        if (number_value < (column->kind == KIND_RECORD ? 1 : 0)) {
            return FALSE;
        }
        sp_bind_int(statement, number, number_value);
        return TRUE;
    }
    return bind_text(statement, number, column, row);
}

static sqlite3_stmt *
prepare_insert(const Import *import, const Table *table, GError **error)
{
    g_autofree char *columns = list_columns(table);
    g_autoptr(GString) sql = g_string_new(NULL);
    guint n = table->has_session ? 1 : 0;

    g_string_printf(sql, "INSERT INTO %s (%s%s) VALUES (", table->name, columns,
                    table->has_session ? ", session_id" : "");
    for (const Column *column = table->columns; column->name != NULL; column++) {
        n++;
    }
    for (guint i = 1; i <= n; i++) {
        g_string_append_printf(sql, "%s?%u", i > 1 ? ", " : "", i);
    }
    g_string_append_c(sql, ')');
    if (strcmp(table->name, "picture") == 0) {
        g_string_append(sql, " ON CONFLICT DO NOTHING");
    }
    return sp_store_prepare(import->store, sql->str, error);
}

static gboolean
import_row(Import *import, const Table *table, SpJson *row, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = prepare_insert(import, table, error);
    int number = 1;

    if (statement == NULL) {
        return FALSE;
    }
    for (const Column *column = table->columns; column->name != NULL; column++) {
        if (!bind_value(import, statement, number++, table, column, row)) {
            return refuse(table, column->name, error);
        }
    }
    if (table->has_session) {
        sp_bind_int(statement, number, import->session_id);
    }
    if (!sp_store_run(import->store, statement, error)) {
        return FALSE;
    }
    if (strcmp(table->name, "session") == 0) {
        import->session_id = sp_store_last_id(import->store);
    } else if (strcmp(table->name, "evidence") == 0) {
        gint64 *from = g_new(gint64, 1);
        gint64 *to = g_new(gint64, 1);

        *from = sp_json_int(row, "id", 0);
        *to = sp_store_last_id(import->store);
        g_hash_table_insert(import->records, from, to);
    }
    return TRUE;
}

static gboolean
import_table(Import *import, const Table *table, SpJson *json, GError **error)
{
    SpJson *rows = sp_json_member(json, table->name);
    gsize n_rows = sp_json_length(rows);

    if (rows == NULL && table->is_newer) {
        return TRUE;
    }
    if (!json_object_is_type(rows, json_type_array) || n_rows > table->max_rows ||
        (strcmp(table->name, "session") == 0 && n_rows != 1)) {
        return refuse(table, _("the number of rows"), error);
    }
    for (gsize i = 0; i < n_rows; i++) {
        SpJson *row = json_object_array_get_idx(rows, i);

        /* A step's place is its index everywhere else. */
        if (strcmp(table->name, "step") == 0 && sp_json_int(row, "position", -1) != (gint64) i) {
            return refuse(table, "position", error);
        }
        if (!import_row(import, table, row, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The id here of the case that the file is about; 0 where it is new. */
static gint64
find_here(const Import *import, SpJson *json)
{
    SpJson *sessions = sp_json_member(json, "session");
    SpJson *session = json_object_is_type(sessions, json_type_array)
                          ? json_object_array_get_idx(sessions, 0)
                          : NULL;
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(import->store, "SELECT id FROM session WHERE uid = ?1", NULL);

    if (statement == NULL) {
        return 0;
    }
    sp_bind_text(statement, 1, sp_json_string(session, "uid"));
    return sp_store_step(import->store, statement, NULL) ? sqlite3_column_int64(statement, 0) : 0;
}

/* Of a text that crossed over only what cleaning leaves came back. */
static gboolean
is_same_value(const Column *column, SpJson *left, SpJson *right)
{
    const char *one = sp_json_string(left, column->name);
    const char *other = sp_json_string(right, column->name);
    g_autofree char *clean = one == NULL ? NULL : clean_value(one, column->kind);
    g_autofree char *other_clean = other == NULL ? NULL : clean_value(other, column->kind);

    return column->kind == KIND_NUMBER
               ? sp_json_int(left, column->name, -1) == sp_json_int(right, column->name, -1)
               : g_strcmp0(clean, other_clean) == 0;
}

/* How many rows both begin with. */
static gsize
count_common(const Table *table, SpJson *left, SpJson *right)
{
    gsize length = MIN(sp_json_length(left), sp_json_length(right));

    for (gsize i = 0; i < length; i++) {
        for (const Column *column = table->columns; column->name != NULL; column++) {
            if (!is_same_value(column, json_object_array_get_idx(left, i),
                               json_object_array_get_idx(right, i))) {
                return i;
            }
        }
    }
    return length;
}

static const Table *
find_table(const char *name)
{
    const Table *table = tables;

    while (strcmp(table->name, name) != 0) {
        table++;
    }
    return table;
}

static gboolean
remove_session(SpStore *store, gint64 id, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        sp_store_prepare(store, "DELETE FROM session WHERE id = ?1", error);

    if (statement == NULL) {
        return FALSE;
    }
    sp_bind_int(statement, 1, id);
    return sp_store_run(store, statement, error);
}

/* A case that came back: the one here makes room only where the file's log goes on from its own, so
 * that no work is lost. */
static gboolean
make_room(const Import *import, SpJson *json, GError **error)
{
    gint64 here = find_here(import, json);
    const Table *table = find_table("log");
    SpJson *theirs = sp_json_member(json, "log");
    g_autoptr(SpJson) ours = here == 0 ? NULL : table_to_json(import->store, here, table, error);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, here);
    gsize n_common;

    if (here == 0 || ours == NULL) {
        return here == 0;
    }
    n_common = count_common(table, ours, theirs);
    if (n_common == sp_json_length(ours)) {
        return remove_session(import->store, here, error);
    }
    if (n_common == sp_json_length(theirs)) {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE,
                    _("this database has a newer state of the case already, as session %s"),
                    number);
    } else {
        g_set_error(error, SP_ERROR, SP_ERROR_STORE,
                    _("the case went on here, as session %s, and in the file: export that session "
                      "to keep it, delete it, then import the file"),
                    number);
    }
    return FALSE;
}

static gboolean
import_all(Import *import, SpJson *json, GError **error)
{
    if (!make_room(import, json, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (!import_table(import, &tables[i], json, error)) {
            return FALSE;
        }
    }
    return sp_record_drop_pictures(import->store, error);
}

static SpJson *
read_file(const char *path, GError **error)
{
    g_autoptr(SpJson) json = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *text = NULL;
    struct stat info;
    gsize length = 0;

    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("%s cannot be opened: %s"), path,
                    g_strerror(errno == 0 ? EINVAL : errno));
        return NULL;
    }
    if (info.st_size > SP_BUNDLE_MAX_BYTES) {
        g_set_error(error, SP_ERROR, SP_ERROR_TOO_LARGE,
                    _("%s is larger than a case may be (64 MiB)"), path);
        return NULL;
    }
    if (!g_file_get_contents(path, &text, &length, NULL)) {
        g_set_error(error, SP_ERROR, SP_ERROR_NOT_FOUND, _("%s cannot be read"), path);
        return NULL;
    }
    bytes = g_bytes_new_take(g_steal_pointer(&text), length);
    json = sp_json_parse(bytes, _("the case file"), error);
    if (json == NULL) {
        return NULL;
    }
    if (g_strcmp0(sp_json_string(json, "schema"), SCHEMA) != 0) {
        g_set_error(error, SP_ERROR, SP_ERROR_FORMAT, _("%s is no case file of samephoto"), path);
        return NULL;
    }
    return g_steal_pointer(&json);
}

SpSession *
sp_bundle_import(SpStore *store, const char *path, const char *agent, GError **error)
{
    g_autoptr(SpJson) json = read_file(path, error);
    g_autoptr(GHashTable) records =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_autoptr(SpSession) session = NULL;
    Import import = {.store = store, .records = records};

    if (json == NULL || !sp_store_begin(store, error)) {
        return NULL;
    }
    if (!import_all(&import, json, error) || !sp_store_commit(store, error)) {
        sp_store_undo(store);
        return NULL;
    }
    session = sp_session_load(store, import.session_id, error);
    if (session == NULL) {
        return NULL;
    }
    sp_session_set_agent(session, agent);
    if (!sp_session_open_change(session, error) ||
        !sp_session_finish_change(session, -1, "imported", NULL, error)) {
        return NULL;
    }
    return g_steal_pointer(&session);
}
