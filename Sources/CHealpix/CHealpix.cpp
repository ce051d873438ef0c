#include "CHealpix.h"

#include <cmath>
#include <vector>

#include <healpix_cxx/healpix_base.h>

namespace {

constexpr double kDegree = 3.141592653589793238462643383279502884197 / 180;

/// Opens the two conversions that take and give the sine of the colatitude: without it, positions within arcseconds of
/// a pole would be known no better than the rounding of cos(theta) near 1.
class Nested : public T_Healpix_Base<int64> {
 public:
  explicit Nested(int order) : T_Healpix_Base<int64>(order, NEST) {}
  using T_Healpix_Base<int64>::loc2pix;
  using T_Healpix_Base<int64>::pix2loc;
};

/// Runs `body` and turns any exception into a status.
template <typename Body>
int guarded(Body body) noexcept {
  try {
    body();
    return XHP_OK;
  } catch (...) {
    return XHP_FAILED;
  }
}

/// Right ascension in [0, 360): the same rule as SkyPosition's.
double wrapped(double ra) {
  if (ra >= 0 && ra < 360) return ra;
  double r = std::fmod(ra, 360.0);
  if (r < 0) r += 360;
  return r < 360 ? r : 0;
}

void store(const vec3 &v, double *xyz) {
  xyz[0] = v.x;
  xyz[1] = v.y;
  xyz[2] = v.z;
}

}  // namespace

int xhp_indices29(const double *ra, const double *dec, int64_t count, int64_t *pixels) {
  return guarded([=] {
    const Nested base(29);
    for (int64_t i = 0; i < count; ++i) {
      // 90 - |dec| is exact above 45 degrees, so this sine keeps its relative precision up to the pole.
      const bool polar = std::fabs(dec[i]) > 80;
      const double sth = polar ? std::sin((90 - std::fabs(dec[i])) * kDegree) : 0;
      pixels[i] = base.loc2pix(std::sin(dec[i] * kDegree), wrapped(ra[i]) * kDegree, sth, polar);
    }
  });
}

int xhp_centers(int order, const int64_t *pixels, int64_t count, double *xyz) {
  return guarded([=] {
    const Nested base(order);
    for (int64_t i = 0; i < count; ++i) store(base.pix2vec(pixels[i]), xyz + 3 * i);
  });
}

int xhp_center(int order, int64_t pixel, double *ra, double *dec) {
  return guarded([=] {
    double z, phi, sth;
    bool have_sth;
    Nested(order).pix2loc(pixel, z, phi, sth, have_sth);
    *ra = wrapped(phi / kDegree);
    // Near a pole through the small angle to it, so that no precision is lost there.
    *dec = have_sth ? std::copysign(90 - std::asin(sth) / kDegree, z) : std::asin(z) / kDegree;
  });
}

int xhp_ring(int order, int64_t pixel, int64_t *ring) {
  return guarded([=] { *ring = Nested(order).nest2ring(pixel); });
}

int xhp_neighbours(int order, int64_t pixel, int64_t *eight) {
  return guarded([=] {
    fix_arr<int64, 8> found;
    Nested(order).neighbors(pixel, found);
    for (int i = 0; i < 8; ++i) eight[i] = found[i];
  });
}

int xhp_border(int order, int64_t pixel, int64_t step, double *xyz) {
  return guarded([=] {
    std::vector<vec3> points;
    Nested(order).boundaries(pixel, step, points);
    for (size_t i = 0; i < points.size(); ++i) store(points[i], xyz + 3 * i);
  });
}

int xhp_largest_pixel_radius(int order, double *radians) {
  return guarded([=] { *radians = Nested(order).max_pixrad(); });
}
