#include "tui/ask.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"

#define MAX_ANSWER_CHARACTERS 2000

char *
ui_ask(const char *question)
{
    char *buffer = NULL;
    size_t size = 0;
    ssize_t length;
    char *clean = NULL;

    g_print("%s ", question);
    fflush(stdout);
    length = getline(&buffer, &size, stdin);
    if (length >= 0) {
        clean = sp_text_clean(buffer, length, MAX_ANSWER_CHARACTERS);
    } else {
        g_print("\n");
    }
    free(buffer);
    return clean;
}
