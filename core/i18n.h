#ifndef SAMEPHOTO_CORE_I18N_H
#define SAMEPHOTO_CORE_I18N_H

/* Marks text for translation: _() translates now, N_() only marks (for tables of data), ngettext()
 * chooses the plural. The program binds the text domain once, in main; core only asks. */

#include <glib/gi18n.h>

#endif
