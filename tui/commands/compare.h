#ifndef SAMEPHOTO_TUI_COMMANDS_COMPARE_H
#define SAMEPHOTO_TUI_COMMANDS_COMPARE_H

/* What `samephoto compare` and the Compare screen say about two pictures. */

#include <glib.h>
#include <json-c/json.h>

#include "core/photo/compare.h"

/* Adds verdict, similarity, why, placeholders, parts, turns and measures to a JSON object. */
void ui_comparison_add_to_json(const SpComparison *comparison, struct json_object *object);

/* The page that explains the numbers: the verdict, every measure with its threshold and its vote,
 * how the method goes and how it did on the shipped pairs. Several lines of plain text, translated.
 * Transfer full. */
char *ui_comparison_explain(const SpComparison *comparison);

#endif
