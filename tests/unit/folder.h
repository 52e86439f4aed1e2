#ifndef SAMEPHOTO_TESTS_UNIT_FOLDER_H
#define SAMEPHOTO_TESTS_UNIT_FOLDER_H

/* A temporary folder that a test owns. */

#include <glib.h>

/* Transfer full. */
char *test_folder_new(void);

/* Removes it with all that is in it. */
void test_folder_free(char *folder);

#endif
