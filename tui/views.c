/* Every view's row. */
#include "tui/view.h"

static const UiViewOps *const views[UI_N_VIEWS] = {
    [UI_VIEW_START] = &ui_view_start,
    [UI_VIEW_GUIDE] = &ui_view_guide,
    [UI_VIEW_COMPARE] = &ui_view_compare,
    [UI_VIEW_CHECKLIST] = &ui_view_checklist,
};

const UiViewOps *
ui_view_ops(UiViewId id)
{
    return id < UI_N_VIEWS ? views[id] : NULL;
}
