extension SkyModel {
  /// Looks at every setting.
  func check() throws(SimulationError) {
    try densities.check()
    try clusters.check()
    try magnitudes.check()
    if case .plane(let height, let least) = profile {
      try require(height, "plane-height", above: 0, "degrees")
      try require(1 / least, "plane-contrast", 1...1e9)
    }
    try require(motionMasPerYear, "motion", 0...100_000, "mas/yr")
    try a.check(suffix: "-a")
    try b.check(suffix: "-b")
  }
}

extension KindDensities {
  fileprivate func check() throws(SimulationError) {
    try require(both, "counterparts", 0...1e12, "per square degree")
    try require(onlyA, "only-a", 0...1e12, "per square degree")
    try require(onlyB, "only-b", 0...1e12, "per square degree")
  }
}

extension ClusterModel {
  fileprivate func check() throws(SimulationError) {
    try require(fraction, "clustered", 0...1)
    try require(members, "cluster-members", 1...1e5)
    try require(radiusArcsec, "cluster-radius", 1e-3...3600, "arcsec")
  }
}

extension MagnitudeModel {
  fileprivate func check() throws(SimulationError) {
    // What the law of b follows from comes first.
    try require(color, "color", -50...50, "mag")
    try require(colorSlope, "color-slope", -5...5)
    for (prefix, law) in [("", counterparts), ("only-a-", lawOnlyA), ("only-b-", lawOnlyB)] {
      try require(law.slope, prefix + "slope", -2...2, "dex/mag")
      try require(law.range.lowerBound, prefix + "mag", -50...100, "mag")
      try require(law.range.upperBound, prefix + "mag", -50...100, "mag")
    }
    try require(colorScatter, "color-scatter", 0...20, "mag")
    try require(bandScatter, "band-scatter", 0...20, "mag")
  }
}

extension CatalogueModel {
  fileprivate func check(suffix: String) throws(SimulationError) {
    try checkBands(suffix)
    try require(position.sigmaArcsec, "sigma" + suffix, 1e-6...60, "arcsec")
    try require(position.scatter, "sigma-scatter" + suffix, 0...2, "dex")
    try require(position.largestAxisRatio, "axis-ratio" + suffix, 1...100)
    try require(position.underestimate, "underestimate" + suffix, 0.01...100)
    try require(photometry.floor, "mag-error" + suffix, 0...10, "mag")
    try require(limitWidth, "limit-width" + suffix, 0...20, "mag")
    try require(missing, "missing" + suffix, 0...1)
    try require(epochYears, "epoch" + suffix, 1500...2500, "a Julian year")
    try require(motionErrorMasPerYear ?? 0, "motion-error" + suffix, 0...100_000, "mas/yr")
    try require(limit ?? 0, "limit" + suffix, -50...100, "mag")
    try require(photometry.depth ?? 0, "depth" + suffix, -50...100, "mag")
    try require(position.knee ?? 0, "sigma-knee" + suffix, -50...100, "mag")
  }

  private func checkBands(_ suffix: String) throws(SimulationError) {
    let names = bands.map { $0.name.lowercased() }
    guard !bands.isEmpty, Set(names).count == names.count else {
      throw SimulationError(setting: "bands" + suffix, message: "needs at least one band, each with a name of its own")
    }
    for band in bands {
      guard band.isNameValid else {
        throw SimulationError(
          setting: "bands" + suffix,
          message: "has the band '\(band.name)'; allowed: up to 6 letters and digits, a letter first")
      }
      try require(band.offset, "bands" + suffix, -50...50, "mag")
    }
  }
}

extension SimulatedBand {
  var isNameValid: Bool {
    guard (1...6).contains(name.utf8.count), let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}

func require(
  _ value: Double, _ setting: String, _ range: ClosedRange<Double>, _ unit: String = ""
) throws(SimulationError) {
  if range.contains(value) { return }
  throw SimulationError(
    setting: setting,
    message: "is \(value); allowed: \(range.lowerBound) to \(range.upperBound)" + (unit.isEmpty ? "" : " \(unit)"))
}

func require(
  _ value: Double, _ setting: String, above bound: Double, _ unit: String
) throws(SimulationError) {
  if value > bound && value.isFinite { return }
  throw SimulationError(setting: setting, message: "is \(value); allowed: more than \(bound) \(unit)")
}
