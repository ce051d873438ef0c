import Glibc

/// An object in the blend of a brighter one: where it is from there, and its flux relative to it.
struct BlendMember: Hashable {
  let eastArcsec: Double
  let northArcsec: Double
  let flux: Double
}

/// What a catalogue measures of a source with unresolved neighbours, before noise.
struct BlendFit: Hashable {
  /// The measured position from that of the brightest object, arcsec.
  let eastArcsec: Double
  let northArcsec: Double
  /// The measured flux relative to that of the brightest object.
  let flux: Double

  /// The fit of one PSF to the sum of many, least squares with the same noise everywhere.
  ///
  /// With ψ(u) = exp(−|u|² / 4σ_P²), the overlap of two PSFs, the sum of squares is least where
  ///
  ///     S(δ) = ψ(δ) + Σ fᵢ ψ(xᵢ − δ)
  ///
  /// is greatest, and the fitted flux is S there. The maximum is the one uphill of the brightest object: mean-shift steps,
  /// which always lead uphill, then Newton's method where S is concave.
  ///
  /// - Source: Plewa & Sari (2018), their fit solved for all neighbours at once.
  init(psfOf members: [BlendMember], sigmaPSFArcsec: Double) {
    if members.isEmpty {
      (eastArcsec, northArcsec, flux) = (0, 0, 1)
      return
    }
    var surface = BlendSurface(members, scale: 1 / sigmaPSFArcsec)
    let flux = surface.climb()
    (eastArcsec, northArcsec, self.flux) = (surface.x * sigmaPSFArcsec, surface.y * sigmaPSFArcsec, flux)
  }

  /// The centre of light and the sum of all fluxes.
  init(lightOf members: [BlendMember]) {
    var (east, north, total) = (0.0, 0.0, 1.0)
    for member in members {
      east += member.flux * member.eastArcsec
      north += member.flux * member.northArcsec
      total += member.flux
    }
    (eastArcsec, northArcsec, flux) = (east / total, north / total, total)
  }
}

/// S(δ) in units of σ_P, and the place on it.
private struct BlendSurface {
  private let members: [BlendMember]
  private let scale: Double
  private(set) var x = 0.0
  private(set) var y = 0.0

  private static let meanShifts = 3
  private static let mostSteps = 500
  private static let longestStep = 0.5

  init(_ members: [BlendMember], scale: Double) {
    self.members = members
    self.scale = scale
  }

  /// S with its first two derivatives, and the step of mean shift: the weighted mean of the places of all objects.
  private struct Local {
    var value = 0.0
    var (gradientX, gradientY) = (0.0, 0.0)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)

    @inline(__always)
    mutating func add(_ flux: Double, _ dx: Double, _ dy: Double) {
      let weight = flux * exp(-(dx * dx + dy * dy) / 4)
      value += weight
      gradientX += weight * dx / 2
      gradientY += weight * dy / 2
      xx += weight * (dx * dx / 4 - 0.5)
      xy += weight * dx * dy / 4
      yy += weight * (dy * dy / 4 - 0.5)
    }

    var meanShift: (x: Double, y: Double) { (2 * gradientX / value, 2 * gradientY / value) }

    /// −H⁻¹ g where H is negative definite.
    var newton: (x: Double, y: Double)? {
      let determinant = xx * yy - xy * xy
      guard xx < 0, determinant > 0 else { return nil }
      let step = ((xy * gradientY - yy * gradientX) / determinant, (xy * gradientX - xx * gradientY) / determinant)
      return step.0 * step.0 + step.1 * step.1 <= longestStep * longestStep ? step : nil
    }
  }

  private func local(_ x: Double, _ y: Double) -> Local {
    var local = Local()
    local.add(1, -x, -y)
    for member in members { local.add(member.flux, member.eastArcsec * scale - x, member.northArcsec * scale - y) }
    return local
  }

  /// Goes to the maximum uphill of where it is and returns S there.
  mutating func climb() -> Double {
    var here = local(x, y)
    for count in 0..<Self.mostSteps {
      let newton = count < Self.meanShifts ? nil : here.newton
      var step = newton ?? here.meanShift
      var next = local(x + step.x, y + step.y)
      if newton != nil && next.value < here.value * (1 - 1e-15) {
        step = here.meanShift
        next = local(x + step.x, y + step.y)
      }
      (x, y, here) = (x + step.x, y + step.y, next)
      if step.x * step.x + step.y * step.y < 1e-26 { break }
    }
    return here.value
  }
}
