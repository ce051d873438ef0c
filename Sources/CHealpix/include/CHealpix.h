#ifndef XMDB_CHEALPIX_H
#define XMDB_CHEALPIX_H

// The part of libhealpix-cxx that Indexing needs, as C. NESTED scheme but for xhp_ring, orders 0 to 29, angles in degrees,
// vectors as x, y, z triples of unit length.
//
// No exception leaves these functions: each answers XHP_OK, or XHP_FAILED when the library refused its arguments. The
// caller passes valid orders, pixels and positions (finite, |declination| <= 90); right ascension may be any finite number.

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { XHP_OK = 0, XHP_FAILED = 1 };

/// The order-29 pixels of `count` positions. Exact to rounding at the poles as well.
int xhp_indices29(const double *ra_degrees, const double *dec_degrees, int64_t count, int64_t *pixels);

/// The centres of `count` pixels, 3 doubles each.
int xhp_centers(int order, const int64_t *pixels, int64_t count, double *xyz);

/// The centre of one pixel.
int xhp_center(int order, int64_t pixel, double *ra_degrees, double *dec_degrees);

/// The number of a pixel in the RING scheme.
int xhp_ring(int order, int64_t pixel, int64_t *ring);

/// The neighbours to the SW, W, NW, N, NE, E, SE and S; -1 where there is none.
int xhp_neighbours(int order, int64_t pixel, int64_t *eight);

/// Points on the border of a pixel, `step` to a side, from the north corner over west, south and east: 4 * step triples.
int xhp_border(int order, int64_t pixel, int64_t step, double *xyz);

/// The largest distance between the centre of any pixel of this order and its corners, radians.
int xhp_largest_pixel_radius(int order, double *radians);

#ifdef __cplusplus
}
#endif

#endif
