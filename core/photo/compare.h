#ifndef SAMEPHOTO_CORE_PHOTO_COMPARE_H
#define SAMEPHOTO_CORE_PHOTO_COMPARE_H

/* The relation of two pictures: is it the same photo, whatever size, encoding and crop a service
 * gave it? The method is that of reference similarity.md: two independent measures of the aligned
 * residual must agree, and between "same" and "different" lies an "unsure" band. Symmetric:
 * compare(a, b) and compare(b, a) give the same relation and similarity. Pure, blocking (4 to 13
 * ms). */

#include <glib.h>

#include "core/photo/photo.h"

typedef enum {
    SP_RELATION_IDENTICAL, /* the same bytes */
    SP_RELATION_SAME,      /* resized, re-encoded */
    SP_RELATION_RECROPPED, /* the same photo, another crop */
    SP_RELATION_EDITED,    /* mirrored, turned, or made black and white */
    SP_RELATION_DIFFERENT,
    SP_RELATION_UNSURE, /* the pixels cannot tell */
} SpRelation;

/* "identical", "same", …: the names in JSON and CSV; not translated. */
const char *sp_relation_name(SpRelation relation);

/* The word for people. Translated, borrowed. */
const char *sp_relation_title(SpRelation relation);

/* Whether the relation says "the same photo" (identical, same, recropped). */
gboolean sp_relation_is_same_photo(SpRelation relation);

/* A rectangle as shares (0..1) of a picture's width and height. A plain value. */
typedef struct {
    double x;
    double y;
    double width;
    double height;
} SpRect;

/* One measure of the method, how it came out and how it voted. A plain value. */
typedef struct {
    const char *name; /* "aligned distance", static */
    double value;     /* NaN where it was not needed */
    double threshold; /* the vote turns here */
    SpRelation vote;  /* what this measure alone would say */
} SpMeasure;

#define SP_COMPARISON_MAX_MEASURES 12

/* Everything there is to say about two pictures. Read-only for everybody but its maker. */
typedef struct {
    SpRelation relation;
    double similarity; /* 0..1; 1 only for identical bytes */
    char *why;         /* one sentence for people, translated */
    SpRect left_part;  /* the part of each picture that both show; whole unless recropped */
    SpRect right_part;
    int quarter_turns;    /* EDITED: turn the right picture so often clockwise … */
    gboolean is_mirrored; /* … after mirroring it left to right */
    SpPlaceholder left_placeholder;
    SpPlaceholder right_placeholder;
    SpMeasure measures[SP_COMPARISON_MAX_MEASURES];
    guint n_measures;
} SpComparison;

/* Transfer full. */
SpComparison *sp_compare(const SpPhoto *left, const SpPhoto *right);
void sp_comparison_free(SpComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpComparison, sp_comparison_free)

#endif
