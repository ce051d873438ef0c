extension CrowdedSkyModel {
  /// Looks at every setting.
  func check() throws(SimulationError) {
    try require(density, "density", 1e-6...1e9, "per square degree")
    try require(densityMagnitude, "density-mag", -50...100, "mag")
    try require(slope, "slope", 0.05...1, "dex/mag")
    try require(brightest, "brightest", -50...100, "mag")
    try require(hiddenDepth, "hidden-depth", 0...15, "mag")
    try require(color, "color", -50...50, "mag")
    try require(colorScatter, "color-scatter", 0...5, "mag")
    try a.check(suffix: "-a")
    try b.check(suffix: "-b")
    try require(b.limit - brightest, "limit-b", 0.1...60, "mag fainter than --brightest")
    try require(objectsPerDegree2(brightest...faintest), "density", 0...1e12, "per square degree, faint ones included")
    let inCircle =
      objectsPerDegree2(brightest...faintest) * max(a.blendArea, b.blendArea)
    try require(inCircle, "hidden-depth", 0...5000, "objects within the blend radius on average; it makes more of them")
  }
}

extension CrowdedCatalogueModel {
  fileprivate func check(suffix: String) throws(SimulationError) {
    guard SimulatedBand(band).isNameValid else {
      throw SimulationError(
        setting: "bands" + suffix,
        message: "is '\(band)'; allowed in a crowded sky: one band, up to 6 letters and digits, a letter first")
    }
    try require(fwhmArcsec, "fwhm" + suffix, 0.001...120, "arcsec")
    try require(limit, "limit" + suffix, -50...100, "mag")
    try require(limitWidth, "limit-width" + suffix, 0...2, "mag")
    try require(photometry.floor, "mag-error" + suffix, 1e-6...10, "mag")
    try require(photometry.depth ?? 0, "depth" + suffix, -50...100, "mag")
    try require(floorArcsec, "sigma" + suffix, 1e-6...60, "arcsec")
    try require(sigmaScatter, "sigma-scatter" + suffix, 0...2, "dex")
    try require(underestimate, "underestimate" + suffix, 0.01...100)
    try require(epochYears, "epoch" + suffix, 1500...2500, "a Julian year")
  }
}
